"""Turns about what was spoken of or shown: other names in passing, one of its variants, several."""

import pytest

from tests.bot.shop import NOON, product


def sold(id_, title, body, *variants, category="Things"):
    made = product(id_, title, "", *(variants or (({}, "20.00", 5),)), category=category)
    return made._replace(body=body)


SHELVES = (
    sold(
        "drill", "Cordless Drill", "Works with the 18 V battery. Weighs 1.2 kg.", category="Tools"
    ),
    sold("battery", "Spare Battery", "18 V, charged in an hour.", category="Tools"),
    sold("ukulele", "Koa Ukulele", "Four nylon strings. Fits our padded case.", category="Music"),
    sold("case", "Padded Case", "With a pocket for sheet music.", category="Music"),
    sold("lily", "Peace Lily", "Needs little light. Grows to 60 cm.", category="Plants"),
    sold("lamp", "Grow Light", "For seedlings.", category="Lights"),
    sold(
        "paint",
        "Chalk Paint",
        "For walls.",
        ({"Volume": "1 L"}, "18.00", 4),
        ({"Volume": "5 L"}, "70.00", 2),
        ({"Volume": "10 L"}, "120.00", 0),
    ),
    sold("fan", "Desk Fan", "Very quiet. Three speeds.", category="Fans"),
    sold("tower", "Tower Fan", "Turns by itself.", category="Fans"),
    sold("pot", "青瓷茶壶", "容量 300 毫升。可以配竹托盘。", category="茶壶"),
    sold("tray", "竹托盘", "长 40 厘米。", category="托盘"),
)


@pytest.fixture
def say(shop):
    """Says turns of one dialogue in a shop of many trades, and gives the last answer."""
    shop.catalogue.put_products(SHELVES, NOON)

    def said(*turns, locale="en"):
        dialogue_id = shop.open(locale)
        return [
            shop.clerk.reply(dialogue_id, text, client_id=f"{n}") for n, text in enumerate(turns)
        ][-1]

    return said


def cards(answer):
    return [card.product_id for card in answer.products]


class TestIt:
    @pytest.mark.parametrize(
        ("turns", "locale", "about", "words"),
        [
            (["cordless drill", "does it work with a spare battery"], "en", "drill", "18 V"),
            (["koa ukulele", "will it fit the padded case?"], "en", "ukulele", "Fits our"),
            (["peace lily", "and does it need a grow light"], "en", "lily", "little light"),
            (["青瓷茶壶", "它能配竹托盘吗"], "zh", "pot", "可以配竹托盘"),
        ],
    )
    def test_is_asked_about_whatever_else_is_named(self, say, turns, locale, about, words):
        """The other product is a part of the question."""
        answer = say(*turns, locale=locale)

        assert [about] == cards(answer)
        assert words in answer.text

    def test_is_left_where_the_subject_is_named(self, say):
        """Another product is asked about."""
        answer = say("koa ukulele", "does the padded case have a pocket")

        assert ["case"] == cards(answer)

    def test_may_need_something_else(self, say):
        """That is no wish for others."""
        assert "handover" == say("cordless drill", "does it need anything else").kind


class TestSeveral:
    def test_are_told_one_by_one(self, say):
        """What each description says of it."""
        answer = say("show me fans", "is it quiet")

        assert {"fan", "tower"} == set(cards(answer))
        assert "Very quiet." in answer.text
        assert "doesn't say" in answer.text

    def test_of_which_none_tells_are_asked_for(self, say):
        """With a button for each, which asks the same of it."""
        answer = say("show me fans", "is it washable by hand")

        assert ("ask", ("product",)) == (answer.kind, answer.details.asks)


class TestVariants:
    def test_are_listed_to_who_asks_which(self, shop, say):
        """A product was shown that comes in several."""
        shop.ranker.says("which one?", "return_how", confidence=0.1)

        assert "1 L, 5 L, 10 L" in say("chalk paint", "which one?").text
