"""Locks a card to act on it: the dialogue before its card, everywhere, so that two at once wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session

from feedback.db import Database, DeskCard, DeskRefused, Dialogue, find
from feedback.dialogues import locked_dialogue

# A person who says nothing for this long is away: a colleague may go on for them.
AWAY_AFTER: Final = timedelta(minutes=15)


class Staff(NamedTuple):
    """Who acts: Slack's id of them, and the name the shopper reads."""

    id: str
    name: str


@contextmanager
def locked_card(db: Database, card_id: str) -> Iterator[tuple[Session, DeskCard, Dialogue]]:
    """A card and its dialogue, in a transaction of their own.

    Raises:
        DeskRefused: there is no such card.
    """
    with db.transaction() as session:
        card = find(session, DeskCard, card_id)
        if card is None:
            raise DeskRefused("unknown")
        dialogue = locked_dialogue(session, card.dialogue_id)
        session.refresh(card, with_for_update=True)
        yield session, card, dialogue


def refuse_others(card: DeskCard, staff: Staff, now: datetime) -> None:
    """The first wins: who comes second is told by whom.

    Raises:
        DeskRefused: the card is closed, or a colleague has it who is not away.
    """
    if card.state == "closed":
        raise DeskRefused("closed", card.staff_name)
    theirs = card.staff == staff.id or now - card.acted_at >= AWAY_AFTER
    if card.state == "taken" and not theirs:
        raise DeskRefused("taken", card.staff_name)
