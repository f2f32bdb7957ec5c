"""Stripe's sales: told by several objects, in any order, disputed, paid late; each counted once."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from feedback.db.tables.sales import Order
from tests.bot.samples_shops import (
    PLACED,
    stripe_event,
    stripe_payment,
    stripe_refund,
    stripe_session,
)
from tests.bot.shops.test_webhook_woo_stripe import stripe
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop


def sales(shop: Shop) -> list[tuple[str | None, Decimal]]:
    """Each sale's shopper, and what the shop keeps of it."""
    with shop.orders.db.reading() as session:
        return [
            (order.shopper_id, max(Decimal(0), order.total - order.refunded))
            for order in session.exec(select(Order).where(Order.sale))
        ]


def told(
    web: Visitor, shop: Shop, topic: str, thing: dict[str, Any], later: int = 0, **changes: Any
) -> Any:
    """Send an event, so many seconds after the first."""
    event = stripe_event(topic, thing, created=PLACED + later, **changes)
    event["id"] += f"_{later}"
    return stripe(web, shop, event)


def invoice(**changes: Any) -> dict[str, Any]:
    """A subscription's paid invoice, as it is since March 2025."""
    payment = {"payment": {"type": "payment_intent", "payment_intent": "pi_1"}}
    return {
        "id": "in_1",
        "object": "invoice",
        "amount_paid": 5_990,
        "created": PLACED - 60,
        "currency": "usd",
        "customer_email": "ana@example.org",
        "payments": {"data": [payment]},
        **changes,
    }


def dispute(**changes: Any) -> dict[str, Any]:
    """The whole payment is disputed."""
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 5_990,
        "charge": "ch_1",
        "created": PLACED + 60,
        "currency": "usd",
        "payment_intent": "pi_1",
        "status": "needs_response",
        **changes,
    }


SUBSCRIBED = {"mode": "subscription", "invoice": "in_1", "payment_intent": None}


