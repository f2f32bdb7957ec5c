"""What an erasure leaves in the books: sums without names, entries of the list, others' rows."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from feedback.db.retrain_runs import Retraining
from feedback.db.tables.audit import Forgetting
from feedback.db.tables.dialogues import DialogueTurn
from feedback.db.tables.people import Identity, Shopper
from feedback.db.tables.sales import Order, OrderAlias, OrderLine, RedactedOrder, Refund
from feedback.db.tables.shop_connections import DataRequest, DeletionRequest, Proposal
from feedback.privacy.erasure import Erasure, hash_of
from feedback.sales.purchase import OrderKey
from tests.factories import NOW, answer, days, hours, make_store, open_dialogue

EXPORTED = {
    "shopper", "identities", "exposures", "left_out", "dialogues", "turns", "desk_cards",
    "staff_waits",
    "replies_shown", "questions_learned", "slack_inbox", "slack_outbox", "slack_copies", "orders",
    "order_lines", "refunds", "data_requests", "deletion_requests", "files",
    "order_actions", "parts_shown", "mail_addresses", "read_marks", "internal_notes", "surveys",
    "stock_notices",
}  # fmt: skip


def every(database, table):
    """All rows of a table."""
    with database.reading() as session:
        return session.exec(select(table)).all()


def put(database, *rows):
    """Write rows one after the other."""
    for row in rows:
        with database.transaction() as session:
            session.add(row)


def order(order_id, *, source="shopify", shopper="anna", email="her hash"):
    return Order(
        source=source, order_id=order_id, number=order_id, shopper_id=shopper, email_hash=email,
        tracking="1Z999", placed_at=NOW, currency="USD", total=Decimal(60), updated_at=NOW,
    )  # fmt: skip


def line(order_id, *, source="shopify"):
    return OrderLine(
        source=source, order_id=order_id, position=0, product_id="mug", quantity=1,
        price=Decimal(60),
    )  # fmt: skip


def refund(order_id, *, source="shopify"):
    return Refund(
        source=source, refund_id=f"r-{order_id}", order_id=order_id, amount=Decimal(5),
        currency="USD", refunded_at=NOW,
    )  # fmt: skip


def known_as(database, shopper_id, *emails):
    """Somebody who talked, and gave these addresses."""
    answer(make_store(database), open_dialogue(make_store(database), shopper_id=shopper_id))
    put(
        database,
        *(Identity(kind="email", value=e, shopper_id=shopper_id, seen_at=NOW) for e in emails),
    )


@pytest.fixture
def books(one_database):
    """Anna's two orders, one of another shop system under the same id, and one of Ben's."""
    known_as(one_database, "anna", "her hash")
    known_as(one_database, "ben", "his hash")
    put(
        one_database,
        order("1"), order("2"), order("1", source="stripe", shopper="ben", email="his hash"),
        line("1"), line("1", source="stripe"), refund("1"), refund("1", source="stripe"),
        OrderAlias(source="shopify", alias="#1", order_id="1"),
        OrderAlias(source="stripe", alias="pi_1", order_id="1"),
    )  # fmt: skip
    return one_database


class TestFinding:
    def test_an_address_finds_who_gave_it_and_who_bought_with_it(self, books):
        """Each once, in order; a buyer without a name, a cart and a Slack person are nobody's."""
        put(
            books,
            Identity(kind="email", value="shared", shopper_id="ben", seen_at=NOW),
            Identity(kind="cart", value="shared", shopper_id="anna", seen_at=NOW),
            order("8", shopper="anna", email="shared"),
            order("9", shopper=None, email="shared"),
        )
        erasure = Erasure(books)

        assert ["anna", "ben"] == erasure.shoppers_of_email("shared")
        assert ["anna"] == erasure.shoppers_of_email("her hash")
        assert [] == erasure.shoppers_of_email("a stranger's")

    def test_an_address_finds_its_orders(self, books):
        """By shop system and id."""
        found = Erasure(books).orders_of_email("her hash")

        assert [OrderKey("shopify", "1"), OrderKey("shopify", "2")] == found


