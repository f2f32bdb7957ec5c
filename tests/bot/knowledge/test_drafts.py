"""Which of the model's own words the staff see."""

import math

import pytest

from bot.knowledge.drafts import own_words
from serving.ranker import Draft, ReplyScore


class Writer:
    """A model that writes one reply, at the same odds for each of its words."""

    def __init__(self, text, odds):
        self.text, self.odds = text, odds

    def draft(self, dialogues):
        return [Draft(self.text, math.log(self.odds)) for _ in dialogues]

    def score(self, dialogues, replies):
        words = [len(reply.split()) + 1 for reply in replies]
        return [ReplyScore(count * math.log(self.odds), count) for count in words]


class TestOwnWords:
    @pytest.mark.parametrize("text", ["We open at nine.", "One word after the other " * 20])
    def test_likely_words_are_shown(self, text):
        """However many there are: a long reply is no worse for its length."""
        assert own_words(Writer(text, odds=0.9), "hi") == text

    @pytest.mark.parametrize("text", [".", "Yes, and a colleague will check it."])
    def test_what_the_model_itself_doubts_is_not(self, text):
        """An untrained decoder says something, too."""
        assert own_words(Writer(text, odds=0.1), "hi") == ""

    def test_no_words_are_no_draft(self):
        """Nothing is asked about nothing."""
        assert own_words(Writer("", odds=0.9), "hi") == ""
