"""Prices, colours and sizes, as shoppers say them."""

from decimal import Decimal

import pytest

from bot.knowledge.product_query import read_product_query


class TestPrice:
    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [
            ("under 50", None, 50),
            ("below $49.90", None, "49.90"),
            ("80块以下", None, 80),
            ("不超过一百元的", None, 100),
            ("between 20 and 40", 20, 40),
            ("40-20 dollars", 20, 40),
            ("20到40块的", 20, 40),
            ("over 100", 100, None),
            ("200以上", 200, None),
            ("about 50 dollars", 40, 60),
            ("50左右", 40, 60),
            ("under 1,500", None, 1500),
            ("under $1,499.90 please", None, "1499.90"),
            ("unter 49,90 €, under 49,90 €", None, "49.90"),
            ("less than KWD 1.500", None, "1.500"),
            ("between kwd 1.250 and kwd 2.5", "1.250", "2.5"),
            ("12.345 BHD or less", None, "12.345"),
            ("under 50,000 won", None, 50000),
            ("5000日元以下", None, 5000),
            ("under ¥12,000", None, 12000),
            ("under 1.500 EUR", None, 1500),
            ("up to 20 TOP", None, 20),
            ("size 42 shoes", None, None),
            ("a backpack", None, None),
            ("一个双肩包", None, None),
        ],
    )
    def test_reads_bounds(self, text, low, high):
        """In digits and in Chinese numerals."""
        wish = read_product_query(text)

        assert (low and Decimal(low), high and Decimal(high)) == (wish.low, wish.high)

    @pytest.mark.parametrize(
        ("currency", "high"), [("KWD", "1.500"), ("EUR", "1500"), ("JPY", "1500")]
    )
    def test_without_a_currency_the_shops_own_says_what_a_point_parts(self, currency, high):
        """Thousandths where it has them, else thousands."""
        assert Decimal(high) == read_product_query("under 1.500", currency).high

    def test_a_code_that_is_a_word_stays_one(self):
        """A cup and a top are products, in small letters."""
        assert ["cup"] == read_product_query("under 20 cup").words.split()
        assert ["top"] == read_product_query("under $50 top").words.split()


class TestColourAndSize:
    @pytest.mark.parametrize(
        ("text", "colours"),
        [
            ("a red one", {"red"}),
            ("gray or navy", {"grey", "navy"}),
            ("黑色或蓝色", {"black", "blue"}),
            ("海军蓝", {"navy"}),
            ("发红包", set()),
            ("are you hundred percent sure", set()),
        ],
    )
    def test_reads_colours(self, text, colours):
        """A character inside another word is no colour."""
        assert colours == read_product_query(text).colours

    @pytest.mark.parametrize(
        ("text", "sizes"),
        [
            ("size m", {"M"}),
            ("in XL please", {"XL"}),
            ("M码", {"M"}),
            ("42码的鞋", {"42"}),
            ("medium", {"M"}),
            ("I'm looking for a small gift", set()),
            ("let's see", set()),
            ("what size pots do you have", set()),
        ],
    )
    def test_reads_sizes(self, text, sizes):
        """A small gift is not a gift of size S."""
        assert sizes == read_product_query(text).sizes
