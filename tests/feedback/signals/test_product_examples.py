"""Stories of what clicks and purchases teach about products, and whose do not count."""

from decimal import Decimal

import pytest

from feedback.knowledge.importers.records import BoughtLine
from feedback.signals.product_examples import collect_product_examples
from tests.factories import (
    NOW,
    answer,
    days,
    hours,
    make_orders,
    make_purchase,
    make_store,
    new_id,
    open_dialogue,
    signals_of,
)
from tests.feedback.world import refund_order

HOUR = hours(1)


def learned(database, **changes):
    return [
        (example.turns[-1][1], example.product_id, example.weight)
        for example in collect_product_examples(database, now=NOW + days(30), **changes)
    ]


def click(store, *, shopper="anna", question="a red mug", target="mug", now=NOW, **changes):
    """`shopper` asks in a dialogue of their own and clicks a card."""
    dialogue = open_dialogue(store, shopper_id=shopper)
    shown = answer(store, dialogue, question=question, kind="products", **changes).impression
    signals_of(store).record_click(
        click_id=new_id("click"),
        impression_id=shown.impression_id,
        kind="product",
        target=target,
        now=now,
    )
    return shown


def buy(database, *, shopper="anna", product="mug", after=HOUR, order_id=None, **changes):
    purchase = make_purchase(
        order_id=order_id or new_id("order"),
        token_shopper_id=shopper,
        placed_at=NOW + after,
        lines=(BoughtLine(product, 1, Decimal("59.90"), product),),
        **changes,
    )
    make_orders(database).record(purchase, NOW + after)


@pytest.fixture
def store(one_database):
    return make_store(one_database)


class TestSignals:
    def test_a_click_counts_one_and_a_purchase_after_it_two(self, database):
        """Money says more than a look."""
        store = make_store(database)
        click(store, shopper="anna", question="a red mug")
        click(store, shopper="ben", question="a big mug")
        buy(database, shopper="ben")

        assert [("a big mug", "mug", 2.0), ("a red mug", "mug", 1.0)] == sorted(learned(database))

    @pytest.mark.parametrize(
        "bought",
        [
            {"product": "hat"},
            {"shopper": "ben"},
            {"after": hours(25)},
            {"after": hours(-1)},
            {"status": "cancelled"},
        ],
        ids=["another product", "another shopper", "too late", "before the click", "cancelled"],
    )
    def test_what_was_not_bought_of_it_stays_a_click(self, one_database, store, bought):
        """Only that product, by that shopper, within the window, and kept."""
        click(store)
        buy(one_database, **bought)

        assert [("a red mug", "mug", 1.0)] == learned(one_database)

    def test_what_was_sent_back_stays_a_click(self, one_database, store):
        """Wholly refunded is not bought; a part is."""
        for shopper, amount in (("anna", "59.90"), ("ben", "5.00")):
            click(store, shopper=shopper, question=f"for {shopper}")
            buy(one_database, shopper=shopper, order_id=f"o-{shopper}")
            refund_order(one_database, f"o-{shopper}", amount)

        assert [("for anna", "mug", 1.0), ("for ben", "mug", 2.0)] == learned(one_database)

    def test_a_button_is_no_product(self, one_database, store):
        """Choices are replies; `examples` reads them."""
        shown = answer(store, open_dialogue(store)).impression
        signals_of(store).record_click(
            click_id="c", impression_id=shown.impression_id, kind="choice", target="x", now=NOW
        )

        assert [] == learned(one_database)

    def test_the_window_is_the_reports(self, one_database, store):
        """A longer one finds later purchases."""
        click(store)
        buy(one_database, after=hours(40))

        assert [("a red mug", "mug", 2.0)] == learned(one_database, direct_window=hours(48))

    def test_knows_language_and_time(self, one_database, store):
        """Of the impression, and of the click."""
        click(store, question="红色杯子", locale="zh", now=NOW + hours(2))
        (example,) = collect_product_examples(one_database, now=NOW + days(1))

        assert ("zh", NOW + hours(2)) == (example.locale, example.at)

    def test_reads_up_to_now(self, one_database, store):
        """What comes later is for the next time."""
        click(store, now=NOW + hours(3))

        assert [] == collect_product_examples(one_database, now=NOW + hours(2))


class TestTurns:
    def test_holds_what_had_been_said_before_the_cards(self, one_database, store):
        """Not what came after; the staff speak as the clerk."""
        dialogue = open_dialogue(store, shopper_id="anna")
        answer(store, dialogue, question="hi", text="Hello!")
        shown = answer(store, dialogue, question="mugs?", kind="products").impression
        answer(store, dialogue, question="thanks")
        signals_of(store).record_click(
            click_id="c", impression_id=shown.impression_id, kind="product", target="mug", now=NOW
        )
        (example,) = collect_product_examples(one_database, now=NOW + hours(1))

        assert (("shopper", "hi"), ("clerk", "Hello!"), ("shopper", "mugs?")) == example.turns


class TestFairShare:
    def test_one_shopper_adds_a_few_at_most(self, one_database, store):
        """The strongest and newest."""
        for number in range(15):
            click(store, question=f"mug {number}", target=f"mug-{number}", now=NOW + hours(number))
        buy(one_database, product="mug-0", after=hours(1))

        assert 10 == len(learned(one_database))
        assert [("mug 0", "mug-0", 2.0), ("mug 14", "mug-14", 1.0)] == learned(
            one_database, per_shopper=2
        )

    def test_the_same_choice_counts_once_a_shopper(self, one_database, store):
        """But once for each shopper: what many choose is more likely."""
        for shopper in ("anna", "anna", "ben"):
            click(store, shopper=shopper)

        assert [("a red mug", "mug", 1.0)] * 2 == learned(one_database)


class TestDoubts:
    def test_a_thumb_down_keeps_the_dialogue_out(self, one_database, store):
        """As for replies."""
        shown = click(store)
        signals_of(store).rate(
            impression_id=shown.impression_id, voter="anna", value="down", now=NOW
        )

        assert [] == learned(one_database)

    @pytest.mark.parametrize(
        ("verdict", "kept"), [("rejected", 0), ("corrected", 0), ("approved", 1)]
    )
    def test_what_the_staff_called_wrong_is_left_out(self, one_database, store, verdict, kept):
        """Cards shown to somebody who asked for something else."""
        shown = click(store)
        signals_of(store).review(
            review_id=new_id("review"),
            impression_id=shown.impression_id,
            staff="mei",
            verdict=verdict,
            now=NOW,
        )

        assert kept == len(learned(one_database))


class TestPrivacy:
    def test_personal_data_is_taken_out_first(self, one_database, store):
        """E-mail and order leave placeholders."""
        click(store, question="a mug like in JL77, anna@home.example")
        buy(one_database, number="JL77", after=hours(-9))

        assert [("a mug like in <PERSONAL>, <EMAIL>", "mug", 1.0)] == learned(one_database)

    def test_doubtful_text_is_left_out(self, one_database, store):
        """What may still hold an address is not learned from."""
        click(store, question="a mug, to Suite 4, zip code x")

        assert [] == learned(one_database)
