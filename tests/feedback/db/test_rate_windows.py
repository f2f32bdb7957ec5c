"""Counts of a minute that several processes share."""

from datetime import timedelta

import pytest

from feedback.db.rate_windows import RateLimit, RateWindows
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
STARTS = NOW.replace(second=0, microsecond=0)


@pytest.fixture
def windows(database):
    return RateWindows(database, b"key")


def address(most=3):
    return RateLimit("address", "10.0.0.1", most)


def shopper(name="anna", most=2):
    return RateLimit("shopper", name, most)


class TestWindows:
    def test_each_is_counted_for_itself(self, windows):
        """Two shoppers of one address: each may ask twice, both together three times."""
        asked = [windows.hit([address(), shopper(name)], STARTS) for name in ("anna", "anna")]
        assert [None, None] == asked

        refused = windows.hit([address(), shopper("anna")], STARTS)
        assert refused is not None
        assert "shopper" == refused[0].window
        used_up = windows.hit([address(), shopper("ben")], STARTS)
        assert used_up is not None
        assert "address" == used_up[0].window

    def test_processes_count_together(self, database, windows):
        """Another one that has the key counts on."""
        other = RateWindows(database, b"key")
        assert windows.hit([shopper()], STARTS) is None
        assert other.hit([shopper()], STARTS) is None

        assert windows.hit([shopper()], STARTS) is not None
        assert RateWindows(database, b"another key").hit([shopper()], STARTS) is None

    def test_the_minute_before_counts_by_what_is_left_of_it(self, windows):
        """Full at its end, one has to wait into the next."""
        for _ in range(2):
            assert windows.hit([shopper()], STARTS) is None
        later = STARTS + MINUTE

        refused = windows.hit([shopper()], later + MINUTE / 4)
        assert refused is not None
        assert pytest.approx(45) == refused[1]
        assert windows.hit([shopper("ben")], later + MINUTE / 4) is None
        assert windows.hit([shopper()], later + 3 * MINUTE) is None

    def test_old_minutes_are_forgotten(self, database, windows):
        """They count for nobody."""
        windows.hit([address(), shopper()], STARTS)
        windows.forget(STARTS + 5 * MINUTE)

        with database.statements(reading=True) as connection:
            assert 0 == connection.exec_driver_sql("SELECT count(*) FROM ratewindow").scalar_one()
