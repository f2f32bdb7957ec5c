"""The clerk's answer with its buttons and product cards, free of any channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from serving.ranker import Candidate

Kind = Literal[
    "answer",
    "choices",
    "ask",
    "products",
    "confirm",  # a summary waits for the shopper's yes
    "done",  # what was said yes to is carried out
    "refused",  # the shop's rules forbid what was asked for
    "submitted",  # it waits for a colleague's approval
    "handover",
]
# What a question wants to hear.
Asked = Literal[
    "order_number",
    "email",
    "name",
    "zip",
    "order",
    "action",
    "item",
    "variant",
    "reason",
    "payment_method",
    "address",
    "confirmation",
    "product",
]


@dataclass(frozen=True)
class Choice:
    """Something to say, offered as a button; a press sends back its `id`."""

    id: str  # the candidate's key
    title: str
    reply_id: str | None = None  # the reply of the book behind it; None: another source's
    value: Mapping[str, str] | None = None  # what it stands for: {"order_id": "1001"}


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
class ActionShown:
    """An order action in a reply: a call, with the amounts before it or its outcome after it."""

    name: str
    arguments: dict[str, Any]
    amounts: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None


@dataclass(frozen=True)
class SummaryShown:
    """Exactly the calls that a yes will carry out."""

    id: str
    actions: tuple[ActionShown, ...]


@dataclass(frozen=True)
class OrderStep:
    """One step of an order on its way, in the shopper's language."""

    title: str
    reached: bool


@dataclass(frozen=True)
class OrderShown:
    """An order as a card, shown to whoever told its number and e-mail."""

    number: str
    status: str  # in words
    placed_on: str
    total: str
    items: tuple[str, ...]
    steps: tuple[OrderStep, ...] = ()  # none, where it goes no further
    tracking: str = ""
    tracking_url: str = ""


@dataclass(frozen=True)
class ReplyDetails:
    """What a reply says besides its text, for programs; kept with its impression."""

    reply_ids: tuple[str, ...] = ()  # further replies of the book whose words are in the text
    asks: tuple[Asked, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)  # product_id, order_id, action
    order: OrderShown | None = None
    summary: SummaryShown | None = None
    executed: tuple[ActionShown, ...] = ()


NO_DETAILS: Final = ReplyDetails()
_DETAILS: Final = TypeAdapter(ReplyDetails)


def details_stored(details: ReplyDetails) -> dict[str, Any]:
    """The value of the impression's column `details`: what is there, and nothing else.

    >>> details_stored(ReplyDetails(asks=("email",)))
    {'asks': ['email']}
    """
    if details == NO_DETAILS:
        return {}
    stored: dict[str, Any] = _DETAILS.dump_python(details, mode="json", exclude_defaults=True)
    return stored


def details_read(stored: Mapping[str, Any]) -> ReplyDetails:
    """The details in a value of the column.

    >>> details_read({"asks": ["email"]}).asks
    ('email',)
    """
    return _DETAILS.validate_python(stored) if stored else NO_DETAILS


@dataclass(frozen=True)
class Place:
    """Where the shopper is while asking, and as whom: recommendations are made for there."""

    page: str | None = None  # the address
    basket: tuple[str, ...] = ()  # the products in it
    customer: str | None = None  # who is signed in there: their e-mail, or the shop's id of them


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
    details: ReplyDetails = NO_DETAILS
    served_by: str = "policy"  # model, keywords, policy
    state: str = "clerk"  # of the dialogue then: clerk, waiting, staff, done
