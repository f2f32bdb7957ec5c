"""Action runs under way: what is due now, and what a shopper already waits for."""

from datetime import datetime
from typing import Final

from sqlmodel import and_, col, or_, select

from feedback.actions.states import ENDS, TO_SEND
from feedback.db import ActionRun, Database

WAITING: Final = ("submitted", "offered")  # for a colleague's word, or for the shopper's on it


class RunsUnderWay:
    """Runs that have not ended, and ends that nobody was told of."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db

    def is_due(self, now: datetime) -> bool:
        """Whether anything is to be carried out or told now: one read, several times a second."""
        due = select(ActionRun.run_id).where(
            or_(
                and_(
                    or_(
                        col(ActionRun.state).in_(TO_SEND),
                        and_(col(ActionRun.state).in_(ENDS), col(ActionRun.told_at).is_(None)),
                    ),
                    ActionRun.due_at <= now,
                ),
                and_(ActionRun.state == "offered", col(ActionRun.told_at).is_(None)),
            )
        )
        with self._db.reading() as session:
            return session.exec(due.limit(1)).first() is not None

    def of_dialogue(self, dialogue_id: str) -> list[ActionRun]:
        """What a shopper said yes to and has not been done yet, the newest first."""
        open_ = select(ActionRun).where(
            ActionRun.dialogue_id == dialogue_id,
            col(ActionRun.state).in_((*WAITING, *TO_SEND)),
        )
        with self._db.reading() as session:
            return list(session.exec(open_.order_by(col(ActionRun.confirmed_at).desc())))
