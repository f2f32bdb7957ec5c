"""Assigns cards to colleagues, takes them back, and snoozes them."""

from datetime import datetime

from feedback.db import Database, DeskRefused
from feedback.desk.card_lock import Staff, locked_card, refuse_others
from feedback.desk.cards import touch
from feedback.dialogues import moved


class Assignments:
    """Whose a card is, and when it is looked at again."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def assign(self, card_id: str, to: Staff, by: Staff, now: datetime) -> bool:
        """Give a card to a colleague; one that is taken over is then theirs to talk on.

        Returns:
            False: it is theirs already.

        Raises:
            DeskRefused: the card is closed, or another colleague talks with the shopper.
        """
        with locked_card(self.db, card_id) as (_, card, _dialogue):
            refuse_others(card, by, now)
            if card.assignee == to.id:
                return False
            card.assignee, card.assignee_name, card.live_until = to.id, to.name, None
            if card.state == "taken":
                touch(card, to.id, to.name, now)
            else:
                card.revision += 1
            return True

    def unassign(self, card_id: str, by: Staff, now: datetime) -> bool:
        """Put a card back: it is nobody's, and the shopper waits for a person.

        Returns:
            False: it is nobody's already.

        Raises:
            DeskRefused: the card is closed, or another colleague talks with the shopper.
        """
        with locked_card(self.db, card_id) as (_, card, dialogue):
            refuse_others(card, by, now)
            if card.assignee is None and card.state == "open":
                return False
            card.assignee = card.assignee_name = card.live_until = None
            if card.state == "taken":
                card.state = "open"
                dialogue.state = moved(dialogue.state, "put_back")
                card.waiting_since = card.waiting_since or now
            touch(card, by.id, by.name, now)
            return True

    def snooze(self, card_id: str, until: datetime, by: Staff, now: datetime) -> None:
        """Leave a card out of every list, and of reminders, until then or the shopper writes.

        Raises:
            DeskRefused: the card is closed, `until` is over, or another colleague has the card.
        """
        with locked_card(self.db, card_id) as (_, card, _dialogue):
            refuse_others(card, by, now)
            if until <= now:
                raise DeskRefused("past")
            card.snoozed_until = until
            card.reminded_at = card.escalated_at = None
            card.revision += 1

    def wake(self, card_id: str, by: Staff, now: datetime) -> bool:
        """End a snooze; False: it has ended already.

        Raises:
            DeskRefused: the card is closed, or another colleague has it.
        """
        with locked_card(self.db, card_id) as (_, card, _dialogue):
            refuse_others(card, by, now)
            if card.snoozed_until is None:
                return False
            card.snoozed_until = None
            card.revision += 1
            return True
