"""Office hours: how they are written, and how time within them is counted."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from feedback.desk.office_hours import OfficeHours, read_office_hours

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
moments = st.datetimes(  # hypothesis takes naive bounds beside `timezones`
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
waits = st.timedeltas(timedelta(minutes=1), timedelta(hours=100))


class TestWritten:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("9 to 5", "write it like mon-fri 09:00-17:00"),
            ("mon-fri 17:00-09:00", "ends before it begins"),
            ("mon 25:00-26:00", "25:00 is no time of day"),
            ("day-fri 09:00-17:00", "write it like"),
            ("mon 09:00-12:00, mon 11:00-15:00", "overlap at 11:00"),
            ("", "write it like"),
        ],
    )
    def test_what_can_not_be_read_is_refused_with_how_it_is_written(self, text, told):
        """The message names the part and the remedy."""
        with pytest.raises(ValueError, match=told):
            read_office_hours(text)

    def test_days_may_go_over_the_weekend(self):
        """From Saturday to Monday are three days."""
        hours = read_office_hours("sat-mon 10:00-12:00")

        assert [0, 5, 6] == [day for day, spans in enumerate(hours.spans) if spans]


class TestCounted:
    def test_nights_and_weekends_are_not(self):
        """Friday evening to Monday morning is what lies inside the hours of both."""
        hours = read_office_hours("mon-fri 09:00-17:00", BERLIN)
        friday = datetime(2026, 3, 6, 16, 30, tzinfo=BERLIN)
        monday = datetime(2026, 3, 9, 9, 30, tzinfo=BERLIN)

        assert HOUR == hours.between(friday, monday)
        assert monday == hours.after(friday, HOUR)

    def test_a_closed_day_is_not(self):
        """Christmas on a Friday: the next hours are Monday's."""
        hours = read_office_hours("mon-fri 09:00-17:00", UTC, frozenset([date(2026, 12, 25)]))
        eve = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)

        assert datetime(2026, 12, 28, 9, 30, tzinfo=UTC) == hours.after(eve, HOUR)

    def test_the_hour_that_summer_time_takes_is_not(self):
        """On 29 March 2026 Berlin's clocks go from 2 to 3: that day has 23 hours."""
        always = read_office_hours("always", BERLIN)
        start, end = (datetime(2026, 3, day, tzinfo=BERLIN) for day in (29, 30))

        assert 23 * HOUR == always.between(start, end.astimezone(UTC))

    def test_where_nobody_is_ever_there_no_time_comes(self):
        """All days closed for longer than a year."""
        never = OfficeHours(((),) * 7)

        assert never.after(datetime(2026, 3, 2, tzinfo=UTC), HOUR) is None

    @given(start=moments, wait=waits)
    def test_after_is_the_inverse_of_between(self, start, wait):
        """What has passed at the moment that `after` names is the wait."""
        hours = read_office_hours("mon-fri 08:30-12:00, mon-thu 13:00-24:00", BERLIN)
        due = hours.after(start, wait)

        assert due is not None
        assert wait == hours.between(start, due)
