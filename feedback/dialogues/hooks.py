"""Hooks of a dialogue: what else is written, in the same transaction, when a dialogue changes.

Dialogues know neither the desk nor any channel. Who keeps a card of each dialogue, and who carries
what is said to where the shopper reads it, is told through these; the wiring hands them in.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlmodel import Session

from feedback.db import Dialogue, DialogueRow, DialogueTurnRow
from feedback.dialogues.state import HandoverReason

Later = Callable[[], DialogueTurnRow]  # waits for what the store makes of a turn: its number


class DialogueHooks(Protocol):
    """Each is called once the dialogue is locked, and may write through what it is given."""

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
        """A message of the shopper was taken.

        Args:
            impression_id: What was shown in return.
            card: State, channel and ts of the dialogue's open card; all None where none is open.
            asked: The shopper's turn; None where it came before.
            reason: Why the shopper waits for a person from now on; None where they do not.
        """

    def said(self, connection: Connection, turn: DialogueTurnRow, now: datetime) -> None:
        """Somebody said something that is no answer of the clerk's."""

    def deliver(
        self, connection: Connection, dialogue: DialogueRow, turn: Later, now: datetime
    ) -> None:
        """The shopper is to read `turn`, wherever they are."""

    def state_changed(
        self, session: Session, dialogue: Dialogue, author: str | None, now: datetime
    ) -> None:
        """Another has the dialogue now: the clerk, the staff, or nobody any more."""
