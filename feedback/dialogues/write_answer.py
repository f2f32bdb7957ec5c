"""Writes a question and its answer in one transaction: the write of the message path.

The object mapper is left aside: of the time of clerk and store it took a third.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, insert, select as sa_select, update as sa_update
from sqlmodel import SQLModel

from feedback.db import (
    AnswerPart,
    DeskCard,
    Dialogue,
    DialogueRow,
    DialogueTurnRow,
    Impression,
    ImpressionRow,
    Prepared,
    UnknownDialogue,
    short_key,
)
from feedback.dialogues.history import (
    LOCKED_DIALOGUE,
    TURN_KNOWN,
    AnsweredTurn,
    dialogue_of,
    message_before,
    send_turn,
)
from feedback.dialogues.hooks import DialogueHooks, Later
from feedback.dialogues.state import (
    AfterAnswer,
    HandoverReason,
    may,
    memory_stored,
    moved,
    reason_read,
)

# The channel and experiment of questions that no shopper asked (`shopclerk ask`, a preview at the
# desk): they wait for nobody. Nor do agents' questions, who could be told nothing later.
TERMINAL: Final = "terminal"
AGENTS: Final = "mcp"
WAIT_FOR_NOBODY: Final = (TERMINAL, AGENTS)


_CARDS, _DIALOGUES, _IMPRESSIONS, _PARTS = (
    SQLModel.metadata.tables[str(table.__tablename__)]
    for table in (DeskCard, Dialogue, Impression, AnswerPart)
)
# Whether the message came before, and the open card, read once the dialogue is locked: whoever
# opens, takes or closes a card has locked it first.
_KNOWN = Prepared(
    sa_select(TURN_KNOWN, _CARDS.c.state, _CARDS.c.channel, _CARDS.c.ts)
    .select_from(_DIALOGUES)
    .outerjoin(
        _CARDS, and_(_CARDS.c.dialogue_id == _DIALOGUES.c.dialogue_id, _CARDS.c.state != "closed")
    )
    .where(_DIALOGUES.c.dialogue_id == bindparam("dialogue_id"))
    .limit(1)
)
_ADD_IMPRESSION = Prepared(insert(_IMPRESSIONS), *ImpressionRow.model_fields)
_ADD_PART = Prepared(insert(_PARTS), *AnswerPart.model_fields)
_TOUCHED = (
    sa_update(_DIALOGUES)
    .where(_DIALOGUES.c.dialogue_id == bindparam("dialogue"))
    .values(last_at=bindparam("touched_at"))
)
_TOUCH = Prepared(_TOUCHED)
_MOVED = ("state", "handover_reason", "memory")
_MOVE_ON = Prepared(_TOUCHED.values({name: bindparam(f"new_{name}") for name in _MOVED}))


class Shown(NamedTuple):
    """What an answer shows, and its parts where it answers several questions."""

    impression: ImpressionRow
    parts: Sequence[AnswerPart] = ()


class Exchange(NamedTuple):
    """A message of the shopper, and what the clerk says to it."""

    dialogue_id: str
    shopper_text: str
    client_id: str
    shown: Shown
    after: AfterAnswer


def write_answer(
    connection: Connection, *, exchange: Exchange, now: datetime, hooks: DialogueHooks
) -> Callable[[], AnsweredTurn | None]:
    """Write the shopper's turn, the clerk's turn and its impression.

    Returns:
        What waits for the answer, the first one where the message came before; None while a person
        has the dialogue: then the shopper's turn alone is written.

    Raises:
        UnknownDialogue: there is no such dialogue.
    """
    dialogue_id, shopper_text, client_id, shown, after = exchange
    impression = shown.impression
    if not dialogue_id.isprintable():
        raise UnknownDialogue(dialogue_id)
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id)}
    locked = LOCKED_DIALOGUE.send(connection, named)
    known = _KNOWN.send(connection, named)
    if not locked.rows():
        raise UnknownDialogue(dialogue_id)
    dialogue = dialogue_of(locked.rows()[0])
    turn_id, *card = known.rows()[0]
    asked: Later | None = None
    if turn_id is None:
        asked = _send_question(connection, dialogue_id, shopper_text, client_id, now)
    else:
        _, answered = message_before(connection, dialogue, client_id)
        if answered is not None:
            return lambda: answered
    turn: Later | None = None
    if may(dialogue.state, after.act):
        _move_on(connection, dialogue, after, now)
        turn = _send_answer(connection, dialogue, client_id, shown, now)
    else:
        _TOUCH.send(connection, {"dialogue": dialogue_id, "touched_at": now})
    reason: HandoverReason | None = None
    if turn and dialogue.state == "waiting" and dialogue.channel not in WAIT_FOR_NOBODY:
        reason = reason_read(dialogue.handover_reason, "no_fitting_reply")
    hooks.answered(connection, dialogue_id, impression.impression_id, card, asked, reason, now)
    if turn is None:
        return lambda: None
    hooks.deliver(connection, dialogue, turn, now)
    return lambda: AnsweredTurn(turn(), impression, dialogue.state)


def _send_question(
    connection: Connection, dialogue_id: str, text: str, client_id: str, now: datetime
) -> Later:
    turn = DialogueTurnRow(
        dialogue_id=dialogue_id,
        speaker="shopper",
        text=text,
        client_id=short_key(client_id),
        at=now,
    )
    return send_turn(connection, turn)


def _send_answer(
    connection: Connection,
    dialogue: DialogueRow,
    client_id: str,
    shown: Shown,
    now: datetime,
) -> Later:
    """The clerk's turn, its impression and their parts.

    Shopper and arm are the dialogue's.
    """
    impression = shown.impression
    impression.dialogue_id = dialogue.dialogue_id
    impression.shopper_id = dialogue.shopper_id
    impression.arm = dialogue.arm
    _ADD_IMPRESSION.send(connection, dict(impression))
    for part in shown.parts:
        _ADD_PART.send(connection, part.model_dump())
    turn = DialogueTurnRow(
        dialogue_id=dialogue.dialogue_id,
        speaker="clerk",
        text=impression.text,
        impression_id=impression.impression_id,
        at=now,
    )
    return send_turn(connection, turn, answers=client_id)


def _move_on(
    connection: Connection, dialogue: DialogueRow, after: AfterAnswer, now: datetime
) -> None:
    """The dialogue's state and memory; one that waits goes on waiting for the same reason."""
    dialogue.state = moved(dialogue.state, after.act)
    waits_for = dialogue.handover_reason if dialogue.state == "waiting" else None
    dialogue.handover_reason = after.handover or waits_for
    dialogue.memory = memory_stored(after.memory)
    new = {f"new_{name}": getattr(dialogue, name) for name in _MOVED}
    _MOVE_ON.send(connection, {"dialogue": dialogue.dialogue_id, "touched_at": now, **new})
