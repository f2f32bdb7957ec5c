"""Stories of what is a sale and what it comes to, as Shopify, WooCommerce and others report it."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from feedback.db.tables.sales import Order, OrderLine
from feedback.sales.purchase import OrderKey
from feedback.sales.sale_rule import read_sale_rule
from tests.bot.samples import order, refund
from tests.bot.samples_shops import woo_order, woo_product
from tests.bot.shops.test_webhook import GENERIC, report, shopify
from tests.bot.shops.test_webhook_woo_stripe import woo
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop

EARLY, LATE = "2026-11-24T12:00:20Z", "2026-11-24T12:00:30Z"
CARD = {"id": 7, "product_id": 99, "quantity": 1, "price": "100.00", "gift_card": True}


def kept(shop: Shop) -> list[tuple[str, bool, str]]:
    """Each order's state, whether it is a sale, and what the shop keeps of it."""
    with shop.orders.db.reading() as session:
        rows = session.exec(select(Order).order_by(Order.source, Order.order_id))
        return [
            (one.status, one.sale, f"{one.total - one.gift_cards - one.refunded:.2f}")
            for one in rows
        ]


def money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency_code": currency}


class TestStates:
    @pytest.mark.parametrize(
        ("told", "state", "sale"),
        [
            ("paid", "paid", True),
            ("partially_refunded", "paid", True),
            ("pending", "pending", False),
            ("authorized", "pending", False),
            ("voided", "voided", False),
            ("expired", "failed", False),
            ("teleported", "unknown", False),
            (None, "unknown", False),
        ],
    )
    def test_of_shopify(self, shop: Shop, web: Visitor, told: Any, state: str, sale: bool) -> None:
        """What is not paid is no sale, nor what nobody knows."""
        shopify(web, "orders/create", order(financial_status=told))

        assert [(state, sale, "59.90")] == kept(shop)

    @pytest.mark.parametrize(
        ("told", "state", "sale"),
        [
            ("processing", "paid", True),
            ("completed", "shipped", True),
            ("pending", "pending", False),
            ("on-hold", "pending", False),
            ("failed", "failed", False),
            ("auto-draft", "draft", False),
            ("checkout-draft", "draft", False),
            ("wc-draft", "draft", False),
            ("trash", "cancelled", False),
            ("awaiting-moon", "unknown", False),
        ],
    )
    def test_of_woocommerce(
        self, shop: Shop, web: Visitor, told: str, state: str, sale: bool
    ) -> None:
        """Drafts and failed payments are no sales."""
        woo(web, "order.updated", woo_order(status=told))

        assert [(state, sale, "29.35")] == kept(shop)

    def test_unknown_ones_are_named_in_the_log(
        self, shop: Shop, web: Visitor, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """So that somebody tells us what they mean."""
        shopify(web, "orders/create", order(financial_status="teleported"))
        woo(web, "order.updated", woo_order(status="awaiting-moon"))

        said = capfd.readouterr().out
        assert ["teleported" in said, "awaiting-moon" in said] == [True, True]

    def test_free_trials_are_no_sales(self, shop: Shop, web: Visitor) -> None:
        """Paid, and worth nothing."""
        shopify(web, "orders/paid", order(total_price="0.00", current_total_price="0.00"))
        report(web, {**GENERIC, "total": "0.00"})

        assert [("paid", False, "0.00")] * 2 == kept(shop)

    def test_unpaid_orders_that_were_sent_are_sales(self, shop: Shop, web: Visitor) -> None:
        """An invoice comes later; a payment that failed counts for nothing, sent or not."""
        for number, told in ((1, "pending"), (2, "voided")):
            shopify(
                web, "orders/fulfilled",
                order(id=number, financial_status=told, fulfillment_status="fulfilled"),
            )  # fmt: skip

        assert [("shipped", True), ("voided", False)] == [one[:2] for one in kept(shop)]

    def test_the_shop_says_by_payment_what_counts(self, shop: Shop, web: Visitor) -> None:
        """Cash on delivery when it is placed, bank transfers when they are sent; all at once."""
        shopify(web, "orders/create", order(
            id=1, financial_status="pending", payment_gateway_names=["Cash on Delivery (COD)"],
        ))  # fmt: skip
        woo(web, "order.updated", woo_order(id=2, status="on-hold"))  # a bank transfer
        woo(web, "order.updated", woo_order(id=3, payment_method="card"))
        by_default = [one[1] for one in kept(shop)]
        shop.orders._rule = read_sale_rule("paid, cash on delivery (cod)=pending, bacs=pending")
        changed = shop.orders.recount()
        soon = [one[1] for one in kept(shop)]
        shop.orders._rule = read_sale_rule("fulfilled")
        shop.orders.recount()

        assert ([False, False, True], 2) == (by_default, changed)
        assert ([True] * 3, [False] * 3) == (soon, [one[1] for one in kept(shop)])


class TestNewestNews:
    @pytest.mark.parametrize("turn", list(itertools.permutations(range(3))))
    def test_cancelled_and_then_paid_is_paid(
        self, shop: Shop, web: Visitor, turn: tuple[int, ...]
    ) -> None:
        """In any order of arrival."""
        news = [
            woo_order(status=status, date_modified_gmt=f"2026-11-24T12:00:1{second}")
            for second, status in enumerate(("pending", "cancelled", "processing"))
        ]
        for place in turn:
            woo(web, "order.updated", news[place])

        assert [("paid", True, "29.35")] == kept(shop)

    def test_put_back_from_the_bin_counts_again(self, shop: Shop, web: Visitor) -> None:
        """An older body of it does not put it back."""
        woo(web, "order.created", woo_order())
        woo(web, "order.deleted", {"id": 727})
        woo(web, "order.restored", woo_order(date_modified_gmt="2026-11-24T11:00:00"))
        gone = kept(shop)
        woo(web, "order.restored", woo_order())

        assert ([("cancelled", False)], [("paid", True)]) == (
            [one[:2] for one in gone],
            [one[:2] for one in kept(shop)],
        )

    def test_deleted_orders_count_no_more(self, shop: Shop, web: Visitor) -> None:
        """Shopify names nothing but the number; an unknown one is no matter."""
        shopify(web, "orders/paid", order(id=1))
        said = [shopify(web, "orders/delete", {"id": each}).json()["status"] for each in (1, 2)]

        assert ["recorded", "ignored"] == said
        assert ("cancelled", False) == kept(shop)[0][:2]

    def test_two_shops_with_the_same_ids_are_two_orders(self, shop: Shop, web: Visitor) -> None:
        """Neither overwrites the other, nor does a refund of one take from the other."""
        woo(web, "order.updated", woo_order(id=9001))
        shopify(web, "orders/paid", order(id=9001))
        report(web, {**GENERIC, "order_id": "9001"})
        shopify(web, "refunds/create", refund(order_id=9001))

        assert ["59.90", "49.90", "29.35"] == [one[2] for one in kept(shop)]


class TestProductsOfTwoShops:
    def test_a_number_leads_to_its_own_shops_product(self, shop: Shop, web: Visitor) -> None:
        """Shopify's 93 is not WooCommerce's 93: the lines keep apart what was bought."""
        woo(web, "product.updated", woo_product(id=93, name="Clay Mug"))
        lamp = {"id": 93, "handle": "lamp", "title": "Lamp", "status": "active",
                "variants": [{"id": 930, "title": "Default Title", "price": "5.00"}]}  # fmt: skip
        shopify(web, "products/update", lamp)
        line = {**order()["line_items"][0], "product_id": 93, "title": "", "sku": ""}
        shopify(web, "orders/paid", order(id=1, name="1", line_items=[line]))
        unknown = {**line, "product_id": 94}
        woo(web, "product.updated", woo_product(id=94, name="Plate"))
        shopify(web, "orders/paid", order(id=2, name="2", line_items=[unknown], updated_at=LATE))
        bought = {"name": "", "sku": "", "product_id": 93, "quantity": 1, "total": "1.00"}
        woo(web, "order.updated", woo_order(id=3, number="3", line_items=[bought]))

        with shop.orders.db.reading() as session:
            lines = session.exec(select(OrderLine).order_by(OrderLine.order_id)).all()
        assert [("1", "lamp"), ("2", "94"), ("3", "93")] == [
            (one.order_id, one.product_id) for one in lines
        ]


class TestRefunds:
    @pytest.mark.parametrize("turned", [False, True])
    def test_pending_and_then_through(self, shop: Shop, web: Visitor, turned: bool) -> None:
        """The first news moves nothing; the order's own list of refunds brings the second."""
        transaction = {"id": 1, "kind": "refund", "amount": "59.90", "currency": "USD"}
        pending = refund(transactions=[{**transaction, "status": "pending"}])
        through = refund(transactions=[{**transaction, "status": "success"}])
        news = [
            ("orders/paid", order()),
            ("refunds/create", pending),
            ("orders/updated", order(
                financial_status="refunded", current_total_price="0.00", refunds=[through],
                updated_at=LATE,
            )),
        ]  # fmt: skip
        for topic, payload in reversed(news) if turned else news:
            shopify(web, topic, payload)

        assert [("refunded", True, "0.00")] == kept(shop)
        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert ((Decimal("59.90"), "USD"),) == found.returned

    def test_while_one_is_pending_the_total_stays(self, shop: Shop, web: Visitor) -> None:
        """The shop takes it off its current total at once."""
        waits = {"id": 1, "kind": "refund", "amount": "20.00", "status": "pending"}
        shopify(web, "orders/updated", order(
            current_total_price="39.90", refunds=[refund(transactions=[waits])],
        ))  # fmt: skip

        assert [("paid", True, "59.90")] == kept(shop)

    def test_a_second_transaction_of_a_refund_adds(self, shop: Shop, web: Visitor) -> None:
        """Each is kept; what an earlier version kept as one sum is not counted beside them."""
        one = {"id": 1, "kind": "refund", "amount": "10.00", "status": "success", "currency": "USD"}
        two = {**one, "id": 2, "amount": "5.00"}
        shopify(web, "orders/paid", order())
        for transactions in ([one], [one, two]):
            shopify(web, "refunds/create", refund(transactions=transactions))

        assert [("paid", True, "44.90")] == kept(shop)

    @pytest.mark.parametrize(
        ("told", "left"),
        [
            ({"refund_line_items": [
                {"subtotal_set": {"shop_money": money("50.00", "USD"),
                                  "presentment_money": money("46.00", "EUR")}}]}, "50.00"),
            ({"refund_line_items": [{"subtotal": 45.0, "total_tax": "5.00"}]}, "50.00"),
            ({"refund_line_items": []}, "0.00"),
        ],
        ids=["both currencies", "the lines", "nothing"],
    )  # fmt: skip
    def test_in_the_shoppers_currency_counts_in_the_shops(
        self, shop: Shop, web: Visitor, told: dict[str, Any], left: str
    ) -> None:
        """By what the payload carries; where it carries nothing, nothing is left of the sale."""
        euros = {"id": 1, "kind": "refund", "status": "success", "amount": "46.00",
                 "currency": "EUR"}  # fmt: skip
        hundred = {"total_price": "100.00", "current_total_price": "100.00"}
        shopify(web, "orders/paid", order(**hundred, presentment_currency="EUR"))
        shopify(web, "refunds/create", refund(transactions=[euros], **told))

        assert [("paid", True, left)] == kept(shop)
        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert ((Decimal("46.00"), "EUR"),) == found.returned

    def test_the_orders_two_totals_tell_the_rate(self, shop: Shop, web: Visitor) -> None:
        """A refund without lines, of an order whose totals are told in both currencies."""
        both = {"shop_money": money("59.90", "USD"), "presentment_money": money("50.00", "EUR")}
        euros = {"id": 1, "kind": "refund", "status": "success", "amount": "25.00",
                 "currency": "EUR"}  # fmt: skip
        shopify(web, "refunds/create", refund(transactions=[euros], refund_line_items=[]))
        shopify(web, "orders/paid", order(total_price_set=both))

        assert [("paid", True, "29.95")] == kept(shop)
        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert (Decimal("50.00"), "EUR") == found.paid

    def test_their_buyer_hears_of_them_in_their_currency(self, shop: Shop, web: Visitor) -> None:
        """In the chat, beside the word for the order's state."""
        euros = {"id": 1, "kind": "refund", "status": "success", "amount": "92.00",
                 "currency": "EUR"}  # fmt: skip
        shopify(web, "orders/paid", order())
        shopify(web, "refunds/create", refund(transactions=[euros]))
        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None

        from bot.knowledge.slots import order_values

        assert "€92.00" == order_values(found, "en")["order.refunded"]


class TestEditedOrders:
    def test_count_as_they_are_now(self, shop: Shop, web: Visitor) -> None:
        """A line removed, a discount given: what the shopper owes."""
        gone = {**order()["line_items"][0], "id": 2, "price": "30.00", "current_quantity": 0}
        shopify(web, "orders/paid", order(
            total_price="89.90", current_total_price="49.90",
            line_items=[order()["line_items"][0], gone],
        ))  # fmt: skip

        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert [("paid", True, "49.90")] == kept(shop)
        assert [1] == [item.quantity for item in found.items]

    def test_of_a_part_that_is_paid_the_part_counts(self, shop: Shop, web: Visitor) -> None:
        """Partial captures: what is outstanding is no sale yet."""
        shopify(
            web, "orders/paid",
            order(financial_status="partially_paid", total_outstanding="19.90"),
        )  # fmt: skip

        assert [("paid", True, "40.00")] == kept(shop)


class TestGiftCards:
    def test_count_once_when_they_are_spent(self, shop: Shop, web: Visitor) -> None:
        """Sold for 100, spent on 100: one sale of 100."""
        hundred = {"total_price": "100.00", "current_total_price": "100.00"}
        shopify(web, "orders/paid", order(id=1, **hundred, line_items=[CARD]))
        spent = order(id=2, **hundred, payment_gateway_names=["gift_card"])
        shopify(web, "orders/paid", spent)

        assert [("paid", False, "0.00"), ("paid", True, "100.00")] == kept(shop)

    def test_of_our_own_format_likewise(self, shop: Shop, web: Visitor) -> None:
        """The line says what it is; a card sold at a discount takes no more off than it cost."""
        card = {"product_id": "card", "quantity": 2, "price": "50.00", "gift_card": True}
        mug = {"product_id": "mug", "quantity": 1, "price": "59.90"}
        report(web, {**GENERIC, "total": "159.90", "lines": [mug, card]})
        report(web, {**GENERIC, "order_id": "1002", "total": "90.00", "lines": [card]})

        assert [("paid", True, "59.90"), ("paid", False, "0.00")] == kept(shop)

    def test_beside_other_things_only_those_count(self, shop: Shop, web: Visitor) -> None:
        """And a card that is taken back takes nothing from them."""
        both = [order()["line_items"][0], CARD]
        sold = {"total_price": "159.90", "line_items": both}
        shopify(web, "orders/paid", order(**sold, current_total_price="159.90"))
        before = kept(shop)
        back = {"id": 1, "kind": "refund", "status": "success", "amount": "100.00"}
        shopify(web, "orders/updated", order(
            total_price="159.90", current_total_price="59.90", updated_at=LATE,
            line_items=[both[0], {**CARD, "current_quantity": 0}],
            refunds=[refund(transactions=[back])],
        ))  # fmt: skip

        assert [("paid", True, "59.90")] * 2 == [*before, *kept(shop)]


class TestForgottenBuyers:
    def test_a_later_update_brings_nothing_back(self, shop: Shop, web: Visitor) -> None:
        """The order's sums go on; who bought does not."""
        named = order()["id"]
        shopify(web, "orders/paid", order())
        shopify(web, "customers/redact", {
            "shop_id": 1, "shop_domain": "x.myshopify.com", "customer": {"id": 5},
            "orders_to_redact": [named],
        })  # fmt: skip
        shopify(web, "orders/updated", order(total_price="70.00", current_total_price="70.00",
                                             updated_at=LATE))  # fmt: skip

        with shop.orders.db.reading() as session:
            known = session.get_one(Order, OrderKey("shopify", str(named)))
        assert (None, None, Decimal("70.00")) == (known.email_hash, known.tracking, known.total)
