"""What the clerk says back: an answer with its buttons and product cards, free of any channel."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["answer", "choices", "ask", "products", "handover"]


@dataclass(frozen=True)
class Choice:
    """A reply offered as a button."""

    reply_id: str
    title: str


@dataclass(frozen=True)
class Card:
    """A product shown with an answer; every address is absolute."""

    product_id: str
    title: str
    price: str  # as read by the shopper: "$59.90", "from $20.00", "80.00元起"
    image: str  # "" without a picture
    url: str  # the product's page at the shop
    in_stock: bool
    click_url: str = ""  # through the click counter; "" where none is wired: use `url`


@dataclass(frozen=True)
class Answer:
    """One reply as shown; `message_id` is its turn's number, thumbs go to `impression_id`."""

    message_id: int
    impression_id: str
    kind: Kind
    text: str
    confidence: float
    choices: tuple[Choice, ...] = ()
    products: tuple[Card, ...] = ()
