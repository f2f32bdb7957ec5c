"""Unlabelled messages: what shoppers wrote, whatever became of it, without personal data."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Database, Dialogue, DialogueTurn, Order
from feedback.redaction import redact

MOST: Final = 10_000  # messages, the newest: more took longer to read than it brought
PER_SHOPPER: Final = 20  # of one shopper: nobody's way of writing is the shop's


class UnlabelledMessage(NamedTuple):
    """A message by itself, and whose it is: erased with them."""

    text: str
    shopper_id: str


def read_unlabelled(db: Database, *, now: datetime, most: int = MOST) -> list[UnlabelledMessage]:
    """The newest different messages of shoppers; those that hold personal data are left out."""
    found: dict[str, UnlabelledMessage] = {}
    of_shopper: defaultdict[str, int] = defaultdict(int)
    with db.reading() as session:
        known = _own_numbers(session)
        for text, shopper_id in _said(session, now):
            cleaned = redact(text, known.get(shopper_id, ()))
            if cleaned.quarantined or of_shopper[shopper_id] == PER_SHOPPER:
                continue
            if cleaned.text not in found:
                found[cleaned.text] = UnlabelledMessage(cleaned.text, shopper_id)
                of_shopper[shopper_id] += 1
            if len(found) == most:
                break
    return list(found.values())


def _said(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """What shoppers wrote, newest first, with who."""
    rows = session.exec(
        select(DialogueTurn.text, Dialogue.shopper_id)
        .join(Dialogue, col(Dialogue.dialogue_id) == col(DialogueTurn.dialogue_id))
        .where(col(DialogueTurn.speaker) == "shopper", col(DialogueTurn.at) < now)
        .order_by(col(DialogueTurn.turn_id).desc())
        .execution_options(yield_per=1_000)
    )
    yield from rows


def _own_numbers(session: Session) -> dict[str, list[str]]:
    """The numbers of each shopper's orders and parcels."""
    known: defaultdict[str, list[str]] = defaultdict(list)
    for order in session.exec(select(Order).where(col(Order.shopper_id).is_not(None))):
        known[order.shopper_id or ""] += filter(None, (order.number, order.tracking))
    return known
