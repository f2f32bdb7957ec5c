"""Queue of requests to change the model: a bot writes them down, the schedule carries them out.

Only the schedule's machine may write the models. A request is taken by one process and answered
with a sentence; one that nobody takes is withdrawn, so that it does not come true when the person
who asked has long turned to something else.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col, select, update

from feedback.db.database import Database
from feedback.db.errors import BadChoice
from feedback.db.tables.processes import ModelRequest
from feedback.db.upsert import find

ACTS: Final = ("retrain", "promote", "keep", "roll_back")
STALE: Final = timedelta(minutes=5)  # older ones were left by a bot that died before it withdrew


class ModelRequests:
    """The requests of all bots of one shop."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def ask(
        self, request_id: str, act: str, person: str, now: datetime, version: int | None = None
    ) -> None:
        """Write one down.

        Raises:
            BadChoice: nobody can carry out such an act.
        """
        if act not in ACTS:
            raise BadChoice("act on the model", act, ACTS)
        with self.db.transaction() as session:
            session.add(
                ModelRequest(
                    request_id=request_id, act=act, version=version, person=person, asked_at=now
                )
            )

    def get(self, request_id: str) -> ModelRequest | None:
        """How a request stands."""
        with self.db.reading() as session:
            return find(session, ModelRequest, request_id)

    def take(self, now: datetime) -> ModelRequest | None:
        """The oldest that nobody has taken, now the caller's; None: there is none."""
        with self.db.reading() as session:
            oldest = session.exec(
                select(ModelRequest)
                .where(
                    col(ModelRequest.taken_at).is_(None), col(ModelRequest.finished_at).is_(None)
                )
                .where(col(ModelRequest.asked_at) > now - STALE)
                .order_by(col(ModelRequest.asked_at))
                .limit(1)
            ).first()
        if oldest is None or not self._untaken(oldest.request_id, taken_at=now):
            return None
        return oldest

    def withdraw(self, request_id: str, now: datetime) -> bool:
        """Take a request back; False: somebody is at it already."""
        return self._untaken(request_id, finished_at=now, refused=True, sentence="withdrawn")

    def finish(self, request: ModelRequest, sentence: str, now: datetime, *, refused: bool) -> None:
        """Say what came of it."""
        with self.db.transaction() as session:
            session.execute(
                update(ModelRequest)
                .where(col(ModelRequest.request_id) == request.request_id)
                .values(finished_at=now, refused=refused, sentence=sentence)
            )

    def _untaken(self, request_id: str, **changes: Any) -> bool:
        """Change a request unless another was faster."""
        with self.db.transaction() as session:
            changed = session.execute(
                update(ModelRequest)
                .where(col(ModelRequest.request_id) == request_id)
                .where(
                    col(ModelRequest.taken_at).is_(None), col(ModelRequest.finished_at).is_(None)
                )
                .values(**changes)
                .returning(col(ModelRequest.request_id))
            )
            return changed.first() is not None
