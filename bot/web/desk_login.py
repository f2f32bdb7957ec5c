"""Who may sit at the desk: a password, a signed cookie, and a token in every form."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.web.chat_shapes import Clean
from bot.web.limits import address_of
from bot.web.pages import render
from bot.web.parts import Parts, WithParts, parts_of
from bot.web.problems import Problem, documented
from bot.web.tokens import BadToken, DeskToken

COOKIE = "shopclerk_desk"
MAX_PASSWORD = 1_000

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse)


class LoginNeeded(Exception):
    """Nobody is logged in; the app sends the browser to the login page."""


def staff_of(request: Request) -> DeskToken:
    """The staff member whose cookie came.

    Raises:
        LoginNeeded: no cookie, or not a valid one.
    """
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        raise LoginNeeded
    try:
        return parts_of(request).tokens.read_desk(cookie)
    except BadToken:
        raise LoginNeeded from None


WithStaff = Annotated[DeskToken, Depends(staff_of)]


def staff_form(
    request: Request, staff: WithStaff, csrf: Annotated[str, Form(max_length=200)] = ""
) -> DeskToken:
    """The staff member who sent a form that this server gave them.

    Raises:
        Problem: the form came from elsewhere, or is older than the login.
    """
    request.app.state.origins.check(request)
    if not hmac.compare_digest(csrf.encode(), staff.csrf.encode()):
        raise Problem("form-expired", "The form is from before this login; load the page again.")
    return staff


StaffForm = Annotated[DeskToken, Depends(staff_form)]


@router.get("/desk/login", responses=documented())
async def login_page(request: Request, parts: WithParts) -> str:
    """Name and password."""
    return render(request, "desk_login.html", wrong=False, closed=_is_closed(parts))


@router.post("/desk/login", response_model=None, responses=documented(401, 403, 422, 429, 503))
async def log_in(
    request: Request,
    parts: WithParts,
    password: Annotated[Clean, Form(max_length=MAX_PASSWORD)] = "",
    name: Annotated[Clean, Form(max_length=60)] = "",
) -> HTMLResponse | RedirectResponse:
    """Check the password and hand out the cookie."""
    request.app.state.origins.check(request)
    await parts.limit(("login", address_of(request)))
    check = parts.config.check_password
    if check is None or not await parts.call(check, password):
        page = render(request, "desk_login.html", wrong=True, closed=_is_closed(parts))
        return HTMLResponse(page, 401 if check else 503)
    answer = RedirectResponse("/desk", 303)
    answer.set_cookie(
        COOKIE,
        parts.tokens.desk(" ".join(name.split()) or "Staff", parts.new_id()),
        max_age=parts.config.desk_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=parts.config.public_url.startswith("https://"),
    )
    return answer


@router.post("/desk/logout", response_model=None, responses=documented(403, 422))
async def log_out(staff: StaffForm) -> RedirectResponse:
    """Take the cookie back."""
    answer = RedirectResponse("/desk/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _is_closed(parts: Parts) -> bool:
    return parts.config.check_password is None
