"""Records of imported files: each line as a small typed value.

The formats are fixed: replies, questions, dialogues, ranking, facts and orders as JSON Lines,
products as Shopify exports them.
"""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from feedback.db import FeedbackError


class BadLine(NamedTuple):
    """A line that was left out, and why; printed as `file:line: reason`."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        """As editors and people read it."""
        return f"{self.path}:{self.line}: {self.reason}"


class BadShape(ValueError):
    """A JSON object is not what its kind has to be; the message is the reason."""


class FileUnreadable(FeedbackError):
    """A whole file can not be read."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        """Keep the parts, and say them in one sentence."""
        self.path = path
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{path} can not be read: {reason}. {remedy}")


class ReplyLine(NamedTuple):
    """A reply of the book; `text` None: known by its id only, which training allows."""

    reply_id: str
    text: str | None
    locale: str = "en"


class TurnLine(NamedTuple):
    """One message; `reply_id` where the clerk picked it from a book."""

    speaker: str
    text: str
    reply_id: str | None = None


class QuestionLine(NamedTuple):
    """A question and its right reply; `reply_id` None: none fits, hand over.

    `history`: what was said before it, oldest first, where it means nothing by itself.
    """

    question: str
    reply_id: str | None
    locale: str = "en"
    history: tuple[TurnLine, ...] = ()


class DialogueLine(NamedTuple):
    """A dialogue held elsewhere."""

    id: str
    turns: list[TurnLine]
    accepted: bool = False


class RankingLine(NamedTuple):
    """Which of `candidates` came next: `target` is its index."""

    id: str
    turns: list[TurnLine]
    candidates: list[str]
    target: int


class FactLine(NamedTuple):
    """A fact of the shop, `{policy.<name>}`; `locale` None: the same in every language."""

    name: str
    value: str
    locale: str | None = None


class BoughtLine(NamedTuple):
    """One product of an order; `price` is one piece's."""

    product_id: str
    quantity: int
    price: Decimal
    title: str = ""
    sku: str = ""


class RefundLine(NamedTuple):
    """Money given back for an order: one transaction."""

    refund_id: str
    order_id: str
    amount: Decimal
    currency: str  # in which the shopper got it
    refunded_at: datetime
    status: str = "succeeded"  # pending, succeeded, failed
    order_amount: Decimal | None = None  # in the order's currency, where the shop says it
    source: str = "orders"  # the shop system whose ids these are


class PurchaseLine(NamedTuple):
    """An order as the shop reports it; `placed_at` is aware, in UTC."""

    order_id: str
    shopper: str | None
    email: str | None
    placed_at: datetime | None  # None: it does not say
    currency: str
    total: Decimal
    lines: tuple[BoughtLine, ...] | None
    gift_cards: Decimal = Decimal(0)  # the part of the total that buys gift cards
    source: str = "orders"  # the shop system whose id it is
    number: str = ""
    status: str | None = None  # one of feedback.db.order_states.STATES
    tracking: str | None = None
    payment: str | None = None
    checkout: str | None = None
    cancelled_at: datetime | None = None
    updated_at: datetime | None = None
    odd: tuple[str, ...] = ()  # fields that could not be read as they came; names, no values


class VariantLine(NamedTuple):
    """One size and colour of a product; `quantity` None: not counted, so in stock."""

    variant_id: str
    options: dict[str, str]
    sku: str
    price: Decimal
    compare_at: Decimal | None
    quantity: int | None
    currency: str | None = None  # None: the shop's own
    cost: Decimal | None = None  # what it costs the shop; None: not told


class Translation(NamedTuple):
    """What a product is called in one language; "" where the shop's own words do."""

    locale: str
    title: str
    body: str = ""


class ProductLine(NamedTuple):
    """A product with its variants; bodies are plain text."""

    product_id: str
    title: str
    body: str
    vendor: str
    category: str
    tags: list[str]
    image: str
    url: str
    active: bool
    variants: tuple[VariantLine, ...]
    number: str = ""  # Shopify's own, by which its webhooks name the product
    translations: tuple[Translation, ...] = ()


class RateLine(NamedTuple):
    """One unit of `currency` is worth `rate` of `base`, from the day `since` on."""

    currency: str
    base: str
    since: datetime
    rate: Decimal
