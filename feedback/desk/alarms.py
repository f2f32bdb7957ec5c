"""Alarms for the staff when answering gets worse, once an hour while it lasts, and when it ends.

Each alarm is a message of the outbox under a key that names its hour: however many processes see
the same trouble, the channel reads it once.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from feedback.db import Database
from feedback.desk.gauges import Gauges, read_gauges
from feedback.desk.outbox import Outbox

MIN_ANSWERS: Final = 10  # fewer tell nothing
KEYWORDS_SHARE: Final = 0.2
HANDOVER_SHARE: Final = 0.6  # a good shop's is 0.1 to 0.3; past this the book or the model is wrong
OUTBOX_SECONDS: Final = 600.0
QUIET: Final = timedelta(minutes=5)  # well for so long: it is over


class Alarm(NamedTuple):
    """One thing that is wrong."""

    kind: str  # model, handover, outbox, job
    text: str


def alarms(seen: Gauges) -> list[Alarm]:
    """What is wrong in `seen`.

    >>> seen = Gauges(0, 0.0, 0, 0, answers=40, by_keywords=12, handed_over=3, jobs=())
    >>> [alarm.kind for alarm in alarms(seen)]
    ['model']
    """
    found = []
    if seen.answers >= MIN_ANSWERS:
        if seen.by_keywords >= KEYWORDS_SHARE * seen.answers:
            found.append(
                Alarm(
                    "model",
                    f"{seen.by_keywords} of {seen.answers} answers in the last ten minutes came"
                    " from keyword search: the model server does not answer in time. Shoppers are"
                    " served, less well. `shopclerk check` says what is wrong.",
                )
            )
        elif seen.handed_over >= HANDOVER_SHARE * seen.answers:
            found.append(
                Alarm(
                    "handover",
                    f"{seen.handed_over} of {seen.answers} answers in the last ten minutes handed"
                    " the dialogue over to you. If the questions are ordinary ones, roll the model"
                    " back: `shopclerk rollback`.",
                )
            )
    if seen.outbox_oldest > OUTBOX_SECONDS:
        found.append(
            Alarm(
                "outbox",
                f"{seen.outbox} messages wait for Slack, the oldest for"
                f" {seen.outbox_oldest / 60:.0f} minutes.",
            )
        )
    for job in seen.jobs:
        if job.state == "failed":
            note = f": {job.note}" if job.note else ""
            found.append(Alarm(f"job-{job.job}", f"The job {job.job} failed{note}"))
    return found


class Watchman:
    """Looks, and has the review channel told."""

    def __init__(self, db: Database, channel: str) -> None:
        """Tell `channel` of Slack."""
        self._db, self._outbox, self._channel = db, Outbox(db), channel
        self._seen: dict[str, datetime] = {}  # when each was seen last

    def look(self, now: datetime) -> list[Alarm]:
        """Look once; what is wrong is written to the outbox. Returns it.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        found = alarms(read_gauges(self._db, now))
        for alarm in found:
            self._seen[alarm.kind] = now
            self._tell(f"alarm:{alarm.kind}:{now:%Y-%m-%dT%H}", f":warning: {alarm.text}", now)
        for kind in self._over(now, {alarm.kind for alarm in found}):
            began = self._seen.pop(kind)
            text = (
                f":white_check_mark: {_NAMES.get(kind, kind)}: well again since {began:%H:%M} UTC."
            )
            self._tell(f"alarm:{kind}:over:{began:%Y-%m-%dT%H}", text, now)
        return found

    def _over(self, now: datetime, still: Iterable[str]) -> list[str]:
        wrong = set(still)
        return [k for k, at in self._seen.items() if k not in wrong and now - at >= QUIET]

    def _tell(self, key: str, text: str, now: datetime) -> None:
        payload = {"text": text}
        self._outbox.put(key=key, lane=self._channel, kind="words", now=now, payload=payload)


_NAMES: Final = {"model": "Answers", "handover": "Hand-overs", "outbox": "Slack"}
