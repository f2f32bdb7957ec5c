"""`BackOffice`: the shop's own system, in which orders are read and changed.

One of these is an executor of order actions: the signed API of any shop, Shopify's, WooCommerce's.
Amounts are the back office's: what an action costs or gives back is what its dry run says.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True)
class PaymentMethod:
    """A way of paying that the customer has on file."""

    id: str
    kind: str  # credit_card, paypal, gift_card, …
    brand: str = ""
    last_four: str = ""
    balance: Decimal | None = None


@dataclass(frozen=True)
class Payment:
    """Money that moved for an order."""

    payment_method_id: str
    kind: str = "payment"
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class CustomerAccount:
    """Whose orders they are."""

    customer_id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    payment_methods: tuple[PaymentMethod, ...] = ()


@dataclass(frozen=True)
class OrderItem:
    """A piece of an order."""

    sku: str
    product_id: str
    title: str
    price: Decimal
    options: Mapping[str, str] = field(default_factory=dict)
    quantity: int = 1
    category: str = ""  # the shop's own name for it; a policy may leave some out


@dataclass(frozen=True)
class PlacedOrder:
    """An order as it stands now."""

    order_id: str
    status: str
    lines: tuple[OrderItem, ...]
    currency: str = "USD"
    total: Decimal = Decimal(0)
    placed_at: str = ""
    delivered_at: str = ""  # "" where the shop does not know it
    customer_id: str = ""
    shipping_address: Mapping[str, str] = field(default_factory=dict)
    payments: tuple[Payment, ...] = ()

    @property
    def pieces(self) -> tuple[OrderItem, ...]:
        """Its lines, each as often as it was bought."""
        return tuple(line for line in self.lines for _ in range(line.quantity))

    @property
    def paid_with(self) -> str | None:
        """The payment method it was paid with."""
        paid = (each.payment_method_id for each in self.payments if each.kind == "payment")
        return next(paid, None)


@dataclass(frozen=True)
class ItemVariant:
    """A variant that an item may be swapped for."""

    sku: str
    options: Mapping[str, str]
    price: Decimal
    available: bool


@dataclass(frozen=True)
class ProductOffer:
    """A product with its variants."""

    product_id: str
    title: str
    variants: tuple[ItemVariant, ...]


@dataclass(frozen=True)
class ActionCall:
    """A call: the action's name, and its arguments as the back office's API names them."""

    name: str
    arguments: Mapping[str, Any]


class BackOfficeRefused(Exception):
    """The back office does not do it: a rule of the shop's; `code` says which."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"The back office refused: {code}. {detail}".strip())


class BackOfficeAway(Exception):
    """The back office gave no answer, so a write may have happened, or not."""


class BackOffice(Protocol):
    """Reads orders and carries actions out."""

    @property
    def can(self) -> Collection[str]:
        """The names of the actions it carries out; the staff do the others by hand."""
        ...

    def customer_by_email(self, email: str) -> CustomerAccount | None:
        """Who has this e-mail."""
        ...

    def customer_by_name(self, first: str, last: str, postcode: str) -> CustomerAccount | None:
        """Who has this name, and this postcode in their account."""
        ...

    def customer(self, customer_id: str) -> CustomerAccount | None:
        """The customer as they are now."""
        ...

    def orders(self, customer_id: str) -> tuple[PlacedOrder, ...]:
        """All their orders as they are now."""
        ...

    def product(self, product_id: str) -> ProductOffer | None:
        """A product with its variants."""
        ...

    def dry_run(self, call: ActionCall) -> dict[str, Any]:
        """What the call would do, its amounts among it; nothing is written.

        `by_staff` in it says why a colleague has to carry it out by hand.

        Raises:
            BackOfficeRefused: a rule forbids it.
            BackOfficeAway: no answer came.
        """
        ...

    def execute(
        self, call: ActionCall, *, seen: Mapping[str, Any], key: str, actor: str
    ) -> dict[str, Any]:
        """Carry the call out once, however often the same `key` is sent, and read it back.

        Args:
            call: What the shopper said yes to.
            seen: What its dry run told before the yes.
            key: The same for every attempt; the outcome of an earlier one is looked up by it.
            actor: Who had it done, for the shop's own log.

        Raises:
            BackOfficeRefused: a rule forbids it; nothing was written.
            BackOfficeAway: it is not known to be done; the same key may be sent again.
        """
        ...
