"""Rows of a dialogue, read and written inside a transaction that is already open."""

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert
from sqlmodel import Session, SQLModel, col, select

from feedback.database import find, insert_into
from feedback.errors import BadChoice, UnknownDialogue, UnknownImpression
from feedback.models import Dialogue, DialogueTurn, Exposure, Impression, Shopper

MAX_KEY_CHARS: Final = 200  # longer keys are kept by their hash: PostgreSQL indexes 2,700 bytes


class SlackThread(NamedTuple):
    """A thread in Slack, where a dialogue is held."""

    team: str
    channel: str
    thread_ts: str


class AnsweredTurn(NamedTuple):
    """The clerk's turn and what was shown in it."""

    turn: DialogueTurn
    impression: Impression
    state: str  # where the dialogue stands


class TalkSoFar(NamedTuple):
    """A dialogue as a new message of the shopper finds it."""

    dialogue: Dialogue
    before: list[DialogueTurn]  # the newest turns, in order
    asked: DialogueTurn | None  # the message itself, where it came before
    answered: AnsweredTurn | None


# The statements of every message are built once: building one takes as long as running it.
_TURN_OF_CLIENT = (
    select(DialogueTurn)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .where(DialogueTurn.client_id == bindparam("client_id"))
)
_NEWEST_TURNS = (
    select(DialogueTurn)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .order_by(col(DialogueTurn.turn_id).desc())
    .limit(bindparam("count"))
)
_TURNS_AFTER = (
    select(DialogueTurn)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .where(col(DialogueTurn.turn_id) > bindparam("turn_id"))
    .order_by(col(DialogueTurn.turn_id))
)
_ANSWER = (
    select(DialogueTurn, Impression)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .where(DialogueTurn.answers_turn_id == bindparam("turn_id"))
    .where(DialogueTurn.impression_id == Impression.impression_id)
    .order_by(col(DialogueTurn.turn_id))
)
_TURNS = SQLModel.metadata.tables["dialogueturn"]
_ADD_TURN = insert(_TURNS).returning(_TURNS.c.turn_id)


def check_choice(what: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not one of `known`.

    Raises:
        BadChoice: it is not.
    """
    if value not in known:
        raise BadChoice(what, value, known)


def short_key(key: str) -> str:
    """`key`, or its hash where it is too long for an index."""
    if len(key) <= MAX_KEY_CHARS:
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "ignore")).hexdigest()


def insert_once(session: Session, row: SQLModel) -> bool:
    """Write `row` unless its key is taken; whether it was written."""
    keys = type(row).__table__.primary_key.columns  # type: ignore[attr-defined]
    insert = insert_into(session, type(row)).values(row.model_dump()).on_conflict_do_nothing()
    return session.execute(insert.returning(*keys)).first() is not None


def in_thread(session: Session, slack: SlackThread | None) -> Dialogue | None:
    """The dialogue of a Slack thread."""
    if slack is None:
        return None
    return session.exec(
        select(Dialogue)
        .where(Dialogue.team == slack.team)
        .where(Dialogue.slack_channel == slack.channel)
        .where(Dialogue.thread_ts == slack.thread_ts)
    ).first()


def known_dialogue(
    session: Session, dialogue_id: str, slack: SlackThread | None
) -> Dialogue | None:
    """The dialogue under this id, or in this Slack thread."""
    return find(session, Dialogue, dialogue_id) or in_thread(session, slack)


def add_dialogue(
    session: Session, dialogue: Dialogue, experiment: str, slack: SlackThread | None
) -> Dialogue:
    """Write a dialogue, its shopper and their exposure, each unless it is there.

    The arm is the one recorded at the shopper's first contact, whatever the dialogue says.
    """
    shopper_id, now = dialogue.shopper_id, dialogue.started_at
    insert_once(session, Shopper(shopper_id=shopper_id, created_at=now))
    insert_once(
        session,
        Exposure(
            experiment=experiment,
            shopper_id=shopper_id,
            arm=dialogue.arm,
            channel=dialogue.channel,
            exposed_at=now,
        ),
    )
    dialogue.arm = session.get_one(Exposure, (experiment, shopper_id)).arm
    insert_once(session, dialogue)
    # Not ours, if another process has opened the same thread at this moment.
    opened = known_dialogue(session, dialogue.dialogue_id, slack)
    if opened is None:
        raise UnknownDialogue(dialogue.dialogue_id)
    return opened


def locked_dialogue(session: Session, dialogue_id: str) -> Dialogue:
    """The dialogue, kept from other writers until the transaction ends.

    Raises:
        UnknownDialogue: there is none.
    """
    dialogue = find(session, Dialogue, dialogue_id, lock=True)
    if dialogue is None:
        raise UnknownDialogue(dialogue_id)
    return dialogue


def shown_impression(session: Session, impression_id: str, *, lock: bool = False) -> Impression:
    """The impression under this id.

    Raises:
        UnknownImpression: there is none.
    """
    impression = find(session, Impression, impression_id, lock=lock)
    if impression is None:
        raise UnknownImpression(impression_id)
    return impression


def turn_of_client(session: Session, dialogue_id: str, client_id: str) -> DialogueTurn | None:
    """The turn that the sender named `client_id`."""
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id)}
    return session.exec(_TURN_OF_CLIENT, params=named).first()


def turns_after(session: Session, dialogue_id: str, turn_id: int) -> list[DialogueTurn]:
    """The dialogue's turns past `turn_id`, in order."""
    named = {"dialogue_id": dialogue_id, "turn_id": turn_id}
    return list(session.exec(_TURNS_AFTER, params=named))


def talk_so_far(session: Session, dialogue_id: str, client_id: str, count: int) -> TalkSoFar | None:
    """The dialogue, its newest `count` turns, and what became of the message `client_id`."""
    dialogue = find(session, Dialogue, dialogue_id)
    if dialogue is None:
        return None
    named = {"dialogue_id": dialogue_id, "count": count}
    before = list(reversed(session.exec(_NEWEST_TURNS, params=named).all()))
    key = short_key(client_id)
    asked = next((turn for turn in before if turn.client_id == key), None)
    if asked is None and len(before) == count:  # it may be older than those
        asked = turn_of_client(session, dialogue_id, client_id)
    answered = answer_to(session, dialogue, asked) if asked else None
    return TalkSoFar(dialogue, before, asked, answered)


def answer_to(session: Session, dialogue: Dialogue, asked: DialogueTurn) -> AnsweredTurn | None:
    """The clerk's answer to a shopper's turn."""
    named = {"dialogue_id": asked.dialogue_id, "turn_id": asked.turn_id}
    found = session.exec(_ANSWER, params=named).first()
    return AnsweredTurn(*found, dialogue.state) if found else None


def add_turn(
    session: Session,
    dialogue: Dialogue,
    speaker: str,
    text: str,
    now: datetime,
    *,
    client_id: str | None = None,
    author: str | None = None,
    answers_turn_id: int | None = None,
    impression_id: str | None = None,
) -> DialogueTurn:
    """Write one message, and give it its number."""
    turn = DialogueTurn(
        dialogue_id=dialogue.dialogue_id,
        speaker=speaker,
        text=text,
        author=author,
        client_id=short_key(client_id) if client_id else None,
        answers_turn_id=answers_turn_id,
        impression_id=impression_id,
        at=now,
    )
    dialogue.last_at = now
    row = turn.model_dump(exclude={"turn_id"})
    turn.turn_id = session.connection().execute(_ADD_TURN, row).scalar_one()
    return turn
