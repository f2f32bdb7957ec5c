"""What the clerk says back: an answer with its buttons and product cards, free of any channel."""

from dataclasses import dataclass
from typing import Final, Literal

from serving.ranker import Candidate

Kind = Literal["answer", "choices", "ask", "products", "handover"]


@dataclass(frozen=True)
class Choice:
    """Something to say, offered as a button; a press sends back its `id`."""

    id: str  # the candidate's key
    title: str
    reply_id: str | None = None  # the reply of the book behind it; None: another source's


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
class Citation:
    """Sentences quoted from a knowledge source, and where they stand."""

    source: str  # the knowledge source's name
    id: str  # what the source calls them
    title: str  # of the page
    url: str  # absolute, or of the shop's own site
    text: str

    @property
    def key(self) -> str:
        """The candidate's key, by which a click names it."""
        return Candidate(self.id, 0.0, self.source).key


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
    reply_id: str | None = None  # the reply of the book whose words these are
    citations: tuple[Citation, ...] = ()
    served_by: str = "policy"  # model, keywords, policy
    state: str = "clerk"  # of the dialogue then: clerk, waiting, staff, done
