"""Help pages that answer nearer than a reply: named by a word of the turn, or quoted just now."""

from math import log

import pytest

from bot.knowledge import Composed, HelpPages, KnowledgeQuery
from bot.messages import Citation
from serving.ranker import Candidate, Ranking
from tests.bot.shop import Shop

TEXT = "Great Britain | 14 euros\nNorway | 22 euros\nJapan 日本 | 30 euros"


class OnePage:
    """A page on sending abroad, found where a turn, or the one before, names a place on it."""

    name = HelpPages.name

    def __init__(self) -> None:
        self.sure = 0.8

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The page, where one of its places is named."""
        named = any(place in query.texts[0] for place in ("britain", "norway", "日本", "posting"))
        candidate = Candidate("abroad#0-2", log(self.sure), self.name)
        return Ranking((candidate,) if named else (), self.sure if named else 0.0, "model")

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed:
        """The whole table."""
        return Composed(TEXT, citations=(Citation(self.name, id_, "Abroad", "", TEXT),))

    def title(self, id_: str, locale: str) -> str:
        """The page's."""
        return "Abroad"


@pytest.fixture
def page():
    return OnePage()


@pytest.fixture
def shop(one_database, page):
    """A shop whose model takes any question on sending for the book's, and one page."""
    shop = Shop(one_database, sources=[page])
    for text in (
        "how much is posting to great britain",
        "do you post to norway",
        "寄到日本要多少钱",
        "how much is posting",
        "and how long does that take",
    ):
        shop.ranker.says(text, "shipping_cost", "return_policy", confidence=0.97)
    shop.ranker.says("do you take things back", "return_policy", confidence=0.97)
    return shop


def say(shop, *turns, locale="en"):
    dialogue_id = shop.open(locale)
    return [shop.clerk.reply(dialogue_id, text, client_id=text) for text in turns][-1]


class TestNamed:
    @pytest.mark.parametrize(
        ("text", "locale"),
        [
            ("how much is posting to great britain", "en"),
            ("do you post to norway", "en"),
            ("寄到日本要多少钱", "zh"),
        ],
    )
    def test_a_page_with_the_place_goes_before_a_reply_without(self, shop, text, locale):
        """However sure the model is of the reply."""
        assert TEXT == say(shop, text, locale=locale).text

    def test_without_a_word_of_its_own_the_reply_is_said(self, shop):
        """The page is about the same, no more."""
        assert "shipping_cost" == say(shop, "how much is posting").reply_id

    def test_an_unsure_page_is_not_preferred(self, shop, page):
        """It may only hold the word."""
        page.sure = 0.5

        assert "shipping_cost" == say(shop, "do you post to norway").reply_id


class TestGoneOnWith:
    def test_a_turn_without_a_topic_asks_the_page_again(self, shop):
        """The model reads it as any question on sending."""
        answer = say(shop, "do you post to norway", "and how long does that take")

        assert TEXT == answer.text

    def test_behind_a_reply_it_is_the_reply_s(self, shop):
        """No page was quoted."""
        answer = say(shop, "how much is posting", "and how long does that take")

        assert "shipping_cost" == answer.reply_id
