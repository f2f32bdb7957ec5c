"""`Intake`: takes in orders, refunds and products, and finds the shopper of a token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import structlog

from bot.tokens import BadToken, Tokens
from feedback.demo_shop import DemoShop
from feedback.dialogues import Store
from feedback.knowledge import BadShape, Catalogue, ProductLine, RefundLine
from feedback.sales import OrderKey, Orders, Purchase, ShopConnections

log = structlog.get_logger()

Outcome = Literal["recorded", "repeat", "ignored"]

log = structlog.get_logger()


def or_left_alone(take: Callable[[], Outcome], source: str) -> Outcome:
    """What `take` comes to; a product that can not be read is left alone, and the log says why.

    Refused often enough, the webhook that tells of all other products would be switched off.
    """
    try:
        return take()
    except BadShape as wrong:
        log.warning("product.left_alone", source=source, reason=str(wrong))
        return "ignored"


@dataclass(frozen=True)
class Intake:
    """Takes in purchases, refunds and products of any shop system, each counted once."""

    store: Store
    orders: Orders
    catalogue: Catalogue
    connections: ShopConnections
    tokens: Tokens
    clock: Callable[[], datetime]
    currency: str  # of the catalogue; stands in where a refund names none

    def order(self, purchase: Purchase) -> Outcome:
        """Record the order, or bring the one recorded up to date."""
        self._is_a_real_shop()
        recorded = self.orders.record(purchase, self.clock())
        if purchase.odd:
            self._note_odd(purchase)
        return "recorded" if recorded.new else "repeat"

    def _note_odd(self, purchase: Purchase) -> None:
        log.warning(
            "order.odd", source=purchase.source, order=purchase.order_id, fields=purchase.odd
        )
        self.connections.odd(purchase.source, purchase.order_id, purchase.odd, self.clock())

    def refund(self, refund: RefundLine, *, instead_of: str | None = None) -> Outcome:
        """Record the refund, or how far it got; it may come before its order."""
        self._is_a_real_shop()
        news = self.orders.refund(refund, self.clock(), instead_of=instead_of)
        return "recorded" if news else "repeat"

    def told(self, ids: Sequence[str], purchase: Purchase) -> Outcome:
        """Record an order that its shop system names by several ids."""
        order_id = self.orders.same_order(purchase.source, ids)
        return self.order(replace(purchase, order_id=order_id))

    def order_gone(self, source: str, order_id: str, at: datetime | None = None) -> Outcome:
        """Take an order out of what is sold; `at`: when by the shop's clock, if it says so."""
        self._is_a_real_shop()
        known = self.orders.cancel(OrderKey(source, order_id), at, self.clock())
        return "recorded" if known else "ignored"

    def product(self, product: ProductLine | None) -> Outcome:
        """Write a product over what was known of it; None: it tells nothing we keep."""
        if product is None:
            return "ignored"
        self._is_a_real_shop()
        self.catalogue.put_products([product], self.clock(), currency=self.currency)
        return "recorded"

    def _is_a_real_shop(self) -> None:
        """Close the demo storefront before it shows anything of a real shop."""
        if DemoShop(self.orders.db).close():
            log.warning("demo.closed", reason="a shop system reports orders or products")

    def shopper_of_token(self, token: str | None) -> str | None:
        """The shopper a cart's token names; None for a token that is not ours or too old."""
        try:
            return self.tokens.read_shopper(token) if token else None
        except BadToken:
            return None

    def shopper_of_click(self, token: str | None) -> str | None:
        """The shopper to whom the clicked reply was shown."""
        try:
            clicked = self.tokens.read_click(token) if token else None
        except BadToken:
            return None
        impression = self.store.impression(clicked.impression_id) if clicked else None
        return impression.shopper_id if impression else None
