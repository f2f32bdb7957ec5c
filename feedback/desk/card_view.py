"""View of a card: all that is drawn of it, read at one moment."""

from typing import Any, Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.db import DeskCard, Dialogue, DialogueTurn, Impression, Order
from feedback.desk.cards import last_judged
from feedback.desk.outbox import last_failure
from feedback.desk.queue import TURNS_SHOWN

ORDERS_SHOWN: Final = 3  # of a shopper's, on a card


class ShopperFacts(NamedTuple):
    """What is known of who waits."""

    earlier: int = 0  # dialogues before this one
    orders: tuple[Order, ...] = ()  # the newest ones


class CardView(NamedTuple):
    """All that is drawn of a card."""

    card: DeskCard
    dialogue: Dialogue
    turns: tuple[DialogueTurn, ...]  # the last ones, oldest first
    shown: Impression | None  # what the clerk chose from, for the candidates
    question: str  # the shopper's words that this answered
    undelivered: str | None = None  # why the newest message that was given up was refused
    shopper: ShopperFacts = ShopperFacts()

    @property
    def locale(self) -> str:
        """The language the shopper reads."""
        return self.shown.locale if self.shown else self.dialogue.locale


def view_card(session: Session, card: DeskCard) -> CardView:
    """A card as it stands now."""
    dialogue = session.get_one(Dialogue, card.dialogue_id)
    turns = session.exec(
        select(DialogueTurn)
        .where(DialogueTurn.dialogue_id == card.dialogue_id)
        .order_by(col(DialogueTurn.turn_id).desc())
        .limit(TURNS_SHOWN)
    ).all()
    shown = last_judged(session, card.dialogue_id)
    question = _question(session, shown, turns)
    since = min([card.opened_at, *(turn.at for turn in turns)])
    failure = last_failure(session, card.dialogue_id, since)
    about = _shopper_facts(session, dialogue)
    return CardView(card, dialogue, tuple(reversed(turns)), shown, question, failure, about)


def _shopper_facts(session: Session, dialogue: Dialogue) -> ShopperFacts:
    earlier = select(func.count()).where(
        Dialogue.shopper_id == dialogue.shopper_id, Dialogue.dialogue_id != dialogue.dialogue_id
    )
    orders = session.exec(
        select(Order)
        .where(Order.shopper_id == dialogue.shopper_id)
        .order_by(col(Order.placed_at).desc())
        .limit(ORDERS_SHOWN)
    ).all()
    return ShopperFacts(session.exec(earlier).one(), tuple(orders))


def _question(session: Session, shown: Impression | None, turns: Any) -> str:
    if shown is not None:
        answer = session.exec(
            select(DialogueTurn).where(DialogueTurn.impression_id == shown.impression_id)
        ).first()
        asked = session.get(DialogueTurn, answer.answers_turn_id) if answer else None
        if asked is not None:
            return asked.text
    return next((turn.text for turn in turns if turn.speaker == "shopper"), "")
