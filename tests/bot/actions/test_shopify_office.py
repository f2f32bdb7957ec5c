"""Shopify as a back office, against a server that runs the documents' schema."""

import pytest

from bot.actions.back_office import ActionCall, BackOfficeAway, BackOfficeRefused
from bot.actions.shopify import queries
from tests.bot.actions.shopify_schema import DEAREST, cost_of
from tests.bot.actions.shopify_server import ShopifyServer, line, order

ELM = {
    "address1": "7 Elm Street", "address2": "", "city": "Boise", "state": "ID", "zip": "83702",
    "country": "USA",
}  # fmt: skip
CALLS = {
    "cancel": ActionCall("cancel_order", {"order_id": "1001", "reason": "no_longer_needed"}),
    "address": ActionCall("change_order_address", {"order_id": "1001", "address": ELM}),
    "edit": ActionCall(
        "change_items",
        {"order_id": "1001", "changes": [{"sku": "shirt-s", "new_sku": "shirt-m"}]},
    ),
    "return": ActionCall("return_items", {"order_id": "1002", "skus": ["mug"]}),
    "exchange": ActionCall(
        "exchange_items",
        {"order_id": "1002", "changes": [{"sku": "shirt-s", "new_sku": "shirt-m"}]},
    ),
}
DOCUMENTS = [name for name in vars(queries) if name.isupper() and not name.startswith("_")]
WRITES = ("CancelOrder", "UpdateOrder", "CommitEdit", "RequestReturn", "CreateReturn")


@pytest.fixture
def shop() -> ShopifyServer:
    """Ann's two orders."""
    return ShopifyServer()


def carry_out(shop: ShopifyServer, call: ActionCall, key: str = "key-1"):
    office = shop.office()
    return office.execute(call, seen=office.dry_run(call), key=key, actor="dialogue d")


class TestReading:
    def test_a_customer_is_found_by_email_or_by_name_and_postcode(self, shop: ShopifyServer):
        """A wrong postcode finds nobody."""
        office = shop.office()
        by_email = office.customer_by_email("ann@example.com")
        assert by_email is not None
        assert by_email == office.customer_by_name("Ann", "Lee", "80014")
        assert by_email == office.customer(by_email.customer_id)
        assert office.customer_by_name("Ann", "Lee", "10001") is None
        assert office.customer_by_email("bob@example.com") is None

    def test_what_may_be_done_with_an_order_is_read_from_its_fulfilment(self, shop: ShopifyServer):
        """Not sent, sent and delivered, half sent, in a return, cancelled."""
        office = shop.office()
        assert ["pending", "delivered"] == [one.status for one in office.orders("x/1")]
        shop.store["1001"]["displayFulfillmentStatus"] = "PARTIALLY_FULFILLED"
        shop.store["1002"]["fulfillments"][0]["displayStatus"] = "IN_TRANSIT"
        assert ["processed", "processed"] == [one.status for one in office.orders("x/1")]
        shop.store["1001"]["cancelledAt"] = "2026-03-02T00:00:00Z"
        shop.store["1002"]["returns"]["nodes"] = [
            {"id": "r", "status": "OPEN", "returnLineItems": {"nodes": []}}
        ]
        assert ["cancelled", "return requested"] == [one.status for one in office.orders("x/1")]

    def test_a_products_variants_come_with_their_options(self, shop: ShopifyServer):
        """And whether they can be had."""
        offer = shop.office().product("gid://shopify/Product/1")
        assert offer is not None
        assert [("M", True), ("XXL", False)] == [
            (each.options["size"], each.available)
            for each in offer.variants
            if each.sku in ("shirt-m", "shirt-xxl")
        ]


