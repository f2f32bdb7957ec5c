"""View models of the desk's conversations: a list's lines, and what is next to the talk. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from bot.desk.views import ShownFile, ShownTurn
from bot.handover_reasons import reason_words
from bot.languages import ago
from bot.turn_words import turn_words
from feedback.db import DialogueTurn, InternalNote
from feedback.desk import (
    AnswerTargets,
    CardList,
    CardView,
    Colleague,
    ListedConversation,
    standing,
)

TITLES: Final[dict[CardList, str]] = {
    "open": "Open",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "overdue": "Overdue",
    "for_staff": "Wait for us",
    "for_shopper": "Wait for the shopper",
    "snoozed": "Snoozed",
    "done": "Done",
}
SHOWN_WORDS: Final = 90  # of a list's line


class ConversationLine(NamedTuple):
    """A dialogue in a list."""

    dialogue_id: str
    reason: str
    words: str  # the shopper's newest, shortened
    language: str
    channel: str
    since: str
    turn: str  # whose turn it is, and until when
    overdue: bool
    assignee: str


class ShopperFact(NamedTuple):
    """A line about who writes."""

    name: str
    value: str
    link: str = ""


def show_line(
    one: ListedConversation, now: datetime, targets: AnswerTargets, zone: tzinfo
) -> ConversationLine:
    """A dialogue as a list has it."""
    card, newest = one.card, one.newest
    turn = standing(card, now, targets) if card else None
    return ConversationLine(
        dialogue_id=one.dialogue.dialogue_id,
        reason=reason_words(card.reason) if card else "Answered by the clerk",
        words=_shortened(newest.text) if newest else "",
        language=one.dialogue.locale,
        channel=one.dialogue.channel,
        since=ago(newest.at if newest else one.dialogue.last_at, now),
        turn=turn_words(turn, now, zone) if turn else "",
        overdue=bool(turn and turn.overdue),
        assignee=(card.assignee_name or "") if card else "",
    )


def show_turns(
    turns: Sequence[DialogueTurn],
    files: Callable[[DialogueTurn], Sequence[ShownFile]],
    notes: Sequence[InternalNote] = (),
) -> list[ShownTurn]:
    """The talk, with the staff's notes where they were written."""
    said = [
        (one.at, ShownTurn(one.speaker, one.text, one.author or "", files(one))) for one in turns
    ]
    noted = [(one.at, ShownTurn("note", one.text, f"{one.author}, a note", ())) for one in notes]
    return [shown for _, shown in sorted([*said, *noted], key=lambda each: each[0])]


def colleague_words(there: Sequence[Colleague]) -> str:
    """Who else is at a dialogue.

    >>> colleague_words([Colleague("Ana", False), Colleague("Ben", True)])
    'Ben is writing here. Ana looks at this, too.'
    """
    writing = [f"{one.name} is writing here." for one in there if one.writes]
    looking = [f"{one.name} looks at this, too." for one in there if not one.writes]
    return " ".join([*writing, *looking])


def shopper_facts(view: CardView, zone: tzinfo) -> list[ShopperFact]:
    """What a colleague would look up otherwise."""
    memory, shopper = view.memory, view.shopper
    earlier = shopper.earlier
    found = [ShopperFact("Here before", f"{earlier} times" if earlier else "no, a new shopper")]
    if view.page:
        link = view.page if view.page.startswith(("https://", "http://")) else ""
        found.append(ShopperFact("Looks at", view.titles.get(view.seen or "", view.page), link))
    if memory.focus.product_id:
        title = view.titles.get(memory.focus.product_id, memory.focus.product_id)
        found.append(ShopperFact("Speaks of", title))
    if memory.basket:
        titles = (view.titles.get(one, one) for one in memory.basket)
        found.append(ShopperFact("In the basket", ", ".join(titles)))
    found += [
        ShopperFact(
            f"Order {order.number}",
            f"{order.status}, {order.placed_at.astimezone(zone):%Y-%m-%d},"
            f" {order.total} {order.currency}",
        )
        for order in shopper.orders
    ]
    if view.undelivered:
        found.append(ShopperFact("Not delivered", view.undelivered))
    return found


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_WORDS else f"{line[: SHOWN_WORDS - 1]}…"
