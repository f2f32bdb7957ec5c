"""What the clerk says back: an answer with its buttons and product cards, free of any channel."""

from dataclasses import dataclass
from typing import Final, Literal

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
    variant_id: str = ""  # the one that fits; "" where the shopper has to choose a size, say
    click_url: str = ""  # through the click counter; "" where none is wired: use `url`


@dataclass(frozen=True)
class Place:
    """Where the shopper is while asking: recommendations are made for there."""

    page: str | None = None  # the address
    basket: tuple[str, ...] = ()  # the products in it


NOWHERE: Final = Place()


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
    served_by: str = "policy"  # model, keywords, policy
    state: str = "clerk"  # of the dialogue then: clerk, waiting, staff, done
