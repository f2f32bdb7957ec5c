"""Kinds of products whose name holds a colour: green tea is looked for by its name."""

import pytest

from bot.knowledge.product_search import ProductSearch
from tests.bot.shop import NOON, product


@pytest.fixture
def read(shop):
    """Reads a turn in a shop with such kinds."""
    shelves = ["Tea > Green tea", "Wine > White wine", "Prints > Black and white", "茶叶 > 红茶"]
    shop.catalogue.put_products(
        [
            product(f"p{n}", name, "", ({}, "9.00", 3), category=shelf)
            for n, (name, shelf) in enumerate(
                zip(["Morning Cup", "Hillside", "Harbour", "正山小种"], shelves, strict=True)
            )
        ],
        NOON,
    )
    products = ProductSearch(shop.catalogue, public_url="https://shop.example")
    return products.question


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("do you have green tea", "en"),
        ("a dry white wine", "en"),
        ("black and white prints", "en"),
        ("红茶有吗", "zh"),
    ],
)
def test_a_kind_is_no_colour(read, text, locale):
    """Its words are looked for, all of them."""
    question = read(text, locale)

    assert not question.filters.colours
    assert question.sold


@pytest.mark.parametrize(("text", "locale"), [("a green cup", "en"), ("红色的有吗", "zh")])
def test_a_colour_beside_another_word_is_one(read, text, locale):
    """As ever."""
    assert read(text, locale).filters.colours


@pytest.mark.parametrize(
    ("tags", "text", "locale"),
    [
        (("navy blue",), "in navy blue?", "en"),
        (("light grey", "wool"), "light grey please", "en"),
        (("红色", "送礼"), "红色的", "zh"),
        (("深蓝",), "深蓝有吗", "zh"),
    ],
)
def test_a_tag_that_is_a_colour_is_no_kind(shop, tags, text, locale):
    """Shops tag products with their colours."""
    line = product("scarf", "Long Scarf", "长围巾", ({}, "20", 3), category="Scarves", tags=tags)
    shop.catalogue.put_products([line], NOON)
    products = ProductSearch(shop.catalogue, public_url="https://shop.example")

    assert products.question(text, locale).filters.colours


@pytest.mark.parametrize(
    ("turns", "locale", "shown"),
    [
        (("show me kites", "a red one"), "en", "kite-1"),
        (("show me kites", "navy blue?"), "en", "kite-2"),
        (("推荐风筝", "红色的"), "zh", "kite-1"),
        (("推荐风筝", "那蓝色的呢"), "zh", "kite-2"),
    ],
)
def test_a_colour_alone_narrows_what_was_shown(shop, turns, locale, shown):
    """Whatever the model makes of it: in tagged shops as well."""
    kites = [
        product(
            f"kite-{n}", f"Kite {n}", f"风筝{n}号", ({}, "20", 3), category="Kites 风筝", tags=tags
        )
        for n, tags in enumerate([("green", "绿色"), ("red", "红色"), ("navy blue", "深蓝")])
    ]
    shop.catalogue.put_products(kites, NOON)
    shop.ranker.says(turns[1], "return_how", "shipping_cost", confidence=0.6)
    dialogue_id = shop.open(locale)
    answers = [shop.clerk.reply(dialogue_id, each, client_id=each) for each in turns]

    assert 3 == len(answers[0].products)
    assert [shown] == [card.product_id for card in answers[1].products]
