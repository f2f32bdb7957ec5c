"""Reads and writes of a dialogue on the message path, without the object mapper."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select as sa_select, true
from sqlmodel import SQLModel

from feedback.db import (
    Dialogue,
    DialogueRow,
    DialogueTurn,
    DialogueTurnRow,
    Impression,
    ImpressionRow,
    Prepared,
    short_key,
)
from feedback.dialogues.state import DialogueMemory, memory_read


class AnsweredTurn(NamedTuple):
    """The clerk's turn and what was shown in it."""

    turn: DialogueTurnRow
    impression: ImpressionRow
    state: str  # where the dialogue stands


class ShownImpression(NamedTuple):
    """What an earlier turn showed, as far as later ones ask for it."""

    impression_id: str
    kind: str
    reply_id: str | None
    locale: str
    choices: list[dict[str, Any]]


class Earlier(NamedTuple):
    """A turn of the dialogue so far."""

    turn_id: int
    speaker: str
    text: str
    client_id: str | None
    answers_turn_id: int | None
    shown: ShownImpression | None


class TalkSoFar(NamedTuple):
    """A dialogue as a new message of the shopper finds it."""

    dialogue: DialogueRow
    before: list[Earlier]  # the newest turns, in order
    asked_text: str | None  # the message itself, where it came before
    answered: AnsweredTurn | None

    @property
    def memory(self) -> DialogueMemory:
        """What the clerk remembers of it."""
        return memory_read(self.dialogue.memory)


# The statements of every message are built once: building one takes as long as running it.
_DIALOGUES, _IMPRESSIONS, _TURNS = (
    SQLModel.metadata.tables[str(table.__tablename__)]
    for table in (Dialogue, Impression, DialogueTurn)
)
_GIVEN = [
    name for name in DialogueTurnRow.model_fields if name not in ("turn_id", "answers_turn_id")
]
_ADD_TURN = Prepared(
    insert(_TURNS)
    .values(
        answers_turn_id=sa_select(_TURNS.c.turn_id)
        .where(_TURNS.c.dialogue_id == bindparam("of_dialogue"))
        .where(_TURNS.c.client_id == bindparam("answers"))
        .scalar_subquery()
    )
    .returning(_TURNS.c.turn_id, _TURNS.c.answers_turn_id),
    *_GIVEN,
)
_DIALOGUE = sa_select(*(_DIALOGUES.c[name] for name in DialogueRow.model_fields)).where(
    _DIALOGUES.c.dialogue_id == bindparam("dialogue_id")
)
LOCKED_DIALOGUE: Final = Prepared(_DIALOGUE.with_for_update())
TURN_KNOWN = (
    sa_select(_TURNS.c.turn_id)
    .where(_TURNS.c.dialogue_id == bindparam("dialogue_id"))
    .where(_TURNS.c.client_id == bindparam("client_id"))
    .scalar_subquery()
    .label("known")
)
_NEWEST = (
    sa_select(
        *(_TURNS.c[name] for name in Earlier._fields if name != "shown"),
        *(_IMPRESSIONS.c[name] for name in ShownImpression._fields),
    )
    .outerjoin(_IMPRESSIONS, _IMPRESSIONS.c.impression_id == _TURNS.c.impression_id)
    .where(_TURNS.c.dialogue_id == bindparam("dialogue_id"))
    .order_by(_TURNS.c.turn_id.desc())
    .limit(bindparam("count"))
    .subquery()
)
# A row for each of the newest turns, the dialogue's columns before it; without turns, one row.
_TALK = Prepared(
    _DIALOGUE.add_columns(TURN_KNOWN, *_NEWEST.c)
    .outerjoin(_NEWEST, true())
    .order_by(_NEWEST.c.turn_id)
)
_OF_DIALOGUE = len(DialogueRow.model_fields)  # columns; whether the message is known follows
_TURN_COLUMNS = [_TURNS.c[name] for name in DialogueTurnRow.model_fields]
_ASKED = Prepared(
    sa_select(*_TURN_COLUMNS)
    .where(_TURNS.c.dialogue_id == bindparam("dialogue_id"))
    .where(_TURNS.c.client_id == bindparam("client_id"))
)
_ANSWER = Prepared(
    sa_select(*_TURN_COLUMNS, *(_IMPRESSIONS.c[name] for name in ImpressionRow.model_fields))
    .where(_TURNS.c.dialogue_id == bindparam("dialogue_id"))
    .where(_TURNS.c.answers_turn_id == bindparam("turn_id"))
    .where(_TURNS.c.impression_id == _IMPRESSIONS.c.impression_id)
    .order_by(_TURNS.c.turn_id)
)
_OF_TURN = len(Earlier._fields) - 1  # columns; the impression's follow


