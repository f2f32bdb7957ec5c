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
