"""The desk's reply book pages: edit replies, and accept those proposed from past tickets."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.http import Problem, WebContext, WithContext, documented, render
from bot.knowledge import SLOT
from feedback.knowledge import (
    FILL,
    CannotSupersede,
    NotReady,
    Proposals,
    QuestionLine,
    ReplyLine,
    Supersessions,
    UnknownProposal,
    proposed_name,
)
from feedback.languages import LANGUAGES
from feedback.sales import ODD_SHOWN, ShopConnections

NAME = re.compile(r"[a-z0-9_]{1,80}")
SHOWN = 50  # proposals a page
# What the clerk can look up; the shop's facts come on top.
ORDER_SLOTS = frozenset(
    f"order.{name}"
    for name in ("number", "status", "placed_on", "total", "items", "refunded", "tracking")
)

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/proposals", responses=documented())
async def proposals(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show replies proposed from past tickets, and customers' open requests for their data."""
    store = context.db
    found = await context.call(Proposals(store).open)
    wishes = await context.call(ShopConnections(store).data_requests)
    oddities = await context.call(ShopConnections(store).oddities, context.clock() - ODD_SHOWN)
    shown = [
        (one, proposed_name(one.text, one.proposal_id), bool(FILL.search(one.text)))
        for one in found[:SHOWN]
    ]
    return render(
        request,
        "desk_proposals.html",
        staff=staff,
        here="proposals",
        proposals=shown,
        count=len(found),
        wishes=wishes,
        oddities=oddities,
    )


@router.post("/desk/proposals/{proposal_id}/take", responses=documented(403, 404, 422))
async def take(
    proposal_id: str,
    context: WithContext,
    staff: StaffForm,
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    reply_id: Annotated[Clean, Form(max_length=80)],
) -> RedirectResponse:
    """Accept a proposed reply into the reply book, with the questions it answered."""
    await context.call(
        _take, context, proposal_id, reply_id.strip(), _same_lines(text), staff.staff
    )
    return RedirectResponse("/desk/proposals", 303)


@router.post("/desk/proposals/{proposal_id}/leave", responses=documented(403, 404, 422))
async def leave(proposal_id: str, context: WithContext, staff: StaffForm) -> RedirectResponse:
    """Reject a proposed reply; it is not proposed again."""
    try:
        await context.call(
            Proposals(context.db).leave, proposal_id, staff=staff.staff, now=context.clock()
        )
    except UnknownProposal as error:
        raise Problem("not-found", str(error)) from None
    return RedirectResponse("/desk/proposals", 303)


@router.post("/desk/wishes/{source}/{request_id}/done", responses=documented(403, 404, 422))
async def data_given(
    source: str, request_id: str, context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Mark a customer's request for their data as answered."""
    known = ShopConnections(context.db)
    if not await context.call(known.data_given, source, request_id, context.clock()):
        raise Problem("not-found", f"There is no such request of {source[:40]!r}.")
    return RedirectResponse("/desk/proposals", 303)


@router.get("/desk/replies", responses=documented())
async def book(
    request: Request,
    context: WithContext,
    staff: WithStaff,
    question: Annotated[Clean, Query(max_length=500)] = "",
) -> str:
    """Show the reply book; `question` is one to write a reply for."""
    replies = await context.call(context.book.replies)
    by_id: dict[str, list[Any]] = {}
    for reply in sorted(replies, key=lambda reply: (reply.reply_id, reply.locale)):
        by_id.setdefault(reply.reply_id, []).append(reply)
    return render(
        request,
        "desk_replies.html",
        staff=staff,
        here="replies",
        replies=by_id,
        superseded=await context.call(Supersessions(context.db).all),
        question=question,
        languages=LANGUAGES.values(),
    )


@router.post("/desk/replies", responses=documented(403, 422))
async def write_reply(
    context: WithContext,
    staff: StaffForm,
    reply_id: Annotated[Clean, Form(max_length=80)],
    locale: Annotated[Clean, Form(pattern="^(en|zh)$")],
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    questions: Annotated[Words, Form(max_length=MAX_TEXT)] = "",
) -> RedirectResponse:
    """Add a reply or change its text. `questions` are what it answers, one per line."""
    asked = [line.strip() for line in _same_lines(questions).split("\n") if line.strip()]
    line = ReplyLine(reply_id.strip(), _same_lines(text), locale)
    await context.call(_write, context, line, asked, staff.staff)
    return RedirectResponse(f"/desk/replies#{reply_id.strip()}", 303)


@router.post("/desk/replies/supersede", responses=documented(403, 422))
async def supersede(
    context: WithContext,
    staff: StaffForm,
    reply_id: Annotated[Clean, Form(max_length=80)],
    successor: Annotated[Clean, Form(max_length=80)],
) -> RedirectResponse:
    """Say another reply in a reply's place from now on; it takes over its questions."""
    try:
        await context.call(
            Supersessions(context.db).supersede,
            reply_id,
            successor,
            staff=staff.staff,
            now=context.clock(),
        )
    except CannotSupersede as error:
        raise Problem("invalid", str(error)) from None
    return RedirectResponse("/desk/replies#superseded", 303)


@router.post("/desk/supersessions/{number}/undo", responses=documented(403, 404))
async def undo_supersession(
    number: Annotated[int, Path(ge=1, lt=2**63)], context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Let what was learned for a superseded reply count again."""
    known = Supersessions(context.db)
    if not await context.call(known.undo, number, staff=staff.staff, now=context.clock()):
        raise Problem("not-found", "There is no such supersession, or it is undone already.")
    return RedirectResponse("/desk/replies#superseded", 303)


def _take(context: WebContext, proposal_id: str, reply_id: str, text: str, staff: str) -> None:
    _check_slots(context, text)
    try:
        Proposals(context.db).take(
            proposal_id, reply_id=reply_id, text=text, staff=staff, now=context.clock()
        )
    except UnknownProposal as error:
        raise Problem("not-found", str(error)) from None
    except NotReady as error:
        raise Problem("invalid", str(error)) from None


def _write(context: WebContext, line: ReplyLine, questions: list[str], staff: str) -> None:
    check_name("reply_id", line.reply_id, such_as="return_how")
    _check_slots(context, line.text or "")
    context.book.put_replies([line], context.clock(), by=staff)
    asked = [QuestionLine(question, line.reply_id, line.locale) for question in questions]
    context.book.put_questions(asked, context.clock(), by=staff)


def check_name(field: str, name: str, *, such_as: str) -> None:
    """Refuse a name that no slot and no address could hold."""
    if not NAME.fullmatch(name):
        raise Problem(
            "invalid",
            f"{field} is {name[:60]!r}; take small letters, digits and _, such as {such_as}.",
        )


def _check_slots(context: WebContext, text: str) -> None:
    """Refuse a slot that nothing fills: each question would end at a person."""
    facts = {name for lang in LANGUAGES for name in context.book.facts(lang)}
    known = ORDER_SLOTS | {f"policy.{name}" for name in facts} | {"products"}
    unknown = sorted(set(SLOT.findall(text)) - known)
    if unknown and not FILL.search(text):
        raise Problem(
            "invalid",
            f"Nothing fills {{{unknown[0]}}}; take one of"
            f" {', '.join('{' + name + '}' for name in sorted(known))}.",
        )


def _same_lines(text: str) -> str:
    """Browsers send \\r\\n at the end of a line."""
    return text.replace("\r\n", "\n").strip()