class TestExport:
    def test_every_part_has_its_name(self, books):
        """Other programs read the file by them."""
        assert set(Erasure(books).export("anna") or ()) >= EXPORTED

    def test_an_order_s_rows_are_those_of_its_shop_system(self, books):
        """Another's order of the same id is somebody else's."""
        kept: Any = Erasure(books).export("anna")

        for part in ("order_lines", "refunds"):
            assert [("shopify", "1")] == [(one["source"], one["order_id"]) for one in kept[part]]
        assert ["1", "2"] == sorted(one["order_id"] for one in kept["orders"])

    def test_nobody_is_told_as_such(self, books):
        """Not as somebody without data."""
        assert Erasure(books).export("nobody") is None


class TestEraseShopper:
    def test_the_list_says_that_it_was_done(self, books):
        """By a hash, with the time; where no training knew them there is nothing to clean."""
        Erasure(books).erase_shopper("anna", NOW)

        (entry,) = every(books, Forgetting)
        assert (hash_of("anna"), NOW, [], [], NOW, 0) == (
            entry.shopper_hash, entry.erased_at, entry.runs, entry.orders, entry.cleaned_at,
            entry.examples,
        )  # fmt: skip
        assert hashlib.sha256(b"anna").hexdigest() == entry.shopper_hash
        assert 16 == len(entry.forgetting_id)

    def test_versions_that_knew_them_are_still_to_be_cleaned(self, books):
        """The entry names their runs, and stays open until that is done."""
        runs = Retraining(books)
        runs.learned_from(runs.open("r1", "person", NOW), ["anna", "ben"])

        Erasure(books).erase_shopper("anna", NOW)

        (entry,) = every(books, Forgetting)
        assert (["r1"], None) == (entry.runs, entry.cleaned_at)

    def test_done_once_more_it_is_the_same_entry(self, books):
        """As after a restore."""
        Erasure(books).erase_shopper("anna", NOW, again="entry-1")

        assert ["entry-1"] == [one.forgetting_id for one in every(books, Forgetting)]

    def test_orders_stay_without_a_name(self, books):
        """Their hash and tracking number go; what the shop reports later brings neither back."""
        Erasure(books).erase_shopper("anna", NOW)

        assert {
            ("shopify", "1", None, None), ("shopify", "2", None, None),
            ("stripe", "1", "his hash", "1Z999"),
        } == {
            (one.source, one.order_id, one.email_hash, one.tracking) for one in every(books, Order)
        }  # fmt: skip
        assert {("shopify", "1", NOW), ("shopify", "2", NOW)} == {
            (one.source, one.order_id, one.redacted_at) for one in every(books, RedactedOrder)
        }

    def test_others_keep_their_own(self, books):
        """Ben's identity, and that both are known to have come."""
        Erasure(books).erase_shopper("anna", NOW)

        assert ["ben"] == [one.shopper_id for one in every(books, Identity)]
        assert {"anna", "ben"} == {one.shopper_id for one in every(books, Shopper)}

    def test_requests_of_several_keep_the_others(self, books):
        """Theirs are exported, and erased from."""
        both = ["anna", "ben"]
        data = DataRequest(source="shopify", request_id="d", shopper_ids=both, asked_at=NOW)
        deletion = DeletionRequest(
            request_id="e", source="shopify", topic="customers/redact", orders=1, asked_at=NOW,
            due_at=NOW, shopper_ids=["ben", "anna"],
        )  # fmt: skip
        of_ben = DataRequest(source="shopify", request_id="b", shopper_ids=["ben"], asked_at=NOW)
        put(books, data, deletion, of_ben)
        erasure = Erasure(books)

        kept: Any = erasure.export("anna")
        erasure.erase_shopper("anna", NOW)

        assert ["d"] == [one["request_id"] for one in kept["data_requests"]]
        assert ["e"] == [one["request_id"] for one in kept["deletion_requests"]]
        left = [*every(books, DataRequest), *every(books, DeletionRequest)]
        assert [["ben"]] * 3 == [one.shopper_ids for one in left]


