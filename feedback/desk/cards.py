"""Cards of the desk, kept in step inside the transaction that changes the dialogue."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, case, func, insert, null, update
from sqlmodel import Session, SQLModel, select

from feedback.db import (
    Database,
    DeskCard,
    Dialogue,
    DialogueRow,
    DialogueTurnRow,
    Impression,
    Prepared,
    Sent,
    Words,
    find,
)
from feedback.desk.outgoing import Outgoing, join_waiting, put_message
from feedback.desk.waits import end_wait
from feedback.dialogues import HandoverReason, reason_read

_OPEN_CARD = (
    select(DeskCard)
    .where(DeskCard.dialogue_id == bindparam("dialogue_id"))
    .where(DeskCard.state != "closed")
)
_CARDS = SQLModel.metadata.tables[str(DeskCard.__tablename__)]
_OPEN = Prepared(insert(_CARDS), *DeskCard.model_fields)
_NOTED = (
    update(_CARDS)
    .where(_CARDS.c.dialogue_id == bindparam("dialogue"))
    .where(_CARDS.c.state != "closed")
    .values(revision=_CARDS.c.revision + 1)
    .returning(_CARDS.c.state, _CARDS.c.channel, _CARDS.c.ts)
)
_NOTE = Prepared(_NOTED)
# Who wrote waits for the staff, from the first word on that nobody has answered.
_WAITS = {
    _CARDS.c.waiting_since: func.coalesce(
        _CARDS.c.waiting_since, bindparam("asked_at", type_=_CARDS.c.waiting_since.type)
    ),
    _CARDS.c.snoozed_until: null(),
}
_NOTE_ASKED = Prepared(_NOTED.values(_WAITS))
_WAIT_ON = Prepared(
    _NOTED.values(_WAITS).values(
        # A person who opens the card is told beforehand of an insult, and that nothing arrives.
        reason=case(
            (bindparam("new_reason") == "abuse", "abuse"),
            (bindparam("new_reason") == "not_delivered", "not_delivered"),
            else_=_CARDS.c.reason,
        ),
        comment=func.coalesce(bindparam("new_comment", type_=Words), _CARDS.c.comment),
    )
)


def open_card_of(session: Session, dialogue_id: str) -> DeskCard | None:
    """The dialogue's card that is not closed yet."""
    return session.exec(_OPEN_CARD, params={"dialogue_id": dialogue_id}).first()


def wait_for_staff(
    connection: Connection,
    dialogue_id: str,
    reason: HandoverReason,
    now: datetime,
    *,
    comment: str | None = None,
    impression_id: str | None = None,
) -> None:
    """Open the dialogue's card; on one that is open already, only what is new is noted."""
    if not send_waiting(connection, dialogue_id, reason, now, comment).rows():
        open_card(connection, dialogue_id, reason, now, comment, impression_id)


def send_waiting(
    connection: Connection,
    dialogue_id: str,
    reason: HandoverReason,
    now: datetime,
    comment: str | None = None,
) -> Sent:
    """Note on the dialogue's open card why the shopper waits: the card, as `show_turn` takes it."""
    named = {"new_reason": reason, "new_comment": comment}
    return _WAIT_ON.send(connection, {"dialogue": dialogue_id, "asked_at": now, **named})


def send_asked(connection: Connection, dialogue_id: str, now: datetime) -> Sent:
    """Note on the dialogue's open card that the shopper wrote: as `send_waiting`."""
    return _NOTE_ASKED.send(connection, {"dialogue": dialogue_id, "asked_at": now})


def open_card(
    connection: Connection,
    dialogue_id: str,
    reason: HandoverReason,
    now: datetime,
    comment: str | None = None,
    impression_id: str | None = None,
) -> None:
    """Open a card for a dialogue that has none."""
    card = DeskCard(
        card_id=uuid4().hex,
        dialogue_id=dialogue_id,
        reason=reason,
        comment=comment or None,
        impression_id=impression_id,
        opened_at=now,
        acted_at=now,
        waiting_since=now,
    )
    _OPEN.send(connection, card.model_dump())


def note_turn(
    connection: Connection, turn: DialogueTurnRow, now: datetime, *, answers: bool = True
) -> None:
    """A new turn shows on the card; a shopper's comes into its thread while a person has it.

    `answers` False: the shopper waits on after this turn of the staff.
    """
    if turn.speaker == "shopper":
        for card in send_asked(connection, turn.dialogue_id, now).rows():
            show_turn(connection, card, turn, now)
        return
    if turn.speaker == "staff" and answers:
        end_wait(connection, turn.dialogue_id, now, answered=True)
    _NOTE.send(connection, {"dialogue": turn.dialogue_id}).rows()


