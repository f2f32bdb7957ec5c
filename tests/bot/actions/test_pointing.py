"""Pointing at what no word names, by vectors that stand for the model's."""

import numpy as np
import pytest

from bot.actions.pointing import VectorPointer
from feedback.db.database import Database
from serving.ranker import RankerUnavailable
from tests.bot.actions.acting_shop import ActingShop
from tests.bot.actions.back_office import HAT, LAMP, MUG, RUG, order

KINDS = {
    "floor": ("rug", "地毯", "carpet", "floor"),
    "head": ("hat", "毡帽", "cap", "head"),
    "light": ("lamp", "台灯", "light"),
    "drink": ("mug", "石杯", "cup"),
}


def embed(texts):
    """A text by the kinds of things it speaks of, and a part that all of them have."""
    rows = [
        [1.0, *(float(any(word in text.lower() for word in words)) for words in KINDS.values())]
        for text in texts
    ]
    vectors = np.array(rows)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def shop(one_database: Database) -> ActingShop:
    """Its model knows a carpet from a cap."""
    return ActingShop(one_database, pointer=VectorPointer(embed))


class TestItems:
    @pytest.mark.parametrize(
        ("words", "sku"),
        [
            ("please take the carpet of order A1002 back", "rug-1"),
            ("return what i wear on my head from order A1002", "hat-1"),
            ("the cap from A1002 does not fit, return it", "hat-1"),
        ],
    )
    def test_the_item_is_meant_that_other_words_are_near_to(
        self, shop: ActingShop, words: str, sku: str
    ):
        """The summary names it, and waits for a yes."""
        answer = shop.talk(words, "ann@example.com")

        assert "confirm" == answer.kind, answer.text
        assert answer.details.summary is not None
        assert [sku] == answer.details.summary.actions[0].arguments["skus"]

    @pytest.mark.parametrize(
        "words",
        [
            "return one thing from order A1002",
            "return the carpet or the cap from order A1002",
            "return something from order A1002, but not the carpet",
        ],
    )
    def test_below_confidence_it_is_asked_for(self, shop: ActingShop, words: str):
        """Nothing near, two things near, or what is not meant."""
        answer = shop.talk(words, "ann@example.com")

        assert ("item",) == answer.details.asks

    def test_what_is_named_needs_no_pointing(self, shop: ActingShop):
        """Words of the title count before what they are near to."""
        answer = shop.talk("return the hat from A1002, the carpet is fine", "ann@example.com")

        assert answer.details.summary is not None
        assert ["hat-1"] == answer.details.summary.actions[0].arguments["skus"]


class TestOrders:
    def test_the_order_is_meant_whose_items_other_words_are_near_to(self, shop: ActingShop):
        """Of two that can be cancelled."""
        shop.office.orders["A1004"] = order("A1004", "pending", RUG, HAT)
        answer = shop.talk("cancel the order with the carpet, no longer needed", "ann@example.com")

        assert "A1004" == answer.details.about["order_id"]

    def test_of_like_items_in_two_orders_the_dearer_or_the_cheaper(self, shop: ActingShop):
        """Both are lamps."""
        shop.office.orders["A1002"]["lines"] = [{**LAMP, "price": "40.00"}, HAT]
        shop.office.orders["A1004"] = order("A1004", "delivered", {**LAMP, "price": "25.00"}, MUG)
        cheaper = shop.talk("return the cheaper lamp", "ann@example.com")
        dearer = shop.talk("no", "return the more expensive lamp")

        assert ["A1004", "A1002"] == [each.details.about["order_id"] for each in (cheaper, dearer)]


class TestWithoutAModel:
    def test_it_is_asked_for(self, one_database: Database):
        """An answer that does not come points nowhere."""

        def away(_):
            raise RankerUnavailable("no model server")

        shop = ActingShop(one_database, pointer=VectorPointer(away))
        answer = shop.talk("take the carpet of order A1002 back", "ann@example.com")

        assert ("item",) == answer.details.asks
