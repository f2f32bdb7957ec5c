"""The desk's facts: what fills `{policy.…}` in replies, and what lacks a value."""

from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.reply_fields import check_name
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.knowledge import SLOT, FactLine
from feedback.languages import LANGUAGES

PAGE: Final = "/desk/facts"
SLOT_BEGINS: Final = "policy."

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


class FactRow(NamedTuple):
    """A fact by language, and the replies that say it."""

    name: str
    values: dict[str, str]  # by language; what holds in all of them stands in each
    used_by: list[str]


@router.get(PAGE, responses=documented())
async def facts(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the shop's facts with the replies that say them, those first that lack a value."""
    rows = await context.call(_rows, context)
    return render(
        request,
        "desk_facts.html",
        staff=staff,
        here="replies",
        rows=rows,
        languages=LANGUAGES.values(),
    )


@router.post(PAGE, responses=documented(403, 422))
async def write_fact(
    context: WithContext,
    staff: StaffForm,
    name: Annotated[Clean, Form(max_length=80)],
    value: Annotated[Clean, Form(min_length=1, max_length=500)],
    locale: Annotated[Clean, Form(max_length=10)] = "",
) -> RedirectResponse:
    """Set a fact, in one language or in all; replies say it at once."""
    check_name("name", name.strip(), such_as="return_days")
    if locale and locale not in LANGUAGES:
        raise Problem(
            "invalid", f"locale is {locale!r}; take one of {', '.join(LANGUAGES)}, or none."
        )
    line = FactLine(name.strip(), value.strip(), locale or None)
    await context.call(context.book.put_facts, [line], context.clock(), by=staff.staff)
    return RedirectResponse(f"{PAGE}#{line.name}", 303)


def _rows(context: WebContext) -> list[FactRow]:
    values: dict[str, dict[str, str]] = {}
    for locale in LANGUAGES:
        for name, value in context.book.facts(locale).items():
            values.setdefault(name, {})[locale] = value
    users: dict[str, set[str]] = {}
    for reply in context.book.replies():
        for slot in SLOT.findall(reply.text):
            if slot.startswith(SLOT_BEGINS):
                users.setdefault(slot.removeprefix(SLOT_BEGINS), set()).add(reply.reply_id)
    rows = [
        FactRow(name, values.get(name, {}), sorted(users.get(name, ())))
        for name in {*values, *users}
    ]
    return sorted(rows, key=_lacking_first)


def _lacking_first(row: FactRow) -> tuple[Any, ...]:
    return bool(row.values), row.name
