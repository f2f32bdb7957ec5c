"""Writes a question and its answer: what every message waits for, so each statement is counted.

The object mapper is left aside where nothing is asked of it: of 7 ms a message it took 4.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert
from sqlalchemy import select as sa_select
from sqlalchemy import update as sa_update
from sqlmodel import Session, SQLModel

from feedback.cards import deliver_turn, note_turn, open_card_of, wait_for_staff
from feedback.desk_models import DeskCard
from feedback.models import Dialogue, DialogueTurn, Impression
from feedback.talk import (
    AnsweredTurn,
    add_turn,
    answer_to,
    locked_dialogue,
    short_key,
    turn_of_client,
)

SHOPPERS_CHANNELS: Final = ("web", "slack")


@dataclass(frozen=True)
class DialogueState:
    """Where a dialogue stands after an answer."""

    state: str = "clerk"
    handover_reason: str | None = None
    pending_reply_id: str | None = None
    failed_lookups: int = 0


_CARDS, _DIALOGUES, _IMPRESSIONS, _TURNS = (
    SQLModel.metadata.tables[str(table.__tablename__)]
    for table in (DeskCard, Dialogue, Impression, DialogueTurn)
)
# Both are seldom there; only then are they read.
_KNOWN = sa_select(
    sa_select(_TURNS.c.turn_id)
    .where(_TURNS.c.dialogue_id == bindparam("dialogue_id"))
    .where(_TURNS.c.client_id == bindparam("client_id"))
    .scalar_subquery(),
    sa_select(_CARDS.c.card_id)
    .where(_CARDS.c.dialogue_id == bindparam("dialogue_id"))
    .where(_CARDS.c.state != "closed")
    .limit(1)
    .scalar_subquery(),
)
_ADD_IMPRESSION = insert(_IMPRESSIONS)
_MOVE_ON = (
    sa_update(_DIALOGUES)
    .where(_DIALOGUES.c.dialogue_id == bindparam("dialogue"))
    .values(
        {name: bindparam(name) for name in ("last_at", *DialogueState.__dataclass_fields__)},
    )
)


def write_answer(
    session: Session,
    *,
    dialogue_id: str,
    shopper_text: str,
    client_id: str,
    impression: Impression,
    state: DialogueState,
    now: datetime,
) -> AnsweredTurn | None:
    """Write the shopper's turn, the clerk's turn and its impression.

    Returns:
        The answer, the first one where the message came before; None while a person has the
        dialogue: then the shopper's turn alone is written.

    Raises:
        UnknownDialogue: there is no such dialogue.
    """
    dialogue = locked_dialogue(session, dialogue_id)
    session.expunge(dialogue)  # written below, with all that changes in it at once
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id)}
    turn_id, card_id = session.connection().execute(_KNOWN, named).one()
    asked = None
    if turn_id is not None:
        asked = turn_of_client(session, dialogue_id, client_id)
        if asked is not None and (answered := answer_to(session, dialogue, asked)):
            return answered
    card = open_card_of(session, dialogue_id) if card_id is not None else None
    if asked is None:
        asked = add_turn(session, dialogue, "shopper", shopper_text, now, client_id=client_id)
        note_turn(session, dialogue, card, asked, now)
    if dialogue.state == "staff":
        _move_on(session, dialogue, now)
        return None
    for name, value in asdict(state).items():
        setattr(dialogue, name, value)
    answered = _add_answer(session, dialogue, asked, impression, now)
    _move_on(session, dialogue, now)
    deliver_turn(session, dialogue, answered.turn, now)
    # A question asked in the terminal waits for nobody.
    if state.state == "waiting" and dialogue.channel in SHOPPERS_CHANNELS:
        wait_for_staff(
            session,
            dialogue,
            state.handover_reason or "no_fitting_reply",
            now,
            impression_id=impression.impression_id,
            card=card,
        )
    return answered


def _add_answer(
    session: Session,
    dialogue: Dialogue,
    asked: DialogueTurn,
    impression: Impression,
    now: datetime,
) -> AnsweredTurn:
    """The clerk's turn and its impression; shopper and arm are the dialogue's."""
    impression.dialogue_id = dialogue.dialogue_id
    impression.shopper_id = dialogue.shopper_id
    impression.arm = dialogue.arm
    session.connection().execute(_ADD_IMPRESSION, impression.model_dump())
    turn = add_turn(
        session,
        dialogue,
        "clerk",
        impression.text,
        now,
        answers_turn_id=asked.turn_id,
        impression_id=impression.impression_id,
    )
    return AnsweredTurn(turn, impression, dialogue.state)


def _move_on(session: Session, dialogue: Dialogue, now: datetime) -> None:
    session.connection().execute(
        _MOVE_ON,
        {
            "dialogue": dialogue.dialogue_id,
            "last_at": now,
            **{name: getattr(dialogue, name) for name in DialogueState.__dataclass_fields__},
        },
    )
