"""Writes a question and its answer: what every message waits for, so each statement is counted.

The object mapper is left aside: of the time of clerk and store it took a third.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert
from sqlalchemy import select as sa_select
from sqlalchemy import update as sa_update
from sqlmodel import SQLModel

from feedback.cards import deliver_turn, note_turn, wait_for_staff
from feedback.desk_models import DeskCard
from feedback.models import Dialogue, DialogueRow, DialogueTurnRow, Impression, ImpressionRow
from feedback.prepared import Prepared
from feedback.talk import (
    TURN_KNOWN,
    AnsweredTurn,
    add_turn,
    locked_row,
    message_before,
    short_key,
)

SHOPPERS_CHANNELS: Final = ("web", "slack")


@dataclass(frozen=True)
class DialogueState:
    """Where a dialogue stands after an answer."""

    state: str = "clerk"
    handover_reason: str | None = None
    pending_reply_id: str | None = None
    failed_lookups: int = 0


_CARDS, _DIALOGUES, _IMPRESSIONS = (
    SQLModel.metadata.tables[str(table.__tablename__)] for table in (DeskCard, Dialogue, Impression)
)
# Both are seldom there; only then are they read.
_KNOWN = Prepared(
    sa_select(
        TURN_KNOWN,
        sa_select(_CARDS.c.card_id)
        .where(_CARDS.c.dialogue_id == bindparam("dialogue_id"))
        .where(_CARDS.c.state != "closed")
        .limit(1)
        .scalar_subquery(),
    )
)
_ADD_IMPRESSION = Prepared(insert(_IMPRESSIONS), *ImpressionRow.model_fields)
_TOUCHED = (
    sa_update(_DIALOGUES)
    .where(_DIALOGUES.c.dialogue_id == bindparam("dialogue"))
    .values(last_at=bindparam("touched_at"))
)
_TOUCH = Prepared(_TOUCHED)
_MOVE_ON = Prepared(
    _TOUCHED.values({name: bindparam(f"new_{name}") for name in DialogueState.__dataclass_fields__})
)


def write_answer(
    connection: Connection,
    *,
    dialogue_id: str,
    shopper_text: str,
    client_id: str,
    impression: ImpressionRow,
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
    dialogue = locked_row(connection, dialogue_id)
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id)}
    turn_id, card_id = _KNOWN.all(connection, named)[0]
    asked: DialogueTurnRow | None = None
    if turn_id is not None:
        asked, answered = message_before(connection, dialogue, client_id)
        if answered is not None:
            return answered
    if asked is None:
        asked = add_turn(connection, dialogue_id, "shopper", shopper_text, now, client_id=client_id)
        if card_id is not None:
            note_turn(connection, asked, now)
    if dialogue.state == "staff":
        _TOUCH.run(connection, {"dialogue": dialogue_id, "touched_at": now})
        return None
    answered = _add_answer(connection, dialogue, asked, impression, state.state, now)
    moved = {f"new_{name}": value for name, value in vars(state).items()}
    _MOVE_ON.run(connection, {"dialogue": dialogue_id, "touched_at": now, **moved})
    deliver_turn(connection, dialogue, answered.turn, now)
    # A question asked in the terminal waits for nobody.
    if state.state == "waiting" and dialogue.channel in SHOPPERS_CHANNELS:
        wait_for_staff(
            connection,
            dialogue_id,
            state.handover_reason or "no_fitting_reply",
            now,
            impression_id=impression.impression_id,
        )
    return answered


def _add_answer(
    connection: Connection,
    dialogue: DialogueRow,
    asked: DialogueTurnRow,
    impression: ImpressionRow,
    state: str,
    now: datetime,
) -> AnsweredTurn:
    """The clerk's turn and its impression; shopper and arm are the dialogue's."""
    impression.dialogue_id = dialogue.dialogue_id
    impression.shopper_id = dialogue.shopper_id
    impression.arm = dialogue.arm
    _ADD_IMPRESSION.run(connection, dict(impression))
    turn = add_turn(
        connection,
        dialogue.dialogue_id,
        "clerk",
        impression.text,
        now,
        answers_turn_id=asked.turn_id,
        impression_id=impression.impression_id,
    )
    return AnsweredTurn(turn, impression, state)
