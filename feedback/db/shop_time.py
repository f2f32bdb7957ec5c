"""The shop's time zone: moments as its clock shows them, and its offsets from UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from feedback.db.tables.columns import MICROSECOND, to_micros

DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)


class Offset(NamedTuple):
    """What the shop's clock is ahead of UTC, from a moment on."""

    since: datetime
    ahead: timedelta


def shop_clock_text(moment: datetime, zone: str) -> str:
    """A moment as the shop's clock shows it, with its zone.

    >>> shop_clock_text(datetime(2026, 11, 30, 8, tzinfo=UTC), "America/Los_Angeles")
    '2026-11-30 00:00 America/Los_Angeles'
    """
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"


def offsets(zone: str, since: datetime, until: datetime) -> list[Offset]:
    """The zone's offsets between two moments, the oldest first.

    >>> begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    >>> [f"{since:%m-%d %H:%M} {ahead}" for since, ahead in offsets("Europe/Berlin", begin, end)]
    ['01-01 00:00 1:00:00', '03-29 01:00 2:00:00', '10-25 01:00 1:00:00']
    """
    there = ZoneInfo(zone)

    def ahead(moment: datetime) -> timedelta:
        return moment.astimezone(there).utcoffset() or timedelta(0)

    moment = since.astimezone(UTC).replace(microsecond=0)
    found = [Offset(moment, ahead(moment))]
    while moment < until:
        before, moment = moment, moment + DAY  # no zone changes its clock twice a day
        if ahead(moment) != found[-1].ahead:
            low, high = before, moment
            while high - low > SECOND:
                middle = low + (high - low) // 2
                low, high = (low, middle) if ahead(middle) != ahead(before) else (middle, high)
            change = high.replace(microsecond=0)
            found.append(Offset(change, ahead(moment)))
    return found


def shop_clock_micros(micros: Any, zone: str, since: datetime, until: datetime) -> Any:
    """A column of moments between the two, shifted to what the shop's clock showed (for Ibis)."""
    import ibis  # noqa: PLC0415 - 2 s, which who only reads a report does not pay

    first, *later = offsets(zone, since, until)
    ahead = ibis.literal(first.ahead // MICROSECOND)
    if later:
        # The newest first: most rows are of this year, and are told by the first comparison.
        branches = [
            (micros >= to_micros(each.since), each.ahead // MICROSECOND) for each in later[::-1]
        ]
        ahead = ibis.cases(*branches, else_=first.ahead // MICROSECOND)
    return micros + ahead