class TestWriting:
    @pytest.mark.parametrize("what", CALLS)
    def test_each_action_is_written_once_however_often_it_is_sent(
        self, shop: ShopifyServer, what: str
    ):
        """The second attempt finds what the first one did."""
        call = CALLS[what]
        seen = shop.office().dry_run(call)
        for _ in range(2):
            shop.office().execute(call, seen=seen, key="key-1", actor="dialogue d")

        assert [what] == shop.writes

    @pytest.mark.parametrize("what", CALLS)
    @pytest.mark.parametrize("lost", ["before", "after"])
    def test_a_lost_answer_is_no_answer_and_the_next_attempt_goes_on_from_what_it_finds(
        self, shop: ShopifyServer, what: str, lost: str
    ):
        """Whether or not Shopify had done it."""
        call = CALLS[what]
        seen = shop.office().dry_run(call)
        shop.lose = lambda operation: lost if operation in WRITES else ""
        with pytest.raises(BackOfficeAway):
            shop.office().execute(call, seen=seen, key="key-1", actor="dialogue d")
        shop.lose = lambda _: ""
        shop.office().execute(call, seen=seen, key="key-1", actor="dialogue d")

        assert [what] == shop.writes

    def test_a_cancellation_is_done_when_the_order_says_so(self, shop: ShopifyServer):
        """Its job may take longer than a shopper waits: then it is no answer yet."""
        shop.polls = 20
        with pytest.raises(BackOfficeAway, match="does not show yet"):
            carry_out(shop, CALLS["cancel"])
        shop.polls = 0
        assert {"refund": "40.00", "to": ["original"]} == carry_out_again(shop)
        assert "key-1" in shop.store["1001"]["cancellation"]["staffNote"]

    def test_an_order_somebody_else_has_cancelled_is_refused(self, shop: ShopifyServer):
        """It was not this yes that did it."""
        office, call = shop.office(), CALLS["cancel"]
        seen = office.dry_run(call)
        shop.store["1001"]["cancelledAt"] = "2026-03-02T00:00:00Z"
        with pytest.raises(BackOfficeRefused, match="wrong_status"):
            office.execute(call, seen=seen, key="key-1", actor="dialogue d")

    def test_what_the_warehouse_has_taken_meanwhile_is_refused(self, shop: ShopifyServer):
        """Between the summary and the yes."""
        office = shop.office()
        for what in ("cancel", "address", "edit"):
            seen = office.dry_run(CALLS[what])
            shop.store["1001"]["displayFulfillmentStatus"] = "IN_PROGRESS"
            with pytest.raises(BackOfficeRefused, match="wrong_status"):
                office.execute(CALLS[what], seen=seen, key="key-1", actor="dialogue d")
            shop.store["1001"]["displayFulfillmentStatus"] = "UNFULFILLED"
        assert [] == shop.writes

    def test_an_order_that_was_edited_meanwhile_is_not_edited_again(self, shop: ShopifyServer):
        """What was said yes to does not hold any more."""
        office, call = shop.office(), CALLS["edit"]
        seen = office.dry_run(call)
        shop.store["1001"]["lineItems"]["nodes"][1]["currentQuantity"] = 1
        with pytest.raises(BackOfficeRefused, match="changed_meanwhile"):
            office.execute(call, seen=seen, key="key-1", actor="dialogue d")

    def test_a_new_address_keeps_the_name_on_the_parcel(self, shop: ShopifyServer):
        """Shopify overwrites the whole address."""
        carry_out(shop, CALLS["address"])
        now = shop.store["1001"]["shippingAddress"]

        assert ("7 Elm Street", "US", "Ann") == (
            now["address1"],
            now["countryCodeV2"],
            now["firstName"],
        )

    def test_what_shopify_refuses_is_refused(self, shop: ShopifyServer):
        """With its own words for the staff."""
        shop.refuses = "orderCancel"
        with pytest.raises(BackOfficeRefused, match="Cannot be cancelled") as refused:
            carry_out(shop, CALLS["cancel"])
        assert ("shop_refused", []) == (refused.value.code, shop.writes)


