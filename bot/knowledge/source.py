"""The interface of a knowledge source: candidates with scores, and what each would say.

The reply book is the first source; docs/extending/knowledge-source.md adds another.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from bot.messages import NOWHERE, Asked, Card, Choice, Citation, OrderShown, Place
from feedback.dialogues import NOTHING_YET, Focus, HandoverReason, ProductWish
from feedback.entities import FindsProducts, OrderWords
from serving.contract import STABLE
from serving.ranker import Ranking


class ModelQuery(NamedTuple):
    """What a model is asked with: the rendered dialogue, and the label of the version to answer."""

    dialogue: str
    label: str


@dataclass(frozen=True)
class KnowledgeQuery:
    """A shopper's turn, as every source is asked it.

    Attributes:
        texts: The shopper's turns, newest first, normalised and without personal values.
        dialogue: What a model reads that looks for products and sentences.
        locale: The language to answer in.
        label: Whose version answers; None in the holdout, where keyword search alone chooses.
        place: Where in the shop the shopper is.
        focus: What the dialogue was about so far.
        told_of_order: Reads what the shopper told of an order; called only when one is needed.
        failed_lookups: Look-ups of orders in this dialogue that found nothing.
        who: Whose failed look-ups count together: a hash of an address, or a shopper's id.
        ranked: What a ranker of replies reads: the dialogue with names of products hidden; "": it.
    """

    texts: Sequence[str]
    dialogue: str
    locale: str
    label: str | None = STABLE
    place: Place = NOWHERE
    focus: Focus = NOTHING_YET
    told_of_order: Callable[[], OrderWords] = OrderWords
    failed_lookups: int = 0
    who: str = ""
    ranked: str = ""

    @property
    def for_model(self) -> ModelQuery | None:
        """The same for a model; None in the holdout, which is answered without one."""
        return None if self.label is None else ModelQuery(self.dialogue, self.label)


class ProductNote(NamedTuple):
    """Which products an answer is about, and for what wish: what "it" and "cheaper" mean next."""

    product_ids: tuple[str, ...]
    wish: ProductWish | None = None
    colours: tuple[str, ...] = ()  # in which one was asked for
    sizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Composed:
    """A text ready to be shown, with its product cards and where its sentences stand."""

    text: str
    products: tuple[Card, ...] = ()
    citations: tuple[Citation, ...] = ()
    note: ProductNote | None = None
    order: OrderShown | None = None  # the one it speaks of


@dataclass(frozen=True)
class AskBack:
    """What the shopper must tell first; `failed`: a look-up found nothing."""

    text: str
    failed: bool = False
    asks: tuple[Asked, ...] = ()
    choices: tuple[Choice, ...] = ()  # likely answers
    wish: ProductWish | None = None  # what was looked for in vain: the next turn may narrow it


@dataclass(frozen=True)
class NeedsPerson:
    """Nothing the clerk may say answers; a person goes on."""

    reason: HandoverReason
    text: str = ""  # what is said before that
    note: ProductNote | None = None


class KnowledgeSource(Protocol):
    """Something of the shop's that can answer: its reply book, its help pages, its catalogue."""

    @property
    def name(self) -> str:
        """Names the source in impressions and clicks, so it never changes; without a colon."""
        ...

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """Its candidates, best first, each with this source's `name`; none when it is away.

        `confidence` is the calibrated probability that the first one is right, and a difference of
        scores the logarithm of how many times likelier one candidate is than another. A source
        that has no such thing says `keywords`.
        """
        ...

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | AskBack | NeedsPerson | None:
        """What the candidate `id_` says to the shopper; None where it is not there any more."""
        ...

    def title(self, id_: str, locale: str) -> str:
        """What a button for it says, in at most 60 characters."""
        ...


@runtime_checkable
class SpeaksOfProducts(Protocol):
    """A knowledge source whose candidates are about products."""

    def products_of(self, id_: str) -> tuple[str, ...]:
        """The products that the candidate `id_` speaks of."""
        ...


@runtime_checkable
class NamesProducts(Protocol):
    """A knowledge source that knows the products by their names."""

    def named_in(self, query: KnowledgeQuery) -> str | None:
        """The product that a turn names, whatever it asks; None where it names none, or several."""
        ...

    def mentions(self, known: Callable[[], Collection[str]]) -> FindsProducts:
        """Finds products named in a text in words that are not `known`."""
        ...
