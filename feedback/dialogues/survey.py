"""The question at a dialogue's end: was it solved, a grade, a word; counted as CSAT."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import col, select

from feedback.db import Database, Dialogue, Survey, UnknownDialogue, find

GOOD: Final = 4  # from this grade on a shopper counts as satisfied
GRADES: Final = range(1, 6)


class Csat(NamedTuple):
    """How shoppers who answered the question at the end felt."""

    answered: int = 0
    solved: int = 0
    graded: int = 0
    good: int = 0  # grades 4 and 5

    @property
    def share(self) -> float | None:
        """Good grades ÷ grades; None where nobody gave one."""
        return self.good / self.graded if self.graded else None


class Surveys(NamedTuple):
    """Keeps what shoppers said at the end."""

    db: Database

    def answer(
        self, dialogue_id: str, *, solved: bool, grade: int | None, comment: str, now: datetime
    ) -> None:
        """Keep a dialogue's answer; the last one counts.

        Raises:
            UnknownDialogue: there is no such dialogue.
        """
        with self.db.transaction() as session:
            if find(session, Dialogue, dialogue_id, lock=True) is None:
                raise UnknownDialogue(dialogue_id)
            said = Survey(
                dialogue_id=dialogue_id, solved=solved, grade=grade, comment=comment or None, at=now
            )
            session.merge(said)

    def csat(self, since: datetime, until: datetime) -> Csat:
        """What was answered between two moments."""
        asked = select(Survey.solved, Survey.grade)
        with self.db.reading() as session:
            found = session.exec(asked.where(col(Survey.at) >= since, col(Survey.at) < until)).all()
        grades = [grade for _, grade in found if grade is not None]
        return Csat(
            answered=len(found),
            solved=sum(solved for solved, _ in found),
            graded=len(grades),
            good=sum(grade >= GOOD for grade in grades),
        )
