"""Drawing queue: puts into the outbox what Slack has to be shown again."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.channels.slack.action_card import reminder_text
from bot.channels.slack.config import StaffPlace
from feedback.db import Database
from feedback.desk import (
    ActionCards,
    AnswerTargets,
    CardDrawings,
    FileOutbox,
    Reminders,
    Sheets,
)

REMIND_EVERY: Final = timedelta(seconds=1)  # targets are minutes; each look reads the open cards
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class DrawingQueue:
    """Looks through the store for cards, files, sheets and reminders that are due."""

    def __init__(
        self, db: Database, where: StaffPlace, targets: AnswerTargets, pace: timedelta
    ) -> None:
        """All but cards is looked for once a `pace`: a look costs as much as two messages."""
        self._where = where
        self._pace = pace
        self._drawings = CardDrawings(db)
        self._files = FileOutbox(db)
        self._sheets = Sheets(db)
        self._actions = ActionCards(db)
        self._reminders = Reminders(db, targets)
        self._looked = self._reminded = NEVER

    def fill(self, now: datetime) -> None:
        """Queue what is due; nothing where the staff have no channel."""
        channel = self._where.review_channel
        if channel is None:
            return
        if now - self._reminded >= max(self._pace, REMIND_EVERY):
            self._reminded = now
            self._reminders.queue(channel, now)
        if now - self._looked >= self._pace:
            self._looked = now
            self._drawings.end_of_live(now)
            self._files.queue(now)
            self._sheets.queue(channel, now)
            self._actions.queue(channel, now)
            self._actions.queue_reminders(channel, reminder_text, now)
        self._drawings.queue_cards(channel, now)