def talk_so_far(
    connection: Connection, dialogue_id: str, client_id: str, count: int
) -> TalkSoFar | None:
    """The dialogue, its newest `count` turns, and what became of the message `client_id`."""
    if not dialogue_id.isprintable():
        return None
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id), "count": count}
    rows = _TALK.all(connection, named)
    if not rows:
        return None
    dialogue, known = dialogue_of(rows[0][:_OF_DIALOGUE]), rows[0][_OF_DIALOGUE]
    turns = [row[_OF_DIALOGUE + 1 :] for row in rows]
    before = [_earlier(turn) for turn in turns if turn[0] is not None]
    if known is None:
        return TalkSoFar(dialogue, before, None, None)
    asked, answered = message_before(connection, dialogue, client_id)
    return TalkSoFar(dialogue, before, asked.text if asked else None, answered)


def dialogue_of(row: Sequence[Any]) -> DialogueRow:
    """The dialogue in a row of its columns."""
    return DialogueRow(**dict(zip(DialogueRow.model_fields, row, strict=True)))


def _earlier(row: Sequence[Any]) -> Earlier:
    turn, shown = row[:_OF_TURN], row[_OF_TURN:]
    return Earlier._make((*turn, ShownImpression._make(shown) if shown[0] is not None else None))


def message_before(
    connection: Connection, dialogue: DialogueRow, client_id: str
) -> tuple[DialogueTurnRow | None, AnsweredTurn | None]:
    """The message `client_id` of the dialogue, and its answer, where it came before."""
    named = {"dialogue_id": dialogue.dialogue_id, "client_id": short_key(client_id)}
    row = _ASKED.first(connection, named)
    if row is None:
        return None, None
    asked = _turn_of(row)
    found = _ANSWER.first(connection, {**named, "turn_id": asked.turn_id})
    if found is None:
        return asked, None
    turn, shown = found[: len(row)], found[len(row) :]
    impression = ImpressionRow(**dict(zip(ImpressionRow.model_fields, shown, strict=True)))
    return asked, AnsweredTurn(_turn_of(turn), impression, dialogue.state)


def _turn_of(row: Sequence[Any]) -> DialogueTurnRow:
    return DialogueTurnRow(**dict(zip(DialogueTurnRow.model_fields, row, strict=True)))


def add_turn(
    connection: Connection,
    dialogue_id: str,
    speaker: str,
    text: str,
    now: datetime,
    *,
    client_id: str | None = None,
    author: str | None = None,
) -> DialogueTurnRow:
    """Write one message, and give it its number."""
    turn = DialogueTurnRow(
        dialogue_id=dialogue_id,
        speaker=speaker,
        text=text,
        author=author,
        client_id=short_key(client_id) if client_id else None,
        at=now,
    )
    return send_turn(connection, turn)()


def send_turn(
    connection: Connection, turn: DialogueTurnRow, *, answers: str | None = None
) -> Callable[[], DialogueTurnRow]:
    """Write `turn`; what is returned waits for its number. `answers`: the asked one's client_id."""
    row = {name: getattr(turn, name) for name in _GIVEN}
    asked = {"of_dialogue": turn.dialogue_id, "answers": short_key(answers) if answers else None}
    sent = _ADD_TURN.send(connection, {**row, **asked})

    def numbered() -> DialogueTurnRow:
        turn.turn_id, turn.answers_turn_id = sent.rows()[0]
        return turn

    return numbered
