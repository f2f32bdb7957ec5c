"""Products called by their names: whole and short titles, typing errors, two languages."""

import pytest
from hypothesis import given, strategies as st

from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_questions import read_product_question
from feedback.knowledge.catalogue import Catalogue
from tests.bot.shop import NOON, product

TITLES = [
    ("firefly-lantern", "Firefly Camp Lantern", "萤火虫露营灯"),
    ("ridge-backpack", "Ridge Backpack 22 L", "山脊双肩包 22 升"),
    ("harbor-rolltop", "Harbor Rolltop Backpack 28 L", "港湾卷口双肩包"),
    ("stoneware-mug", "Heath Stoneware Mug", "荒原陶杯"),
    ("wool-socks", "Hillside Wool Socks", "山丘羊毛袜"),
    ("oat-soap", "Oat & Honey Soap", "燕麦蜂蜜皂"),
]


@pytest.fixture
def index(one_database):
    catalogue = Catalogue(one_database)
    catalogue.put_products(
        [product(id_, title, zh, ({}, "20.00", 1)) for id_, title, zh in TITLES], NOON
    )
    index = ProductIndex()
    index.put(catalogue.changed_products(None))
    return index


def named(index, text, locale="en"):
    return [entry.product_id for entry in read_product_question(text, index, locale).named]


class TestNames:
    def test_every_product_is_found_by_its_title_in_both_languages(self, index):
        """In a question about it."""
        for id_, title, zh in TITLES:
            assert [id_] == named(index, f"is the {title.lower()} in stock?")
            assert [id_] == named(index, f"{zh}有货吗", "zh")

    @pytest.mark.parametrize(
        ("text", "product_id"),
        [
            ("how much is the firefly lantern", "firefly-lantern"),
            ("do you still have the ridge", "ridge-backpack"),
            ("is the stoneware mug dishwasher safe", "stoneware-mug"),
            ("firefly lantren please", "firefly-lantern"),
            ("the hilside wool sock", "wool-socks"),
            ("卷口双肩包多少钱", "harbor-rolltop"),
            ("the ridge backpack, does it hold a lantern", "ridge-backpack"),
            ("a soap pocket on the harbor rolltop?", "harbor-rolltop"),
        ],
    )
    def test_a_short_or_misspelt_title_does(self, index, text, product_id):
        """A letter more, less, other or swapped; words left out."""
        assert [product_id] == named(index, text)

    def test_two_are_told_apart_though_they_share_a_word(self, index):
        """Each has words of its own."""
        text = "ridge backpack or harbor rolltop backpack?"

        assert {"ridge-backpack", "harbor-rolltop"} == set(named(index, text))

    @pytest.mark.parametrize("text", ["a backpack", "where is my order", "wool", "双肩包"])
    def test_a_kind_is_no_name(self, index, text):
        """A search finds it."""
        assert [] == named(index, text)

    def test_a_title_s_number_is_no_size(self, index):
        """The L of "22 L" is litres."""
        question = read_product_question("Ridge Backpack 22 L in red", index, "en")

        assert (["red"], []) == ([*question.filters.colours], [*question.filters.sizes])

    @given(
        title=st.sampled_from(["lantern", "backpack", "stoneware"]),
        at=st.integers(1, 6),
        letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
    )
    def test_one_wrong_letter_is_put_right(self, title, at, letter):
        """Whichever it is, but the first."""
        names = ProductIndex()._names
        names.add(0, [frozenset({title})])
        swapped = title[:at] + title[at : at + 2][::-1] + title[at + 2 :]

        for written in (
            title[:at] + letter + title[at + 1 :],
            title[:at] + title[at + 1 :],
            swapped,
        ):
            assert title == names.corrected(written)
