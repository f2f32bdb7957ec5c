"""The clerk's own words are complete in both languages."""

import re
from dataclasses import asdict

import pytest

from bot.languages.registry import phrases_in
from feedback.languages import LANGUAGES

EN, ZH = phrases_in("en"), phrases_in("zh")
HAN = LANGUAGES["zh"].run
SLOT = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("name", sorted(asdict(EN)))
def test_both_languages_say_the_same_things(name):
    """The same slots in each; Chinese is Chinese, English has none of it."""
    english, chinese = str(asdict(EN)[name]), str(asdict(ZH)[name])

    assert sorted(SLOT.findall(english)) == sorted(SLOT.findall(chinese))
    assert not HAN.search(english)
    assert HAN.search(chinese)


def test_an_order_s_states_are_the_same():
    """Every state of an order has its words."""
    assert EN.status_words.keys() == ZH.status_words.keys()