class TestSubscription:
    def test_is_one_sale_in_any_order_of_its_events(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Checkout, payment and invoice, each with other ids; a refund may come before them all."""
        token = {"shopclerk_shopper": session["shopper_token"]}
        ends = []
        for number, deliveries in enumerate(itertools.permutations(range(4))):
            ids = {"invoice": f"in_{number}", "payment_intent": f"pi_{number}"}
            paid = {"payment": {"payment_intent": ids["payment_intent"]}}
            events = [
                ("checkout.session.completed", stripe_session(
                    **{**SUBSCRIBED, "id": f"cs_{number}", "invoice": ids["invoice"]},
                    metadata=token)),
                ("payment_intent.succeeded", stripe_payment(id=ids["payment_intent"])),
                ("invoice.paid", invoice(id=ids["invoice"], payments={"data": [paid]})),
                ("refund.created", stripe_refund(
                    id=f"re_{number}", payment_intent=ids["payment_intent"], charge=None)),
            ]  # fmt: skip
            for place in deliveries:
                told(web, shop, *events[place], later=place)
            ends.append(len(sales(shop)))

        assert list(range(1, 25)) == ends
        assert {(session["shopper_id"], Decimal("49.90"))} == set(sales(shop))

    def test_of_an_older_version_the_payment_names_its_invoice(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Then no event of the invoice is needed."""
        token = {"shopclerk_shopper": session["shopper_token"]}
        told(web, shop, "checkout.session.completed", stripe_session(**SUBSCRIBED, metadata=token))
        told(web, shop, "payment_intent.succeeded", stripe_payment(invoice="in_1"))
        told(web, shop, "charge.dispute.closed", dispute(status="lost"), later=90)

        assert [(session["shopper_id"], Decimal(0))] == sales(shop)

    def test_the_news_that_a_payment_paid_an_invoice_joins_them(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Also after both were recorded as sales."""
        told(web, shop, "checkout.session.completed", stripe_session(**SUBSCRIBED))
        told(web, shop, "payment_intent.succeeded", stripe_payment())
        before = len(sales(shop))
        link = {"id": "inpay_1", "object": "invoice_payment", "invoice": "in_1"}
        told(web, shop, "invoice_payment.paid", {**link, "payment": {"payment_intent": "pi_1"}})

        assert (2, [(None, Decimal("59.90"))]) == (before, sales(shop))

    def test_the_next_month_is_a_sale_of_its_own(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """By the token in the subscription's metadata; a trial's invoice of nothing is none."""
        kept = {"subscription_details": {"metadata": {
            "shopclerk_shopper": session["shopper_token"]}}}  # fmt: skip
        told(web, shop, "invoice.paid", invoice(id="in_0", amount_paid=0, payments={}, **kept))
        told(web, shop, "invoice.paid", invoice(**kept))
        told(web, shop, "invoice.paid", invoice(id="in_2", payments={}, parent=kept))

        assert [(session["shopper_id"], Decimal("59.90"))] * 2 == sales(shop)


class TestDispute:
    @pytest.mark.parametrize(
        ("news", "kept"),
        [
            ([("created", "needs_response")], "59.90"),
            ([("created", "needs_response"), ("funds_withdrawn", "under_review")], "59.90"),
            ([("created", "needs_response"), ("closed", "lost")], "0"),
            ([("closed", "lost"), ("created", "needs_response")], "0"),
            ([("created", "needs_response"), ("closed", "won")], "59.90"),
            ([("closed", "lost"), ("funds_reinstated", "won")], "59.90"),
            ([("created", "warning_needs_response"), ("closed", "warning_closed")], "59.90"),
        ],
    )
    def test_takes_the_money_once_it_is_lost(
        self, shop: Shop, web: Visitor, news: Any, kept: str
    ) -> None:
        """While it is open the sale stands, won it stands for good."""
        told(web, shop, "payment_intent.succeeded", stripe_payment(latest_charge="ch_1"))
        for later, (kind, status) in enumerate(news):
            told(web, shop, f"charge.dispute.{kind}", dispute(status=status), later=later)

        assert [(None, Decimal(kept))] == sales(shop)

    def test_may_name_the_charge_alone(self, shop: Shop, web: Visitor) -> None:
        """And come before the payment."""
        lost = dispute(status="lost", payment_intent=None, amount=1_000)
        told(web, shop, "charge.dispute.closed", lost)
        told(web, shop, "payment_intent.succeeded", stripe_payment(latest_charge="ch_1"))

        assert [(None, Decimal("49.90"))] == sales(shop)


class TestPaidLate:
    @pytest.mark.parametrize(
        ("end", "kept"),
        [
            ("checkout.session.async_payment_succeeded", ["59.90"]),
            ("checkout.session.async_payment_failed", []),
            (None, []),
        ],
    )
    def test_a_checkout_by_bank_counts_when_it_is_paid(
        self, shop: Shop, web: Visitor, end: str | None, kept: list[str]
    ) -> None:
        """Until then it is pending."""
        told(web, shop, "checkout.session.completed", stripe_session(payment_status="unpaid"))
        if end:
            status = "paid" if end.endswith("succeeded") else "unpaid"
            told(web, shop, end, stripe_session(payment_status=status), later=86_400)

        assert kept == [str(money) for _, money in sales(shop)]

    def test_a_refund_counts_when_it_went_through(self, shop: Shop, web: Visitor) -> None:
        """Pending takes nothing, nor does one that failed in the end."""
        told(web, shop, "payment_intent.succeeded", stripe_payment())
        kept = []
        for later, status in enumerate(["pending", "requires_action", "succeeded", "failed"]):
            told(web, shop, "refund.updated", stripe_refund(status=status), later=later)
            kept.append(str(sales(shop)[0][1]))

        assert ["59.90", "59.90", "49.90", "59.90"] == kept


class TestCurrencies:
    @pytest.mark.parametrize(
        ("currency", "units", "total"),
        [
            ("usd", 5_990, "59.90"), ("jpy", 5_990, "5990.00"), ("krw", 59_900, "59900.00"),
            ("vnd", 59_900, "59900.00"), ("kwd", 12_340, "12.34"), ("bhd", 12_340, "12.34"),
            ("tnd", 12_350, "12.35"), ("isk", 59_900, "599.00"), ("ugx", 59_900, "599.00"),
            ("mga", 59_900, "59900.00"),
        ],
    )  # fmt: skip
    def test_the_smallest_unit_is_stripes(
        self, shop: Shop, web: Visitor, currency: str, units: int, total: str
    ) -> None:
        """As ISO 4217 says, but for three."""
        payment = stripe_payment(currency=currency, amount=units, amount_received=units)
        told(web, shop, "payment_intent.succeeded", payment)

        assert [total] == [str(money) for _, money in sales(shop)]


class TestLeftAlone:
    @pytest.mark.parametrize(
        ("topic", "thing", "changes", "reason"),
        [
            ("checkout.session.completed",
             stripe_session(mode="setup", amount_total=None, currency=None), {}, "way to pay"),
            ("checkout.session.completed", stripe_session(amount_total=None), {}, "older version"),
            ("checkout.session.completed", stripe_session(payment_status=None), {}, "is paid"),
            ("payment_intent.succeeded", stripe_payment(currency=None), {}, "currency"),
            ("payment_intent.succeeded", stripe_payment(object="charge"), {}, "another object"),
            ("payment_intent.succeeded", stripe_payment(), {"livemode": False}, "test mode"),
            ("payment_intent.succeeded", stripe_payment(), {"created": "x"}, "created"),
            ("charge.dispute.closed", dispute(payment_intent=None, charge=None), {}, "neither"),
            ("customer.created", {"id": "cus_1"}, {}, "another kind"),
            ("v1.billing.meter.error_report_triggered", {"id": "x"}, {"data": None}, "thin"),
        ],
    )  # fmt: skip
    def test_is_accepted_and_the_log_says_why(
        self, shop: Shop, web: Visitor, topic: str, thing: Any, changes: Any, reason: str
    ) -> None:
        """After days of refusals Stripe disables an endpoint."""
        with capture_logs() as logs:
            answer = stripe(web, shop, {**stripe_event(topic, thing), **changes})

        (said,) = [line["reason"] for line in logs if line["event"] == "stripe.left_alone"]
        assert (200, {"status": "ignored"}) == (answer.status_code, answer.json())
        assert reason in said
        assert [] == sales(shop)
