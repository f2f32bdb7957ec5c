"""What one training learns from, and what it is judged by."""

from dataclasses import replace

from feedback.knowledge.importers.records import ReplyLine
from training.data.pairs import Pair
from training.data.snapshot import is_frozen, take_snapshot

REPLIES = [ReplyLine("hours", "We open at nine."), ReplyLine("returns", "Within 30 days.")]


def pairs(count, *, start=0, weight=1.0):
    return [Pair(f"\x11question {n}", "hours", weight=weight) for n in range(start, start + count)]


class TestSnapshot:
    def test_never_learns_a_frozen_pair(self):
        """One in twenty stays out of every training, whichever run it is."""
        found = take_snapshot(REPLIES, pairs(1_000), [])

        assert not any(is_frozen(pair) for pair in found.learn)
        assert 25 <= len(found.frozen) <= 75
        assert len(found.learn) + len(found.frozen) == 1_000

    def test_holds_out_the_newest_accepted_dialogues(self):
        """The last tenth, once there are enough of them."""
        accepted = pairs(100, start=5_000)
        found = take_snapshot(REPLIES, pairs(50), accepted)

        assert set(found.newest) <= set(accepted[90:])
        assert not set(found.newest) & set(found.learn)

    def test_learns_from_every_accepted_dialogue_while_they_are_few(self):
        """Nineteen are worth more learned than held out."""
        assert take_snapshot(REPLIES, pairs(50), pairs(19, start=5_000)).newest == []

    def test_counts_the_same_words_and_reply_once_by_the_strongest_signal(self):
        """A question imported and then approved is one pair."""
        one = next(pair for pair in pairs(40) if not is_frozen(pair))
        strong = replace(one, weight=2.0)

        assert take_snapshot(REPLIES, [one], [strong]).learn == [strong]

    def test_is_named_by_what_is_in_it(self):
        """Equal data, equal hash; a changed reply changes it."""
        same = [take_snapshot(REPLIES, pairs(30), []).digest for _ in range(2)]
        other = take_snapshot(REPLIES[:1], pairs(30), []).digest

        assert same[0] == same[1] != other
