"""Parts of a report, as small typed values that Pydantic writes as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Credit:
    """Orders credited to replies, and their money in the report's currency."""

    orders: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class BridgeCapture:
    """How many paid orders were matched to a shopper, by bridge and by kind of checkout."""

    paid: int = 0
    matched: int = 0
    by_bridge: Mapping[str, int] = field(default_factory=dict)
    by_source: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # (matched, paid)

    @property
    def share(self) -> float | None:
        """Matched ÷ paid."""
        return self.matched / self.paid if self.paid else None


@dataclass(frozen=True)
class HandOvers:
    """Dialogues of the time, and how many of them went to the staff, by reason."""

    dialogues: int = 0
    handed_over: int = 0
    by_reason: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReplyRow:
    """A reply of the book: how often it was shown, and what came of it."""

    reply_id: str
    shown: int
    clicked: int
    up: int
    down: int
    orders: int  # assisted: attributed, not caused


@dataclass(frozen=True)
class PageRow:
    """A page of the shop's: how often it was quoted, and what came of it."""

    title: str
    url: str
    shown: int
    clicked: int  # its link
    up: int
    down: int
    handed_over: int  # answers after which the shopper was given to a person
    orders: int  # assisted: attributed, not caused
    propensity: float = 1.0  # the mean probability with which the answers were chosen


@dataclass(frozen=True)
class PassageRow:
    """A passage of a page: how often it was quoted, and what came of it; fields as a page's."""

    passage_id: str
    shown: int
    clicked: int
    up: int
    down: int
    handed_over: int
    orders: int
    propensity: float = 1.0


@dataclass(frozen=True)
class ActionFigures:
    """Order actions of the period: how they ended, the staff's time saved, what they gave back."""

    alone: int = 0  # done without anybody
    approved: int = 0  # done after a colleague's yes
    by_hand: int = 0  # done by a colleague, with all collected
    undone: int = 0
    declined: int = 0
    refused: int = 0  # by the shop's system
    expired: int = 0
    left: int = 0  # dialogues that ended in the middle of one
    left_at: tuple[tuple[str, int], ...] = ()  # what was asked last, the commonest first
    corrected: int = 0  # summaries that were not what the shopper meant
    misread: tuple[tuple[str, int], ...] = ()  # and the actions they were of
    minutes: int = 0
    refunded: Decimal = Decimal(0)  # as the shop's system told, in its currency

    @property
    def done(self) -> int:
        """All that were carried out."""
        return self.alone + self.approved + self.by_hand


@dataclass(frozen=True)
class Note:
    """Something to know when reading the report: a code, and what belongs into its sentence."""

    code: str
    values: dict[str, str | int | float]


@dataclass(frozen=True)
class ModelChange:
    """What one turn of retraining came to; shares of held-out questions right, where compared."""

    day: str  # 2026-11-23
    state: str  # promoted, refused, failed
    version: int | None = None
    parent: int | None = None
    examples: int = 0
    questions: int = 0  # held out, answered by both
    right: float | None = None
    before: float | None = None


@dataclass(frozen=True)
class Group:
    """One arm's shoppers of one week, language, model version or channel."""

    value: str
    arm: str
    shoppers: int
    orders: int
    rps: float | None
    cvr: float | None
    aov: float | None
    ctr: float | None


@dataclass(frozen=True)
class Topic:
    """What shoppers asked about, named by their own words."""

    name: str
    questions: int
    before: int  # in the week before
    handed_over: int
    down: int
    example: str  # personal data removed
    orders: int = 0  # assisted: attributed, not caused
    revenue: str = "0.00"
    examples: Mapping[str, str] = field(default_factory=dict)  # by language

    def asked_in(self, locale: str) -> str:
        """A typical question, in the report's language where somebody asked in it."""
        return self.examples.get(locale) or self.example or self.name


@dataclass(frozen=True)
class ShopperQuote:
    """Something shoppers said, personal data removed, and how often."""

    text: str
    times: int
    about: str = ""  # the reply it was said about


@dataclass(frozen=True)
class Behaviour:
    """What shoppers wanted and how they took it."""

    topics: tuple[Topic, ...] = ()
    unanswered: tuple[ShopperQuote, ...] = ()  # questions without a good reply
    disliked: tuple[ShopperQuote, ...] = ()  # replies with more thumbs down than up
    comments: Mapping[str, int] = field(default_factory=dict)  # positive, neutral, negative
    comment_examples: tuple[ShopperQuote, ...] = ()
    answer_ms: float | None = None  # median, the clerk
    staff_minutes: float | None = None  # median from the hand-over to a person's first word
    topics_by: str = ""  # model, words; "": no topics
