"""The estimates are checked against a world whose truth is known."""

import random

import pytest
from hypothesis import given, settings, strategies as st

from feedback.experiments.off_policy import FEWEST_SHOPPERS, LoggedReply, estimate

EXPLORED, TIES, TOPICS = 0.1, 0.4, 8


def rate(topic, reply, *, new):
    """How often shoppers accept; the other reply is better for half of the ties."""
    first = 0.35 + 0.04 * topic
    if reply == f"r{topic}":
        return first
    return first + 0.15 if new else first - 0.1


def acts(topic, *, tie, swapped):
    first, second = f"r{topic}", f"r{(topic + 1) % TOPICS}"
    if not tie:
        return {first: 1.0}
    order = (second, first) if swapped else (first, second)
    return dict(zip(order, (1 - EXPLORED, EXPLORED), strict=True))


def log_of(seed, shoppers):
    """What a champion that explores one near-tie in ten has shown; some shoppers ask twice."""
    chance = random.Random(seed)
    for shopper in range(shoppers):
        for _ in range(1 + (chance.random() < 0.3)):
            topic, tie, new = (
                chance.randrange(TOPICS),
                chance.random() < TIES,
                chance.random() < 0.5,
            )
            chances = acts(topic, tie=tie, swapped=False)
            said = chance.choices(list(chances), list(chances.values()))[0]
            accepted = chance.random() < rate(topic, said, new=new)
            wanted = acts(topic, tie=tie, swapped=tie and new)
            yield LoggedReply(f"s{shopper}", said, chances[said], float(accepted), wanted)


def truth():
    """What the challenger, which swaps the ties it should, would really get."""
    return sum(
        p * rate(topic, reply, new=new) * (TIES if tie else 1 - TIES) / (2 * TOPICS)
        for topic in range(TOPICS)
        for tie in (True, False)
        for new in (True, False)
        for reply, p in acts(topic, tie=tie, swapped=tie and new).items()
    )


class TestAgainstTruth:
    @pytest.mark.slow
    def test_the_intervals_hold_the_truth_in_93_of_100_logs(self):
        """Three estimators, 500 logs of 400 shoppers each; 95 % is promised, 93 % demanded."""
        wanted, logs = truth(), 500
        held = dict.fromkeys(("ips", "snips", "dr"), 0)
        width = dict.fromkeys(held, 0.0)
        for seed in range(logs):
            found = estimate(list(log_of(seed, 400)))
            for name in held:
                one = getattr(found, name)
                held[name] += one.low <= wanted <= one.high
                width[name] += one.high - one.low
        assert min(held.values()) / logs >= 0.93, held
        assert width["dr"] < width["ips"], "doubly robust is the sharper one"

    def test_a_better_challenger_is_seen_to_be_better(self):
        """With shoppers enough the paired difference leaves zero out."""
        found = estimate(list(log_of(1, 12_000)))
        assert found.difference
        assert found.logged
        assert found.dr
        assert found.difference.low > 0
        assert found.logged.value < truth() < found.dr.high


class TestHonesty:
    def test_few_shoppers_say_nothing(self):
        """Below 300 an interval would promise more than it holds."""
        assert estimate(list(log_of(1, FEWEST_SHOPPERS - 1))).dr is None

    def test_what_was_never_shown_is_told(self):
        """Of a model that says something else everywhere the log knows nothing."""
        events = [each._replace(wanted={"other": 1.0}) for each in log_of(1, 400)]
        found = estimate(events)
        assert (found.support, found.dr) == (0.0, None)

    def test_the_champion_itself_is_estimated_as_it_was(self):
        """Its own log says of it what happened."""
        events = [
            each._replace(wanted={each.reply_id: 1.0}, propensity=1.0) for each in log_of(2, 400)
        ]
        found = estimate(events)
        assert found.difference
        assert found.ips == found.logged
        assert found.difference.low <= 0 <= found.difference.high

    @settings(deadline=None, max_examples=20)
    @given(st.integers(0, 50), st.integers(300, 330))
    def test_nothing_breaks_and_shares_are_ordered(self, seed, shoppers):
        """low <= value <= high, and the log is worth no more answers than it has."""
        found = estimate(list(log_of(seed, shoppers)))
        for one in (found.ips, found.snips, found.dr, found.logged):
            assert one
            assert one.low <= one.value <= one.high
        assert 0 < found.effective <= found.answers
        assert 0 <= found.support <= 1
