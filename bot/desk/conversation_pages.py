"""The desk's conversations: lists and search on one side, the talk and who it is on the other."""

from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute, note_read
from bot.desk.conversation_view import TITLES, colleague_words, shopper_facts, show_line, show_turns
from bot.desk.file_door import shown_files
from bot.desk.login import StaffForm, WithStaff
from bot.desk.talk_forms import to_talk
from bot.http import Problem, WebContext, WithContext, address_of, documented, render
from bot.knowledge import fill_facts, page_drafts, suggest_replies
from feedback.db import DeskRefused
from feedback.desk import (
    Assignments,
    CardList,
    Conversations,
    Desk,
    InternalNotes,
    ListedConversation,
    Presences,
    Seat,
    Staff,
    find_words,
)
from feedback.knowledge import Passages
from feedback.languages import LANGUAGES

PAGE: Final = "/desk"
LISTED: Final = 60  # dialogues of a list at once: a page of two thousand took 3 s
CANNED: Final = 8  # replies offered while a colleague types "/"
HOUR: Final = timedelta(hours=1)

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)

Sought = Annotated[Clean, Query(max_length=200)]


@router.get(PAGE, responses=documented(404))
async def conversations(
    request: Request,
    context: WithContext,
    staff: WithStaff,
    wanted: Annotated[CardList, Query(alias="list")] = "open",
    dialogue: Annotated[Clean, Query(max_length=80)] = "",
    find: Sought = "",
) -> str:
    """Show a list of dialogues, or those in which words were said, and one of them whole."""
    found = await context.call(_shown, context, staff, wanted, dialogue, find.split())
    if found["chosen"]:
        await note_read(context, staff, [found["chosen"]], address_of(request))
    return render(
        request,
        "desk_conversations.html",
        staff=staff,
        here="conversations",
        titles=TITLES,
        wanted=wanted,
        find=find,
        address=f"{PAGE}?{request.url.query}",
        **found,
    )


@router.get("/desk/conversations", include_in_schema=False)
def moved(request: Request) -> RedirectResponse:
    """Where the lists were; Slack's cards and bookmarks lead here."""
    return RedirectResponse(f"{PAGE}?{request.url.query}", 307)


@router.post("/desk/cards/{card_id}/{act}", responses=documented(403, 404, 409, 422))
async def act_on_card(
    card_id: str,
    act: Literal["assign", "unassign", "snooze", "wake"],
    context: WithContext,
    staff: StaffForm,
    dialogue: Annotated[Clean, Form(max_length=80)] = "",
    hours: Annotated[int, Form(ge=1, le=24 * 30)] = 1,
) -> RedirectResponse:
    """Take a card or put it back; leave it out of the lists for some hours, or not any more."""
    try:
        await context.call(_act, context, card_id, act, staff, hours)
    except DeskRefused as refused:
        raise Problem("invalid", str(refused)) from None
    return to_talk(dialogue)


@router.get("/desk/canned", response_class=JSONResponse, responses=documented())
async def canned(
    context: WithContext,
    _: WithStaff,
    find: Sought = "",
    locale: Annotated[Clean, Query(max_length=10)] = "",
) -> list[dict[str, str]]:
    """Replies of the book that hold the words, for who types "/" in an answer."""
    return await context.call(_canned, context, find.split(), locale)


def _canned(context: WebContext, words: list[str], locale: str) -> list[dict[str, str]]:
    facts = {language: context.book.facts(language) for language in LANGUAGES}
    replies = find_words(context.db, words, CANNED * len(facts)).replies
    fitting = [reply for reply in replies if not locale or reply.locale == locale]
    return [
        {
            "reply_id": reply.reply_id,
            "locale": reply.locale,
            "text": fill_facts(reply.text, facts.get(reply.locale, {})),
        }
        for reply in fitting[:CANNED]
    ]


def _act(context: WebContext, card_id: str, act: str, seat: Seat, hours: int) -> None:
    assignments, now = Assignments(context.db), context.clock()
    me = _staff(seat)
    match act:
        case "assign":
            assignments.assign(card_id, me, me, now)
        case "unassign":
            assignments.unassign(card_id, me, now)
        case "snooze":
            assignments.snooze(card_id, now + hours * HOUR, me, now)
        case _:
            assignments.wake(card_id, me, now)


def _staff(seat: Seat) -> Staff:
    return Staff(seat.actor, seat.staff)


def _shown(
    context: WebContext, seat: Seat, wanted: CardList, dialogue_id: str, words: list[str]
) -> dict[str, Any]:
    now, config = context.clock(), context.config
    lists = Conversations(context.db, config.targets)
    counts, listed = lists.overview(wanted, now, me=seat.actor, limit=LISTED)
    if words:
        listed = lists.found(words, LISTED)
    chosen = lists.one(dialogue_id) if dialogue_id else None
    return {
        "counts": counts,
        "lines": [show_line(one, now, config.targets, config.zone) for one in listed],
        "most": LISTED,
        "chosen": chosen.dialogue.dialogue_id if chosen else "",
        **(_talk(context, seat, chosen) if chosen else {}),
    }


def _talk(context: WebContext, seat: Seat, one: ListedConversation) -> dict[str, Any]:
    """The chosen dialogue whole; best replies to its newest open question. Who asks looks at it."""
    dialogue_id, config, now = one.dialogue.dialogue_id, context.config, context.clock()
    view = Desk(context.db).view(one.card.card_id) if one.card else None
    open_card = one.card if one.card and one.card.state != "closed" else None
    waiting = context.queue.waiting_dialogue(dialogue_id) if open_card else None
    locale = one.dialogue.locale
    files = shown_files(context, [dialogue_id])
    presences, me = Presences(context.db), _staff(seat)
    presences.looks(dialogue_id, me, now)
    return {
        "locale": locale,
        "line": show_line(one, now, config.targets, config.zone),
        "state": one.dialogue.state,
        "card": open_card,
        "turns": show_turns(
            context.store.turns(dialogue_id), files, InternalNotes(context.db).of(dialogue_id)
        ),
        "colleagues": colleague_words(presences.others(dialogue_id, me.id, now)),
        "waiting": waiting,
        "facts": shopper_facts(view, config.zone) if view else [],
        "suggestions": suggest_replies(
            waiting.about, context.book.replies(), context.book.facts(locale), locale=locale
        )
        if waiting
        else [],
        "page_drafts": page_drafts(waiting.about, Passages(context.db).known) if waiting else [],
    }
