"""Stories of failed guesses: whoever guesses wrong waits, and nobody else."""

from datetime import timedelta

from hypothesis import given, strategies as st

from feedback.db.guesses import AT_TARGET, NONE, UNDER_ATTACK, Guesses
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def tries_in_a_day(guesses, who, start=NOW):
    """How often `who` may guess at "1001" when they come as soon as they may."""
    now, tries = start, 0
    while now < start + DAY:
        if wait := guesses.wait(["1001"], who, now):
            now += wait
            continue
        guesses.failed(["1001"], who, now)
        tries += 1
    return tries


class TestWait:
    @given(
        st.sampled_from([AT_TARGET, UNDER_ATTACK]), st.integers(0, 10**6), st.timedeltas(NONE, DAY)
    )
    def test_grows_with_failures_and_ends_with_time(self, patience, failures, passed):
        """
        Never negative, never over the longest, never shorter after one failure more.
        """
        wait = patience.wait(failures, passed)

        assert NONE <= wait <= patience.longest
        assert wait <= patience.wait(failures + 1, passed)
        assert NONE == patience.wait(failures, patience.longest)


class TestGuesses:
    def test_one_address_has_few_tries_a_day(self, database):
        """
        Five at once, and then ever fewer.
        """
        assert 5 < tries_in_a_day(Guesses(database, b"key", "order"), "stranger") <= 16

    def test_many_addresses_have_fewer_each(self, sqlite_database):
        """
        Once the target is under attack; one that comes for the first time may always try.
        """
        guesses = Guesses(sqlite_database, b"key", "order")
        for number in range(50):
            guesses.failed(["1001"], f"stranger {number}", NOW)

        assert NONE == guesses.wait(["1001"], "owner", NOW)
        assert tries_in_a_day(guesses, "one more") <= 8

    def test_an_address_that_tries_target_after_target_waits_too(self, database):
        """
        Though it failed only once at each.
        """
        guesses = Guesses(database, b"key", "order")
        for number in range(20):
            assert NONE == guesses.wait([str(number)], "stranger", NOW)
            guesses.failed([str(number)], "stranger", NOW)

        assert MINUTE == guesses.wait(["21"], "stranger", NOW)
        assert NONE == guesses.wait(["21"], "another", NOW)

    def test_kinds_do_not_mix_and_a_day_is_forgotten(self, database):
        """
        Who mistyped a password may look up an order.
        """
        logins, orders = Guesses(database, b"key", "login"), Guesses(database, b"key", "order")
        for _ in range(6):
            logins.failed(["1001"], "ana", NOW)

        assert NONE == orders.wait(["1001"], "ana", NOW)
        assert NONE < logins.wait(["1001"], "ana", NOW)
        assert NONE == logins.wait(["1001"], "ana", NOW + DAY)
