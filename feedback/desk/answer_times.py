"""Answer times of the staff in a period: how many, how long in office time, how many in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from sqlmodel import col, select

from feedback.db import Database, StaffWait
from feedback.desk.targets import AnswerTargets


class AnswerTimes(NamedTuple):
    """Answers of one kind against their target."""

    answers: int
    median: timedelta  # half came within it, in office time
    in_time: int
    target: timedelta


class StaffAnswers(NamedTuple):
    """What became of the waits that ended in a period."""

    first: AnswerTimes | None  # to who came to the staff; None: there was none
    next: AnswerTimes | None  # to what they wrote afterwards
    unanswered: int  # closed without a word
    reminders: int
    escalations: int


def read_staff_answers(
    db: Database, targets: AnswerTargets, since: datetime | None, until: datetime
) -> StaffAnswers:
    """The waits that ended from `since` on, before `until`."""
    ended = select(StaffWait).where(col(StaffWait.ended_at) < until)
    if since is not None:
        ended = ended.where(col(StaffWait.ended_at) >= since)
    with db.reading() as session:
        waits = session.exec(ended).all()
    answered = [wait for wait in waits if wait.answered]
    return StaffAnswers(
        first=_times([w for w in answered if w.kind == "first"], targets.first, targets),
        next=_times([w for w in answered if w.kind == "next"], targets.next, targets),
        unanswered=len(waits) - len(answered),
        reminders=sum(wait.reminded for wait in waits),
        escalations=sum(wait.escalated for wait in waits),
    )


def _times(
    waits: Sequence[StaffWait], target: timedelta, targets: AnswerTargets
) -> AnswerTimes | None:
    if not waits:
        return None
    lengths = [targets.hours.between(wait.began_at, wait.ended_at) for wait in waits]
    in_time = sum(length <= target for length in lengths)
    half = median(length.total_seconds() for length in lengths)
    return AnswerTimes(len(waits), timedelta(seconds=half), in_time, target)
