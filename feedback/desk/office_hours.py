"""Office hours of the staff: reads them from a setting, and counts time within them.

>>> from datetime import UTC
>>> hours = read_office_hours("mon-fri 09:00-17:00")
>>> friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
>>> monday = datetime(2026, 3, 9, 9, 15, tzinfo=UTC)
>>> hours.between(friday, monday)
datetime.timedelta(seconds=2700)
>>> hours.after(friday, timedelta(hours=1)).isoformat()
'2026-03-09T09:30:00+00:00'
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS: Final = "always"
LONGEST: Final = 400  # days that are looked through for open hours: a year and its holidays
NIGHT: Final = time(0)  # as an end: midnight, when the day is over

_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d\d?):(\d\d)-(\d\d?):(\d\d)")
_Span = tuple[time, time]


@dataclass(frozen=True)
class OfficeHours:
    """When the staff are there: spans of each weekday in a time zone, and the days they are not."""

    spans: tuple[tuple[_Span, ...], ...]  # of Monday to Sunday, in order
    zone: tzinfo = UTC
    closed: frozenset[date] = frozenset()

    def open_at(self, moment: datetime) -> bool:
        """Whether the staff are there."""
        return next((opens for opens, _ in self._open_from(moment)), None) == moment

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two moments; none where `end` is not later."""
        found = timedelta(0)
        for opens, closes in self._open_from(start):
            if opens >= end:
                break
            found += min(closes, end) - opens
        return found

    def after(self, start: datetime, wait: timedelta) -> datetime | None:
        """When so much office time has passed; None: not within `LONGEST` days."""
        left = wait
        for opens, closes in self._open_from(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        return None

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open spans from a moment on, in UTC."""
        first = start.astimezone(self.zone).date()
        for number in range(LONGEST):
            day = first + timedelta(days=number)
            for opens, closes in () if day in self.closed else self.spans[day.weekday()]:
                ends = day + timedelta(days=1) if closes == NIGHT else day
                until = datetime.combine(ends, closes, self.zone).astimezone(UTC)
                since = max(start, datetime.combine(day, opens, self.zone).astimezone(UTC))
                if since < until:
                    yield since, until


def read_office_hours(
    text: str, zone: tzinfo = UTC, closed: frozenset[date] = frozenset()
) -> OfficeHours:
    """Office hours as they are written in a setting; `always` is around the clock.

    >>> read_office_hours("sat 9:00-12:00, sat 13:00-24:00").spans[5]
    ((datetime.time(9, 0), datetime.time(12, 0)), (datetime.time(13, 0), datetime.time(0, 0)))

    Raises:
        ValueError: it can not be read; the message says how it is written.
    """
    spans: list[list[_Span]] = [[] for _ in DAYS]
    if text.strip().lower() == ALWAYS:
        return OfficeHours(tuple(((NIGHT, NIGHT),) for _ in DAYS), zone, closed)
    for part in text.lower().split(","):
        days, span = _read_part(part.strip())
        for day in days:
            spans[day].append(span)
    for of_day in spans:
        of_day.sort()
        for (_, closes), (opens, _) in pairwise(of_day):
            if closes == NIGHT or opens < closes:
                raise ValueError(f"hours of one day overlap at {opens:%H:%M}")
    return OfficeHours(tuple(tuple(of_day) for of_day in spans), zone, closed)


def _read_part(part: str) -> tuple[list[int], _Span]:
    found = _PART.fullmatch(part)
    if found is None or not {found[1], found[2] or found[1]} <= set(DAYS):
        raise ValueError(
            f"{part!r:.40} is not read; write it like mon-fri 09:00-17:00, sat 10:00-14:00,"
            f" or {ALWAYS}"
        )
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = [(first + number) % 7 for number in range((last - first) % 7 + 1)]
    opens, closes = _clock(found[3], found[4]), _clock(found[5], found[6])
    if closes != NIGHT and closes <= opens:
        raise ValueError(
            f"{part!r:.40} ends before it begins; write a night as fri 22:00-24:00, sat 0:00-6:00"
        )
    return days, (opens, closes)


def _clock(hour: str, minute: str) -> time:
    if (hour, minute) == ("24", "00"):
        return NIGHT
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{hour}:{minute} is no time of day") from None
