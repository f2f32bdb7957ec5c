"""Names of products are hidden from the ranker of replies, as values are."""

import pytest

from feedback.knowledge.importers.records import QuestionLine
from tests.bot.shop import NOON, product

LANTERN = product("firefly", "Firefly Camp Lantern", "萤火虫露营灯", ({}, "54.00", 2))
CARD = product("gift-card", "Gift Card", "礼品卡", ({}, "25.00", None))


@pytest.fixture
def read(shop):
    """What the ranker reads of a text."""
    shop.catalogue.put_products([LANTERN, CARD], NOON)
    shop.book.put_questions([QuestionLine("do you sell gift cards", "return_how", "en")], NOON)

    def reading(text, locale="en"):
        shop.clerk.reply(shop.open(locale), text, client_id="1")
        return shop.ranker.asked[-1][0].rpartition("\x11")[2]

    return reading


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("can i return the firefly camp lantern?", "can i return the [product]?"),
        ("my Firefly Lantern broke", "my [product] broke"),
        ("萤火虫露营灯坏了", "[product]坏了"),
        ("do you take gift cards back", "do you take gift cards back"),
        ("my lantern broke", "my lantern broke"),
        ("i would like a firefry", "i would like a firefry"),
    ],
)
def test_a_name_is_a_placeholder_unless_the_book_s_questions_use_its_words(read, text, asked):
    """Short names too; a kind of product is no name."""
    assert asked == read(text)
