"""WooCommerce as a back office, against a server written from its documents."""

import pytest

from bot.actions.back_office import ActionCall, BackOfficeAway, BackOfficeRefused
from tests.bot.actions.woo_server import WooServer

ELM = {
    "address1": "7 Elm Street", "address2": "", "city": "Boise", "state": "ID", "zip": "83702",
    "country": "USA",
}  # fmt: skip
CANCEL = ActionCall("cancel_order", {"order_id": "101", "reason": "no_longer_needed"})
UNPAID = ActionCall("cancel_order", {"order_id": "102", "reason": "no_longer_needed"})
MOVE = ActionCall("change_order_address", {"order_id": "101", "address": ELM})


@pytest.fixture
def shop() -> WooServer:
    """Ann's three orders."""
    return WooServer()


def carry_out(shop: WooServer, call: ActionCall, seen=None, key: str = "key-1"):
    office = shop.office()
    told = office.dry_run(call) if seen is None else seen
    return office.execute(call, seen=told, key=key, actor="dialogue d")


class TestReading:
    def test_who_ordered_is_known_by_the_orders_own_address(self, shop: WooServer):
        """Guests have no account; capitals do not count."""
        office = shop.office()
        ann = office.customer_by_email("ann@EXAMPLE.com")
        assert ann is not None
        assert ("ann@example.com", "80014") == (ann.customer_id, ann.address["zip"])
        assert ann == office.customer_by_name("Ann", "Lee", "80014")
        assert office.customer_by_name("Ann", "Lee", "10001") is None

    def test_an_order_is_pending_until_it_is_completed(self, shop: WooServer):
        """WooCommerce's words, in ours."""
        orders = shop.office().orders("ann@example.com")
        assert ["pending", "pending", "delivered"] == [one.status for one in orders]
        assert {"size": "S"} == dict(orders[0].lines[0].options)

    def test_variations_come_with_their_options_and_stock(self, shop: WooServer):
        """One that is sold out is not to be had."""
        offer = shop.office().product("7")
        assert offer is not None
        assert [("S", True), ("M", False)] == [
            (each.options["size"], each.available) for each in offer.variants
        ]


class TestCancelling:
    def test_it_is_cancelled_and_the_money_goes_back_each_once(self, shop: WooServer):
        """However often it is sent."""
        seen = shop.office().dry_run(CANCEL)
        for _ in range(2):
            told = carry_out(shop, CANCEL, seen)

        assert ["cancelled", "refund 30.00"] == shop.writes
        assert {"refund": "30.00", "to": ["original"]} == told

    def test_what_has_gone_back_already_is_not_given_back_again(self, shop: WooServer):
        """WooCommerce refuses more than is left."""
        shop.orders[101]["refunds"] = [{"total": "-10.00"}]
        assert "20.00" == carry_out(shop, CANCEL)["refund"]
        assert ["cancelled", "refund 20.00"] == shop.writes

    def test_an_order_on_hold_waits_for_its_money(self, shop: WooServer):
        """A transfer that has not come gives nothing to refund."""
        shop.orders[101] |= {"status": "on-hold", "date_paid_gmt": None}
        carry_out(shop, CANCEL)
        assert ["cancelled"] == shop.writes

    def test_an_unpaid_order_has_nothing_to_give_back(self, shop: WooServer):
        """Only its state changes."""
        carry_out(shop, UNPAID)

        assert ["cancelled"] == shop.writes

    @pytest.mark.parametrize("lost", ["before", "after"])
    @pytest.mark.parametrize("step", ["PUT orders/101", "POST orders/101/refunds"])
    def test_an_answer_lost_at_either_step_doubles_nothing(
        self, shop: WooServer, step: str, lost: str
    ):
        """The next attempt goes on from what it finds."""
        seen = shop.office().dry_run(CANCEL)
        shop.lose = lambda what: lost if what == step else ""
        with pytest.raises(BackOfficeAway):
            carry_out(shop, CANCEL, seen)
        shop.lose = lambda _: ""
        carry_out(shop, CANCEL, seen)

        assert ["cancelled", "refund 30.00"] == shop.writes

    def test_where_the_gateway_refuses_the_refund_the_order_is_opened_again(self, shop: WooServer):
        """Nobody is left with a cancelled order and no money; a colleague has to look."""
        shop.gateway_refuses = True
        with pytest.raises(BackOfficeRefused) as refused:
            carry_out(shop, CANCEL)

        assert ("refund_refused", "processing") == (
            refused.value.code,
            shop.orders[101]["status"],
        )
        shop.gateway_refuses = False
        carry_out(shop, CANCEL, key="key-2")
        assert ["cancelled", "processing", "cancelled", "refund 30.00"] == shop.writes

    def test_an_order_that_was_sent_meanwhile_is_refused(self, shop: WooServer):
        """Between the summary and the yes."""
        seen = shop.office().dry_run(CANCEL)
        shop.orders[101]["status"] = "completed"
        with pytest.raises(BackOfficeRefused, match="wrong_status"):
            carry_out(shop, CANCEL, seen)
        assert [] == shop.writes


class TestAddress:
    @pytest.mark.parametrize("lost", ["", "before", "after"])
    def test_it_is_changed_once_and_read_back(self, shop: WooServer, lost: str):
        """Lost answers or not."""
        seen = shop.office().dry_run(MOVE)
        shop.lose = lambda what: lost if what == "PUT orders/101" else ""
        if lost:
            with pytest.raises(BackOfficeAway):
                carry_out(shop, MOVE, seen)
        shop.lose = lambda _: ""
        for _ in range(2):
            carry_out(shop, MOVE, seen)

        assert (["address"], "83702") == (shop.writes, shop.orders[101]["shipping"]["postcode"])


class TestOthers:
    def test_returns_and_exchanges_are_the_staffs(self, shop: WooServer):
        """WooCommerce has no returns: a colleague carries them out with a checklist."""
        assert {"cancel_order", "change_order_address"} == set(shop.office().can)