def show_turn(
    connection: Connection, card: Sequence[Any], turn: DialogueTurnRow, now: datetime
) -> None:
    """A shopper's turn comes into the card's thread while a person has it.

    Turns that wait there still are told in one message.
    """
    state, channel, ts = card
    if turn.speaker == "shopper" and state == "taken" and channel and ts:
        told = Outgoing(
            key=f"in:{turn.turn_id}",
            lane=channel,
            thread_ts=ts,
            kind="shopper_turn",
            payload={"turn_ids": [turn.turn_id]},
            dialogue_id=turn.dialogue_id,
        )
        if not join_waiting(connection, told, "turn_ids"):
            put_message(connection, told, now)


def deliver_turn(
    connection: Connection, dialogue: DialogueRow, turn: DialogueTurnRow, now: datetime
) -> None:
    """What is said in a thread is put into its channel's outbox; web chats read the store."""
    if not (dialogue.slack_channel and dialogue.thread_ts):
        return
    by_clerk = turn.speaker == "clerk"
    put_message(
        connection,
        Outgoing(
            key=f"answer:{turn.impression_id}" if by_clerk else f"turn:{turn.turn_id}",
            lane=dialogue.slack_channel,
            thread_ts=dialogue.thread_ts,
            kind="answer" if by_clerk else "staff_turn",
            payload={"turn_id": turn.turn_id, "impression_id": turn.impression_id},
            channel=dialogue.channel,
            dialogue_id=dialogue.dialogue_id,
            speaker=turn.speaker,
        ),
        now,
    )


def close_card(
    session: Session, card: DeskCard, outcome: str, staff: str, name: str, now: datetime
) -> None:
    """Nobody waits any more; the card says who acted."""
    session.flush()
    end_wait(session.connection(), card.dialogue_id, now, answered=outcome == "sent")
    session.refresh(card)
    card.state, card.outcome, card.live_until = "closed", outcome, None
    touch(card, staff, name, now)


def take_card(card: DeskCard, staff: str, name: str, now: datetime) -> None:
    """Somebody of the staff talks with the shopper from now on."""
    card.state, card.live_until = "taken", None
    card.assignee, card.assignee_name = staff, name
    touch(card, staff, name, now)


def touch(card: DeskCard, staff: str, name: str, now: datetime) -> None:
    """Somebody of the staff acted."""
    card.staff, card.staff_name, card.acted_at = staff, name, now
    card.revision += 1


def follow_state(session: Session, dialogue: Dialogue, author: str | None, now: datetime) -> None:
    """Another desk (the page at /desk) changed the dialogue's state: its card follows."""
    card = open_card_of(session, dialogue.dialogue_id)
    name = author or "the desk"
    if dialogue.state in ("clerk", "done"):
        if card is not None:
            close_card(session, card, "done", f"desk:{name}", name, now)
    elif card is None:
        wait_for_staff(
            session.connection(),
            dialogue.dialogue_id,
            reason_read(dialogue.handover_reason, "asked_for_person"),
            now,
        )
        follow_state(session, dialogue, author, now)
    elif dialogue.state == "staff" and card.state == "open":
        take_card(card, f"desk:{name}", name, now)


def note_thumb(
    session: Session,
    shown: Impression,
    voter: str,
    value: str | None,
    comment: str | None,
    now: datetime,
) -> None:
    """The shopper's thumbs-down brings the dialogue to the staff; taken back, it goes again."""
    dialogue = find(session, Dialogue, shown.dialogue_id, lock=True)
    if dialogue is None or voter != dialogue.shopper_id:
        return
    if value == "down":
        wait_for_staff(
            session.connection(),
            dialogue.dialogue_id,
            "thumbs_down",
            now,
            comment=comment,
            impression_id=shown.impression_id,
        )
        return
    card = open_card_of(session, dialogue.dialogue_id)
    if card is None or card.state != "open" or card.reason != "thumbs_down":
        return  # who waits for another reason goes on waiting
    if card.impression_id == shown.impression_id:
        close_card(session, card, "taken_back", "shopper", "the shopper", now)


def note_undelivered(db: Database, dialogue_id: str, now: datetime) -> None:
    """What was to be said in a dialogue was refused for good: the staff are told on its card."""
    with db.transaction() as session:
        if find(session, Dialogue, dialogue_id, lock=True) is not None:
            wait_for_staff(session.connection(), dialogue_id, "not_delivered", now)
