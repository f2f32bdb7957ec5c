"""Rows of a dialogue, read and written inside a transaction that is already open."""

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

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
    return session.exec(
        select(DialogueTurn)
        .where(DialogueTurn.dialogue_id == dialogue_id)
        .where(DialogueTurn.client_id == short_key(client_id))
    ).first()


def answer_to(session: Session, asked: DialogueTurn) -> AnsweredTurn | None:
    """The clerk's answer to a shopper's turn."""
    found = session.exec(
        select(DialogueTurn, Impression)
        .where(DialogueTurn.dialogue_id == asked.dialogue_id)
        .where(DialogueTurn.answers_turn_id == asked.turn_id)
        .where(DialogueTurn.impression_id == Impression.impression_id)
        .order_by(col(DialogueTurn.turn_id))
    ).first()
    return AnsweredTurn(*found) if found else None


def add_turn(
    session: Session,
    dialogue: Dialogue,
    speaker: str,
    text: str,
    now: datetime,
    *,
    client_id: str | None = None,
    author: str | None = None,
) -> DialogueTurn:
    """Write one message, and give it its number."""
    turn = DialogueTurn(
        dialogue_id=dialogue.dialogue_id,
        speaker=speaker,
        text=text,
        author=author,
        client_id=short_key(client_id) if client_id else None,
        at=now,
    )
    dialogue.last_at = now
    session.add(turn)
    session.flush()
    return turn


def add_answer(
    session: Session,
    dialogue: Dialogue,
    asked: DialogueTurn,
    impression: Impression,
    now: datetime,
) -> AnsweredTurn:
    """Write the clerk's turn and its impression; shopper and arm are the dialogue's."""
    impression.dialogue_id = dialogue.dialogue_id
    impression.shopper_id = dialogue.shopper_id
    impression.arm = dialogue.arm
    session.add(impression)
    turn = add_turn(session, dialogue, "clerk", impression.text, now)
    turn.answers_turn_id = asked.turn_id
    turn.impression_id = impression.impression_id
    session.flush()
    return AnsweredTurn(turn, impression)
