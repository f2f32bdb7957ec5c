"""Cron expressions in a time zone: five fields, read as every crontab reads them.

Monday is 1, Sunday 0 or 7; where both the day of the month and the weekday are named, either will
do (crontab's rule). CronSim reads the fields and knows the calendar; what becomes of them when
clocks are changed is decided here.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from feedback.db import EPOCH

HOURS_A_DAY: Final = 24
WRITE: Final = (
    "Write five fields: minute, hour, day, month, weekday; '0 3 * * mon' is Mondays at 03:00"
)


class UnreadableCron(ValueError):
    """No crontab would take it."""


class Cron:
    """When a job is due.

    A job of certain hours follows the clock on the wall: an hour that comes twice has it once, the
    first time; in the night that leaves its hour out it comes as much later as clocks were moved. A
    job of every hour follows the time that passes.
    """

    def __init__(self, expression: str, zone: str = "UTC") -> None:
        """Read `expression`.

        Raises:
            UnreadableCron: with the field that is wrong.
        """
        fields = expression.split()
        if len(fields) != 5:
            raise UnreadableCron(f"it has {len(fields)} fields. {WRITE}")
        try:
            read = CronSim(expression, EPOCH)
        except CronSimError as error:
            raise UnreadableCron(f"{str(error).lower()}. {WRITE}") from None
        self.zone: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
        self._hourly = len(read.hours) == HOURS_A_DAY
        self._expression = " ".join([fields[0], "*" if self._hourly else fields[1], *fields[2:]])
        if next(self.after(EPOCH), None) is None:
            raise UnreadableCron(f"no such day ever comes. {WRITE}")

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Every time it is due later than `moment`, in UTC, each later than the one before."""
        last = moment.astimezone(UTC)
        for due in self._by_elapsed_time(last) if self._hourly else self._by_the_wall(last):
            if due > last:
                yield due
                last = due

    def _by_elapsed_time(self, since: datetime) -> Iterator[datetime]:
        for due in CronSim(self._expression, since.astimezone(self.zone)):
            yield due.astimezone(UTC)

    def _by_the_wall(self, since: datetime) -> Iterator[datetime]:
        """Day by day: hours that were moved come between those that were not."""
        # A day earlier, since clocks may have been set back or a day left out meanwhile.
        wall = since.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=1)
        for _, hours in groupby(CronSim(self._expression, wall), key=datetime.date):
            yield from sorted(self._first(each) for each in hours)

    def _first(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)
