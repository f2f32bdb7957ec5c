"""A variant's price, former price and stock, asked for by the variant's options."""

from decimal import Decimal

import pytest

from bot.knowledge.product_values import asked_value, value_in_words
from feedback.db import Variant


def variant(price, quantity, was=None, **options):
    return Variant(
        variant_id="/".join(options.values()), product_id="p", options=options, currency="USD",
        price=Decimal(price), quantity=quantity, compare_at=Decimal(was) if was else None,
    )  # fmt: skip


SHOES = [variant("99", 6, size="EU 38"), variant("99", 0, size="EU 39")]
JACKETS = [
    variant("148", 3, size=size, colour=colour) for size in "ML" for colour in ("Ink Blue", "Moss")
]
CANDLES = [variant("24", 9, size="Small 180 g"), variant("36", 4, "40", size="Large 320 g")]
MUG = [variant("18", 12, "22")]


def said(question, title, variants, locale="en"):
    found = asked_value(question, title, variants)
    return found and value_in_words(found, title, locale)


class TestAskedValue:
    @pytest.mark.parametrize(
        ("question", "title", "variants", "answer"),
        [
            ("how many trail shoes in 38", "Trail Shoes", SHOES,
             "Of Trail Shoes (EU 38) there are 6 in stock."),
            ("are the trail shoes available in 39?", "Trail Shoes", SHOES,
             "I'm afraid Trail Shoes (EU 39) is sold out at the moment."),
            ("rain jacket L ink blue price", "Rain Jacket", JACKETS,
             "Rain Jacket (L / Ink Blue) costs $148.00."),
            ("how much is the bigger candle", "Soy Candle", CANDLES,
             "Soy Candle (Large 320 g) costs $36.00."),
            ("old price of the large candle", "Soy Candle", CANDLES,
             "Soy Candle (Large 320 g) used to cost $40.00 and costs $36.00 now."),
            ("what does the mug cost", "Mug", MUG, "Mug costs $18.00."),
            ("how many mugs are left", "Mug", MUG, "Of Mug there are 12 in stock."),
        ],
    )  # fmt: skip
    def test_is_of_the_variant_that_is_named(self, question, title, variants, answer):
        """By what only its options say, by its size, or because there is no other."""
        assert answer == said(question, title, variants)

    def test_is_said_in_the_shopper_s_language(self):
        """The catalogue's own words for sizes stay."""
        assert "杯子原价$22.00，现价$18.00。" == said("杯子原价多少", "杯子", MUG, "zh")

    @pytest.mark.parametrize(
        "question",
        [
            "how much is the rain jacket",
            "is the jacket waterproof",
            "rain jacket in M price",
            "how many pockets does the jacket have",
            "old price of the L ink blue jacket",
            "how much water gets into the jacket",
            "how much wool is in the L ink blue jacket",
        ],
    )
    def test_is_none_where_several_may_be_meant_or_nothing_is_known(self, question):
        """Another source answers, or nobody does."""
        assert said(question, "Rain Jacket", JACKETS) is None


PAINT = [
    variant("18", 4, volume="1 L"),
    variant("70", 2, volume="5 L"),
    variant("120", 0, volume="10 L"),
]
TEA = [variant("68", 9, 规格="125克"), variant("128", 3, 规格="250克")]


class TestPicked:
    @pytest.mark.parametrize(
        ("text", "locale", "variants", "words"),
        [
            ("the 5 L", "en", PAINT, "in stock in 5 L: $70.00"),
            ("and the 1 l please", "en", PAINT, "in stock in 1 L: $18.00"),
            ("the small one", "en", PAINT, "in stock in 1 L: $18.00"),
            ("the 10 L one then", "en", PAINT, "sold out"),
            ("那250克的呢", "zh", TEA, "$128.00"),
        ],
    )
    def test_one_is_named_by_its_value_alone(self, text, locale, variants, words):
        """A volume, a weight, a power: whatever the shop calls it."""
        assert words in said(text, "Chalk Paint", variants, locale)

    @pytest.mark.parametrize(
        "text", ["does the 5 L have a handle", "anything smaller", "ok thanks"]
    )
    def test_more_is_asked_than_that(self, text):
        """A fact, others, nothing."""
        assert said(text, "Chalk Paint", PAINT) is None

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("how many candles are in it", "Box of Candles"),
            ("how many bags come in a box", "Tea Bags"),
            ("how many pens are inside", "Gel Pens"),
        ],
    )
    def test_what_a_pack_holds_is_not_its_stock(self, text, title):
        """The description tells that."""
        assert said(text, title, MUG) is None
