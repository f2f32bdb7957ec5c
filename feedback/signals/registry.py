"""Registry of the signals that are learned from: each one's weight, table and meaning.

A signal says which reply would have been right where a reply was shown. What stands in `SIGNALS` is
learned from; the rows of its table are exported and erased with the shopper whom they name, and
freed of people's words when they are old. `docs/extending/signal.md` adds one, step by step.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sqlmodel import Session, SQLModel

from feedback.db import ActionLabel, Click, Impression, PageLabel, Rating, Review, short_key
from feedback.signals.votes import Votes
from feedback.signals.weights import APPROVED, CHOICE, CORRECTED, SALE, THUMB

VouchedBy = Literal["staff", "order", "shopper"]


class SignalSources(NamedTuple):
    """What signals are read from: the open session, and what several of them ask for."""

    session: Session
    votes: Votes  # thumbs and pressed buttons, without those in bursts
    reviews: Mapping[str, Review]  # the newest verdict on each impression
    sold_dialogues: frozenset[str]  # dialogues with a sale after them


RightReply = Callable[[Impression], str | None]  # None: the signal says nothing of what was shown


@dataclass(frozen=True)
class Signal:
    """A kind of evidence for a reply.

    `table` names a shopper, a dialogue or an impression in a column of that name: by it its rows
    are found. A signal without one is read off rows that another room keeps, and erases.
    """

    name: str
    weight: float  # how far it is believed; of several, the strongest is learned from
    read: Callable[[SignalSources], RightReply]  # called once; what it returns, once an impression
    table: type[SQLModel] | None = None
    exported_as: str = ""  # what an export calls the rows of `table`
    vouched_by: VouchedBy = "shopper"  # whose word it is: decides caps, vetoes and contradictions


def signal_tables(signals: Iterable[Signal]) -> dict[str, type[SQLModel]]:
    """The tables of these signals, each once, by the name that an export gives them."""
    return {each.exported_as: each.table for each in signals if each.table is not None}


def _corrected(sources: SignalSources) -> RightReply:
    def corrected(shown: Impression) -> str | None:
        review = sources.reviews.get(shown.impression_id)
        return review.reply_id if review and review.verdict == "corrected" else None

    return corrected


def _approved(sources: SignalSources) -> RightReply:
    def approved(shown: Impression) -> str | None:
        review = sources.reviews.get(shown.impression_id)
        return shown.reply_id if review and review.verdict == "approved" else None

    return approved


def _sale(sources: SignalSources) -> RightReply:
    return lambda shown: shown.reply_id if shown.dialogue_id in sources.sold_dialogues else None


def _thumb(sources: SignalSources) -> RightReply:
    thumbs = sources.votes.thumbs
    return lambda shown: shown.reply_id if "up" in thumbs.get(shown.impression_id, ()) else None


def _choice(sources: SignalSources) -> RightReply:
    """The reply behind the button that was pressed, if the impression offered it."""

    def pressed(shown: Impression) -> str | None:
        target = sources.votes.presses.get(shown.impression_id)
        offered = (str(each["reply_id"]) for each in shown.choices if each["reply_id"])
        return next((reply_id for reply_id in offered if short_key(reply_id) == target), None)

    return pressed


def _page(sources: SignalSources) -> RightReply:
    """Which passage should have answered: it stands above that passage, and says of no reply."""
    return lambda shown: None


def _action(sources: SignalSources) -> RightReply:
    """What was to be done: the head for actions learns it, and it says of no reply."""
    return lambda shown: None


CORRECTED_SIGNAL: Final = "corrected"
CHOICE_SIGNAL: Final = "choice"  # counts by the place of the button
SIGNALS: Final = (
    Signal(CORRECTED_SIGNAL, CORRECTED, _corrected, Review, "reviews", vouched_by="staff"),
    Signal("approved", APPROVED, _approved, Review, "reviews", vouched_by="staff"),
    Signal("page", CORRECTED, _page, PageLabel, "page_labels", vouched_by="staff"),
    Signal("action", CORRECTED, _action, ActionLabel, "action_labels", vouched_by="staff"),
    Signal("sale", SALE, _sale, vouched_by="order"),  # orders are the sales room's
    Signal("thumb", THUMB, _thumb, Rating, "ratings"),
    Signal(CHOICE_SIGNAL, CHOICE, _choice, Click, "clicks"),
)
QUESTION_SIGNAL: Final = "question"  # what the staff labelled themselves, shown or not
STAFF: Final = frozenset(
    (QUESTION_SIGNAL, *(each.name for each in SIGNALS if each.vouched_by == "staff"))
)
VOUCHED: Final = STAFF | {each.name for each in SIGNALS if each.vouched_by == "order"}