class TestLimits:
    """What Shopify refuses whole: a query that asks for too much, too many in too short a time."""

    @pytest.mark.parametrize(
        "name", [name for name in vars(queries) if name.isupper() and name[0] != "_"]
    )
    def test_no_document_costs_more_than_one_query_may(self, name: str):
        """By the documents' rule; of orders at least one can be read at once."""
        document = getattr(queries, name)

        assert cost_of(document, {"first": 1}) <= DEAREST

    def test_orders_are_read_in_pages_that_shopify_answers(self, shop: ShopifyServer):
        """However dear it calls one of them; all are there, each once."""
        for number in range(1003, 1010):
            shop.store[str(number)] = order(str(number), "UNFULFILLED", line("mug"))

        assert list(shop.store) == [one.order_id for one in shop.office().orders("x/1")]

    def test_what_is_throttled_is_asked_again(self, shop: ShopifyServer):
        """A second later there is room; where there is none it is no answer."""
        shop.throttles = 2
        assert shop.office().customer_by_email("ann@example.com")
        shop.throttles = 3
        with pytest.raises(BackOfficeAway, match="Throttled"):
            shop.office().customer_by_email("ann@example.com")

    def test_a_shop_without_calculated_returns_has_a_colleague_do_them(self, shop: ShopifyServer):
        """No amount is made up."""
        shop.no_exchanges = True
        told = shop.office().dry_run(CALLS["return"])

        assert ["by_staff"] == list(told)

    def test_a_long_name_of_who_approved_it_leaves_the_key_in_the_note(self, shop: ShopifyServer):
        """Without the key a second attempt would do it again."""
        call, office = CALLS["exchange"], shop.office()
        seen = office.dry_run(call)
        for _ in range(2):
            office.execute(call, seen=seen, key="key-1", actor="approved by " + "Mei" * 200)

        assert ["exchange"] == shop.writes


class TestWithoutSku:
    """Many small shops give none: then the variant's id stands for it."""

    SMALL, LARGE = (f"gid://shopify/ProductVariant/bowl-{size}" for size in "sl")

    @pytest.mark.parametrize("name", ["change_items", "exchange_items"])
    def test_an_item_is_swapped(self, shop: ShopifyServer, name: str):
        """In an order that is still here, and in one that has arrived."""
        status = "UNFULFILLED" if name == "change_items" else "FULFILLED"
        shop.store["1003"] = order("1003", status, line("bowl-s"), line("mug"))
        changes = [{"sku": self.SMALL, "new_sku": self.LARGE}]
        carry_out(shop, ActionCall(name, {"order_id": "1003", "changes": changes}))

        assert [{"change_items": "edit", "exchange_items": "exchange"}[name]] == shop.writes

    def test_an_item_is_sent_back(self, shop: ShopifyServer):
        """By the id that its line has."""
        shop.store["1003"] = order("1003", "FULFILLED", line("bowl-s"), line("mug"))
        told = carry_out(
            shop, ActionCall("return_items", {"order_id": "1003", "skus": [self.SMALL]})
        )

        assert "8.50" == told["refund"]


class TestAmounts:
    def test_they_are_shopifys_own(self, shop: ShopifyServer):
        """A refund with its tax; an edit's difference by Shopify's calculated order."""
        office = shop.office()
        assert "10.50" == office.dry_run(CALLS["return"])["refund"]
        assert "0.00" == office.dry_run(CALLS["edit"])["difference"]

    def test_where_money_has_to_move_a_colleague_does_it(self, shop: ShopifyServer):
        """An edit or an exchange collects nothing and gives nothing back by itself."""
        dearer = [{"sku": "shirt-s", "new_sku": "shirt-xl"}]
        for name, number in (("change_items", "1001"), ("exchange_items", "1002")):
            call = ActionCall(name, {"order_id": number, "changes": dearer})
            told = shop.office().dry_run(call)
            assert ("5.00", True) == (told["difference"], "by_staff" in told)

    def test_a_variant_that_is_sold_out_is_refused(self, shop: ShopifyServer):
        """Before anything is begun for good."""
        gone = [{"sku": "shirt-s", "new_sku": "shirt-xxl"}]
        with pytest.raises(BackOfficeRefused, match="out_of_stock"):
            shop.office().dry_run(ActionCall("change_items", {"order_id": "1001", "changes": gone}))


def carry_out_again(shop: ShopifyServer):
    seen = {"refund": "40.00", "to": ["original"]}
    return shop.office().execute(CALLS["cancel"], seen=seen, key="key-1", actor="dialogue d")
