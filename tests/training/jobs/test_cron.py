"""Crons: read as crontab reads them, in every zone, through every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from training.jobs.cron import Cron, UnreadableCron

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
LEFT_OUT_A_FRIDAY = {"Pacific/Apia", "Pacific/Fakaofo"}  # in 2011, when they crossed the date line


def days(expression, zone="UTC", since=MONDAY - timedelta(minutes=1), count=14):
    """The local days on which it is due within `count` days."""
    until = since + timedelta(days=count)
    due = takewhile(lambda moment: moment < until, Cron(expression, zone).after(since))
    return [moment.astimezone(ZoneInfo(zone)).date() for moment in due]


def times(expression, zone, since, count):
    """The next `count` times, as the shop's clock shows them."""
    due = islice(Cron(expression, zone).after(since), count)
    return [moment.astimezone(ZoneInfo(zone)).strftime("%d %H:%M") for moment in due]


def weekdays(expression):
    """The weekdays of a fortnight on which it is due, Monday as 1."""
    return sorted({day.isoweekday() for day in days(expression)})


class TestWeekdays:
    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            ("1", [1]),
            ("0", [7]),
            ("7", [7]),
            ("sun", [7]),
            ("SAT", [6]),
            ("mon-fri", [1, 2, 3, 4, 5]),
            ("1-5", [1, 2, 3, 4, 5]),
            ("5-7", [5, 6, 7]),
            ("0-2", [1, 2, 7]),
            ("*/2", [2, 4, 6, 7]),
            ("1-5/2", [1, 3, 5]),
            ("1,3,sat", [1, 3, 6]),
            ("*", [1, 2, 3, 4, 5, 6, 7]),
        ],
    )
    def test_they_count_as_in_crontab(self, field, expected):
        """Monday is 1; Sunday is 0 and 7."""
        assert expected == weekdays(f"0 9 * * {field}")

    def test_day_or_weekday(self):
        """Both named, either will do; with a star in one of them, both must fit."""
        either = days("0 9 13 * mon", count=28)
        assert [date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 13)] == either[:3]
        assert [date(2026, 12, 7)] == days("0 9 */2 * mon", count=14)


class TestUnreadable:
    @pytest.mark.parametrize(
        ("expression", "reason"),
        [
            ("0 9 * * 8", "bad day-of-week"),
            ("0 24 * * *", "bad hour"),
            ("61 9 * * *", "bad minute"),
            ("0 9 * *", "4 fields"),
            ("0 0 9 * * *", "6 fields"),
            ("every monday", "2 fields"),
            ("", "0 fields"),
            ("0 9 * * 5-1", "bad day-of-week"),
            ("0 9 31 2 *", "bad day-of-month"),
            ("0 9 */0 * *", "bad day-of-month"),
        ],
    )
    def test_the_field_is_named(self, expression, reason):
        """With the way to write it."""
        with pytest.raises(UnreadableCron, match=f"{reason}.*minute, hour, day"):
            Cron(expression)


class TestClocksAreChanged:
    def test_berlin_after_midnight(self):
        """Every night of the change in March, though the day has 23 hours."""
        since = datetime(2027, 3, 27, 12, tzinfo=UTC)
        expected = ["28 00:30", "29 00:30", "30 00:30"]
        assert expected == times("30 0 * * *", "Europe/Berlin", since, 3)

    def test_new_york_weekly(self):
        """Mondays at midnight, through both changes."""
        spring = datetime(2027, 3, 12, tzinfo=UTC)
        assert ["15 00:00", "22 00:00"] == times("0 0 * * 1", "America/New_York", spring, 2)
        autumn = datetime(2027, 11, 6, tzinfo=UTC)
        assert ["08 00:00", "15 00:00"] == times("0 0 * * 1", "America/New_York", autumn, 2)

    def test_an_hour_that_comes_twice_has_its_job_once(self):
        """Helsinki sets its clocks back from four to three."""
        since = datetime(2027, 10, 30, 12, tzinfo=UTC)
        slots = list(islice(Cron("0 3 * * *", "Europe/Helsinki").after(since), 2))
        assert [datetime(2027, 10, 31, 0, tzinfo=UTC), datetime(2027, 11, 1, 1, tzinfo=UTC)] == (
            slots
        )

    def test_asked_within_the_second_of_the_two_hours(self):
        """The first of them is over: what comes next is tomorrow's."""
        again = datetime(2027, 10, 31, 1, 0, tzinfo=UTC)  # 03:00 the second time
        assert ["01 03:30"] == times("30 3 * * *", "Europe/Helsinki", again, 1)

    def test_a_job_of_every_hour_follows_the_time_that_passes(self):
        """Twenty-five times on the long day, twenty-three on the short one."""
        for day, expected in ((date(2027, 10, 31), 25), (date(2027, 3, 28), 23)):
            since = datetime.combine(day, datetime.min.time(), ZoneInfo("Europe/Berlin"))
            assert expected == days("17 * * * *", "Europe/Berlin", since, 2).count(day)

    def test_several_minutes_of_a_lost_hour(self):
        """They come an hour later, in order, and none of the next hour's is lost."""
        since = datetime(2027, 3, 28, tzinfo=UTC)
        expected = ["28 03:00", "28 03:30", "28 03:45", "29 02:00"]
        assert expected == times("0,30,45 2 * * *", "Europe/Berlin", since, 4)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(1996, 2037),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_every_day_of_the_shop_has_its_slot_once(zone, year, hour, minute):
    """In any zone and year: none lost, none twice, each later than the one before."""
    begin, end = (datetime(y, 1, 1, tzinfo=ZoneInfo(zone)) for y in (year, year + 1))
    since = begin.astimezone(UTC) - timedelta(microseconds=1)
    slots = list(
        takewhile(lambda moment: moment < end, Cron(f"{minute} {hour} * * *", zone).after(since))
    )

    hours = (begin.astimezone(UTC) + timedelta(hours=n) for n in range(366 * 24 + 25))
    there = {each.astimezone(begin.tzinfo).date() for each in hours if each < end}
    assert sorted(there) == [slot.astimezone(begin.tzinfo).date() for slot in slots]
    assert sorted(set(slots)) == slots


@settings(max_examples=100, deadline=None)
@given(
    zone=st.sampled_from([zone for zone in ZONES if zone not in LEFT_OUT_A_FRIDAY]),
    since=st.integers(9_500, 24_500).map(lambda day: datetime.fromtimestamp(day * 86_399, UTC)),
    weekday=st.integers(0, 7),
)
def test_a_weekday_comes_every_seven_days(zone, since, weekday):
    """Read at any moment: the next one is at most a week and a moved clock away."""
    slots = list(islice(Cron(f"0 12 * * {weekday}", zone).after(since), 3))
    local = [slot.astimezone(ZoneInfo(zone)) for slot in slots]

    assert {weekday % 7} == {each.isoweekday() % 7 for each in local}
    assert all(
        timedelta(days=7) == later.date() - before.date() for before, later in pairwise(local)
    )
    assert since < slots[0] <= since + timedelta(days=7, hours=2)
