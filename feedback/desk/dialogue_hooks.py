"""Dialogue hooks of the desk: keep the card in step, and send what is said to its channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from feedback.db import Dialogue, DialogueRow, DialogueTurnRow
from feedback.desk.cards import (
    deliver_turn,
    follow_state,
    note_turn,
    open_card,
    send_asked,
    send_waiting,
    show_turn,
)
from feedback.dialogues import HandoverReason, Later


class DeskHooks:
    """`DialogueHooks` of the desk."""

    def answered(
        self,
        connection: Connection,
        dialogue_id: str,
        impression_id: str,
        card: Sequence[Any],
        asked: Later | None,
        reason: HandoverReason | None,
        now: datetime,
    ) -> None:
        """What was asked shows on the open card; with a `reason` the shopper waits on one."""
        state, *_ = card
        if reason is not None and state is None:
            open_card(connection, dialogue_id, reason, now, impression_id=impression_id)
        elif reason is not None:
            send_waiting(connection, dialogue_id, reason, now)
        elif asked is not None and state is not None:
            send_asked(connection, dialogue_id, now)
        if asked is not None and state == "taken":
            show_turn(connection, card, asked(), now)

    def said(self, connection: Connection, turn: DialogueTurnRow, now: datetime) -> None:
        """A new turn shows on the card."""
        note_turn(connection, turn, now)

    def deliver(
        self, connection: Connection, dialogue: DialogueRow, turn: Later, now: datetime
    ) -> None:
        """Threads get what is said through their channel's outbox; web chats read the store."""
        if dialogue.thread_ts:
            deliver_turn(connection, dialogue, turn(), now)

    def state_changed(
        self, session: Session, dialogue: Dialogue, author: str | None, now: datetime
    ) -> None:
        """The card opens, is taken or closes with the dialogue."""
        follow_state(session, dialogue, author, now)
