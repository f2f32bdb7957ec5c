"""A minute that slides: how often somebody may ask."""

from hypothesis import given, strategies as st

from bot.http.rate_limits import SlidingCounts

ANNA = ("shopper", "anna")


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self, now=0.0):
        self.now = now

    def __call__(self):
        return self.now


class TestSlidingCounts:
    def test_the_one_too_many_waits(self):
        """Three a minute: the fourth is refused, and another shopper is not."""
        counts = SlidingCounts(Clock(30.0))

        assert [None, None, None] == [counts.hit(ANNA, 3) for _ in range(3)]
        assert counts.hit(ANNA, 3) is not None
        assert counts.hit(("shopper", "ben"), 3) is None

    def test_what_was_refused_does_not_count(self):
        """Whoever hammers on is let in no later for it."""
        clock = Clock(0.0)
        counts = SlidingCounts(clock)
        counts.hit(ANNA, 1)
        waits = [counts.hit(ANNA, 1) for _ in range(50)]

        assert 1 == len(set(waits))

    def test_the_minute_before_counts_by_what_is_left_of_it(self):
        """Ten at the end of a minute leave room for five in the middle of the next."""
        clock = Clock(59.0)
        counts = SlidingCounts(clock)
        for _ in range(10):
            counts.hit(ANNA, 10)
        clock.now = 90.0
        told = [counts.hit(ANNA, 10) for _ in range(6)]

        assert [None] * 5 == told[:5]
        assert told[5] is not None

    def test_two_minutes_later_all_is_forgotten(self):
        """Nothing is kept of those who went away."""
        clock = Clock(0.0)
        counts = SlidingCounts(clock)
        for number in range(100):
            counts.hit(("address", str(number)), 5)
        clock.now = 130.0
        counts.hit(ANNA, 5)

        assert 1 == len(counts._now) + len(counts._before)

    @given(
        st.lists(st.floats(0, 20), min_size=1, max_size=60),
        st.integers(1, 12),
        st.floats(0, 1e6),
    )
    def test_the_wait_is_long_enough_and_no_longer(self, pauses, most, start):
        """Just before it is over, one more is refused still; then it is let in."""
        clock = Clock(start)
        counts = SlidingCounts(clock)
        for pause in pauses:
            clock.now += pause
            wait = counts.hit(ANNA, most)
            if wait is not None:
                clock.now += 0.99 * wait
                early = counts.hit(ANNA, most)
                clock.now += 0.01 * wait + 0.001
                assert early is not None
                assert counts.hit(ANNA, most) is None
