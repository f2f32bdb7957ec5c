"""Abuse is told from anger, and from goods whose names sound like it."""

import json
from pathlib import Path

import pytest

from bot.conversation.abuse import find_abuse

LISTS = Path(__file__).parents[1] / "words"


def rows(locale):
    lines = (LISTS / f"abuse.{locale}.jsonl").read_text(encoding="utf-8").splitlines()
    return [(row["text"], row["abuse"]) for row in map(json.loads, lines)]


@pytest.mark.parametrize("locale", ["en", "zh"])
class TestOurLists:
    def test_what_is_found_is_abuse(self, locale):
        """A false alarm takes the clerk from a shopper who only wanted a bin."""
        assert [] == [text for text, abuse in rows(locale) if not abuse and find_abuse(text)]

    def test_nine_in_ten_are_found(self, locale):
        """What is veiled is left to the model: it hands over what fits nothing."""
        abusive = [text for text, abuse in rows(locale) if abuse]
        found = [text for text in abusive if find_abuse(text)]

        assert len(found) / len(abusive) >= 0.9


class TestExplained:
    @pytest.mark.parametrize(
        ("text", "kind", "words"),
        [
            ("Sir, I'll find you and hurt you!", "threat", "i ll find you and hurt you"),
            ("where is it, you lying thieves?", "insult", "you lying thieves"),
            ("F**K OFF", "insult", "fuck off"),
            ("你们店家都是骗子，退钱", "insult", "店家都是骗子"),
        ],
    )
    def test_the_words_themselves_are_the_reason(self, text, kind, words):
        """Lower case, with the letters that signs stood for."""
        assert (kind, words) == find_abuse(text)

    @pytest.mark.parametrize("text", ["", "   ", "!!!", "you " * 1_300, "a" * 4_000, "你" * 4_000])
    def test_long_and_empty_texts_are_read_at_once(self, text):
        """No rule runs away on a repeated word."""
        assert find_abuse(text) is None
