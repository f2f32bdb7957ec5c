"""The desk's login: accounts, revocable session cookies, a CSRF token in every form."""

import hmac
import math
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute, note
from bot.http import Problem, WebContext, WithContext, address_of, context_of, documented, render
from feedback.desk import LONGEST_NAME, LONGEST_PASSWORD, Seat, login_of

COOKIE = "shopclerk_desk"
NOBODY = Seat("unknown", "", "staff", None)

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


class LoginNeeded(Exception):
    """Nobody is logged in; the app sends the browser to the login page."""


def staff_of(request: Request) -> Seat:
    """The staff member whose cookie came.

    Raises:
        LoginNeeded: no cookie, or one whose login has ended.
    """
    cookie = request.cookies.get(COOKIE)
    context = context_of(request)
    seat = context.accounts.seat(cookie, context.clock()) if cookie else None
    if seat is None:
        raise LoginNeeded
    request.state.seat = seat  # for the audit log, which notes what is refused as well
    return seat


WithStaff = Annotated[Seat, Depends(staff_of)]


def staff_form(
    request: Request, staff: WithStaff, csrf: Annotated[str, Form(max_length=200)] = ""
) -> Seat:
    """The staff member who sent a form that this server gave them.

    Raises:
        Problem: the form came from elsewhere, or is older than the login.
    """
    request.app.state.origins.check(request)
    if not hmac.compare_digest(csrf.encode("utf-8", "replace"), staff.csrf.encode()):
        raise Problem("form-expired", "The form is from before this login; load the page again.")
    return staff


StaffForm = Annotated[Seat, Depends(staff_form)]


def owner_of(staff: WithStaff) -> Seat:
    """The owner whose cookie came.

    Raises:
        Problem: it is a member of the staff's.
    """
    if staff.role != "owner":
        raise Problem("owners-only", "Ask an owner of this shop to do it, or to make you one.")
    return staff


WithOwner = Annotated[Seat, Depends(owner_of)]


def owner_form(_: WithOwner, staff: StaffForm) -> Seat:
    """The owner who sent a form that this server gave them."""
    return staff


OwnerForm = Annotated[Seat, Depends(owner_form)]


@router.get("/desk/login", responses=documented())
async def login_page(request: Request, context: WithContext) -> str:
    """Show the login form."""
    return _page(request, context, closed=await _is_closed(context))


@router.post("/desk/login", response_model=None, responses=documented(401, 403, 422, 429, 503))
async def log_in(
    request: Request,
    context: WithContext,
    password: Annotated[Clean, Form(max_length=LONGEST_PASSWORD)] = "",
    name: Annotated[Clean, Form(max_length=LONGEST_NAME)] = "",
) -> HTMLResponse | RedirectResponse:
    """Log in with name and password; the answer sets the session cookie."""
    request.app.state.origins.check(request)
    who = address_of(request)
    cookie = await context.limited([("login", who)], _try, context, name, password, who)
    if cookie is None:
        tried = await context.call(_tried, context, name)
        await note(context, tried, "log_in", outcome="refused", address=who)
        closed = await _is_closed(context)
        page = _page(request, context, closed=closed, wrong=True)
        return HTMLResponse(page, 503 if closed else 401)
    answer = RedirectResponse("/desk", 303)
    await let_in(answer, cookie, context, who)
    return answer


def _try(context: WebContext, name: str, password: str, who: str) -> str | None:
    """The cookie of a right pair; None: it is wrong, which is counted against this address.

    Raises:
        Problem: too many came from there; the password is not looked at.
    """
    now, targets = context.clock(), [login_of(name)]
    if wait := context.login_guesses.wait(targets, who, now):
        seconds = max(1, math.ceil(wait.total_seconds()))
        raise Problem(
            "too-many-requests",
            f"Too many wrong passwords came from your address; wait {seconds} s.",
            {"Retry-After": str(seconds)},
        )
    cookie = context.accounts.log_in(
        name,
        password,
        shared=context.config.check_password,
        now=now,
        life=timedelta(hours=context.config.desk_hours),
    )
    if cookie is None:
        context.login_guesses.failed(targets, who, now)
    return cookie


def _tried(context: WebContext, name: str) -> Seat:
    """At whose account somebody tried; a name that is none may be a password, and is not kept."""
    login = login_of(name)
    known = login in {account.login for account in context.accounts.all()}
    return NOBODY._replace(login=login) if known else NOBODY


async def let_in(answer: Response, cookie: str, context: WebContext, who: str) -> None:
    """Note who came from which address, and let their browser keep the login until it ends."""
    if seat := await context.call(context.accounts.seat, cookie, context.clock()):
        await note(context, seat, "log_in", address=who)
    config = context.config
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=config.desk_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=config.public_url.startswith("https://"),
    )


@router.post("/desk/logout", response_model=None, responses=documented(403, 422))
async def log_out(request: Request, context: WithContext, staff: StaffForm) -> RedirectResponse:
    """Log out. The session is deleted on the server, so a copied cookie no longer works."""
    await context.call(context.accounts.log_out, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/desk/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _page(request: Request, context: WebContext, *, closed: bool, wrong: bool = False) -> str:
    return render(
        request,
        "desk_login.html",
        wrong=wrong,
        closed=closed,
        provider=context.config.sso_name,
    )


async def _is_closed(context: WebContext) -> bool:
    """Whether there is nothing that could open the desk."""
    config = context.config
    if config.check_password is not None or config.sso_name is not None:
        return False
    return not await context.call(context.accounts.all)