class TestEraseOrders:
    def test_one_not_known_yet_is_forgotten_beforehand(self, books):
        """Only known ones are counted; each is listed once, in order."""
        keys = [OrderKey("shopify", "9"), OrderKey("shopify", "1"), OrderKey("shopify", "9")]

        assert 1 == Erasure(books).erase_orders(keys, NOW)

        (entry,) = every(books, Forgetting)
        assert ([["shopify", "1"], ["shopify", "9"]], 0, "", NOW, NOW) == (
            entry.orders, entry.examples, entry.shopper_hash, entry.erased_at, entry.cleaned_at,
        )  # fmt: skip
        assert 16 == len(entry.forgetting_id)
        assert {"1", "9"} == {one.order_id for one in every(books, RedactedOrder)}
        assert {"1": None, "2": "her hash"} == {
            one.order_id: one.email_hash for one in every(books, Order) if one.source == "shopify"
        }

    def test_two_known_ones_are_two(self, books):
        """Of two shop systems, under one id."""
        keys = [OrderKey("shopify", "1"), OrderKey("stripe", "1")]

        assert 2 == Erasure(books).erase_orders(keys, NOW)

    def test_none_is_no_entry(self, books):
        """The list would grow with every request of a shop's stranger."""
        assert 0 == Erasure(books).erase_orders([], NOW)
        assert [] == every(books, Forgetting)

    def test_done_once_more_it_is_the_same_entry(self, books):
        """As after a restore."""
        Erasure(books).erase_orders([OrderKey("shopify", "1")], NOW, again="entry-1")

        assert ["entry-1"] == [one.forgetting_id for one in every(books, Forgetting)]


class TestEraseSource:
    def test_all_that_a_shop_system_reported_goes(self, books):
        """Orders, lines, refunds and other names; another system's stay."""
        assert 2 == Erasure(books).erase_source("shopify")

        for table in (Order, OrderLine, Refund, OrderAlias):
            assert ["stripe"] == [one.source for one in every(books, table)], table


class TestAwaitsTraining:
    @pytest.mark.parametrize(
        ("erased", "state", "awaits"),
        [
            (NOW - hours(1), "promoted", 0),
            (NOW, "promoted", 3),
            (NOW + hours(1), "promoted", 3),
            (NOW - hours(1), "refused", 3),
        ],
    )
    def test_until_a_promoted_training_began_after_it(self, one_database, erased, state, awaits):
        """One that was refused, or had read before, may still have learned from them."""
        runs = Retraining(one_database)
        runs.finish(runs.open("r1", "person", NOW), state, NOW + hours(2), version=2)
        put(one_database, Forgetting(forgetting_id="f", erased_at=erased, examples=3))

        assert awaits == Erasure(one_database).awaits_training()

    def test_all_who_wait_are_added_up(self, one_database):
        """Nobody waits where nobody was erased."""
        erasure = Erasure(one_database)
        assert 0 == erasure.awaits_training()

        for name in "ab":
            put(one_database, Forgetting(forgetting_id=name, erased_at=NOW - days(9), examples=2))
        assert 4 == erasure.awaits_training()


class TestProposals:
    def test_a_question_of_theirs_goes_out_of_what_is_proposed(self, one_database):
        """The reply stays, with what others asked."""
        known_as(one_database, "anna")
        said = [
            turn.text for turn in every(one_database, DialogueTurn) if turn.speaker == "shopper"
        ]
        put(
            one_database,
            Proposal(
                proposal_id="p", locale="en", text="Within 30 days.",
                questions=[*said, "do you ship to the moon"], uses=9, proposed_at=NOW,
            ),
        )  # fmt: skip

        Erasure(one_database).erase_shopper("anna", NOW)

        assert said
        assert [["do you ship to the moon"]] == [
            each.questions for each in every(one_database, Proposal)
        ]
