"""The shop's offsets from UTC, in every zone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from feedback.db.shop_time import offsets, shop_clock_text
from tests.factories import answer, make_store, open_dialogue
from tests.feedback.world import report_of

BEGIN, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
SUNDAY_THERE = datetime(2026, 11, 30, 3, 24, tzinfo=UTC)  # a Monday in UTC


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    seconds=st.lists(st.integers(0, int((END - BEGIN).total_seconds())), min_size=20, max_size=20),
)
def test_an_offset_is_the_zones_own(zone, seconds):
    """At any second between the two ends."""
    found = offsets(zone, BEGIN, END)
    for moment in (BEGIN + timedelta(seconds=each) for each in seconds):
        told = [each.ahead for each in found if each.since <= moment][-1]
        assert moment.astimezone(ZoneInfo(zone)).utcoffset() == told


@settings(max_examples=30, deadline=None)
@given(zone=st.sampled_from(ZONES))
def test_it_changes_to_the_second(zone):
    """The second before a change has the offset before it."""
    found = offsets(zone, BEGIN, END)
    for before, change in pairwise(found):
        last = change.since - timedelta(seconds=1)
        assert before.ahead == last.astimezone(ZoneInfo(zone)).utcoffset()
        assert change.ahead == change.since.astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.slow  # Ibis takes 2 s to load
class TestReport:
    def test_the_week_is_the_shops(self, database):
        """Sunday evening in Los Angeles is Monday in UTC and in Auckland."""
        store = make_store(database)
        answer(store, open_dialogue(store, now=SUNDAY_THERE), now=SUNDAY_THERE)
        weeks = {
            zone: {
                group.value
                for group in report_of(
                    database, now=SUNDAY_THERE + timedelta(hours=1), zone=zone
                ).groups["week"]
            }
            for zone in ("America/Los_Angeles", "UTC", "Pacific/Auckland")
        }

        assert {
            "America/Los_Angeles": {"2026-11-23"},
            "UTC": {"2026-11-30"},
            "Pacific/Auckland": {"2026-11-30"},
        } == weeks

    def test_a_week_has_its_hours_of_summer_and_winter(self, database):
        """Berlin's Monday begins at 22:00 UTC in summer, at 23:00 in winter."""
        store, moments = make_store(database), {
            "2026-10-12": datetime(2026, 10, 18, 21, 59, tzinfo=UTC),
            "2026-10-19": datetime(2026, 10, 18, 22, 1, tzinfo=UTC),
            "2026-10-26": datetime(2026, 10, 25, 23, 1, tzinfo=UTC),
        }  # fmt: skip
        for week, moment in moments.items():
            answer(store, open_dialogue(store, shopper_id=week, now=moment), now=moment)
        moment = datetime(2026, 10, 25, 22, 59, tzinfo=UTC)  # still Sunday: clocks went back
        answer(store, open_dialogue(store, shopper_id="late", now=moment), now=moment)

        report = report_of(database, now=datetime(2026, 11, 2, tzinfo=UTC), zone="Europe/Berlin")

        counts = {group.value: group.shoppers for group in report.groups["week"]}
        assert {"2026-10-12": 1, "2026-10-19": 2, "2026-10-26": 1} == counts

    def test_times_are_shown_with_their_zone(self, database):
        """In text and picture; kept and read again, too."""
        from feedback.report.report import Report
        from feedback.report.text import report_text

        report = report_of(
            database,
            now=SUNDAY_THERE,
            since=datetime(2026, 11, 16, 8, tzinfo=UTC),
            until=datetime(2026, 11, 23, 8, tzinfo=UTC),
            zone="America/Los_Angeles",
        )
        said = (
            "From 2026-11-16 00:00 America/Los_Angeles up to 2026-11-23 00:00 America/Los_Angeles."
        )

        assert said in report_text(report)
        assert said in report_text(Report.from_json(report.to_json()))
        assert "2026-11-29 19:24 America/Los_Angeles" == shop_clock_text(
            report.computed_at, report.zone
        )
