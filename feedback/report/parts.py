"""The parts of a report, as small typed values: they know JSON, not how they came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

Verdict = Literal["better", "worse", "not yet"]
VerdictReason = Literal["decided", "undecided", "too_few_orders", "no_holdout", "srm"]

# The primary measure first: it alone decides.
MEASURES: Final = ("rps", "cvr", "aov", "ctr", "click_cvr")
# Beside them: the share of thumbs that are up, of recommendations clicked, of dialogues handed over
# and of dialogues resolved without a person.
BESIDE: Final = ("thumbs_up", "offer_ctr", "handed_over", "resolved")
MIN_ORDERS: Final = 60  # below it the intervals cover 91 % where they promise 95 %


@dataclass(frozen=True)
class Uplift:
    """Treatment ÷ control − 1, as fractions.

    `low` and `high` hold however often one looks (95 %, asymptotic confidence sequence);
    `fixed_low` and `fixed_high` hold for a single look at a planned end (tea-tasting's interval).
    Those stand only in a report of the planned end. Where there is no interval `reason` says why.
    `pvalue` holds at every look too; `adjusted` is that of Benjamini and Hochberg over all measures
    but the primary one.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    fixed_low: float | None = None
    fixed_high: float | None = None
    reason: str | None = None
    pvalue: float | None = None
    adjusted: float | None = None


@dataclass(frozen=True)
class Measure:
    """One measure: its value in each arm, and the champion's uplift over the holdout.

    `challenger` is the challenger's uplift over the champion, while there is a challenger.
    """

    arms: Mapping[str, float | None]
    uplift: Uplift
    challenger: Uplift | None = None

    def to_json(self) -> dict[str, Any]:
        """Arms beside `uplift`, as the interface fixes it."""
        against = {"challenger_uplift": vars(self.challenger)} if self.challenger else {}
        return {**self.arms, "uplift": vars(self.uplift), **against}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Measure":
        """The measure that `to_json` wrote."""
        apart = ("uplift", "challenger_uplift")
        arms = {name: value for name, value in stored.items() if name not in apart}
        against = stored.get("challenger_uplift")
        return cls(arms, Uplift(**stored["uplift"]), Uplift(**against) if against else None)


@dataclass(frozen=True)
class Arm:
    """What the shoppers of an arm did within their outcome windows."""

    shoppers: int
    buyers: int = 0
    orders: int = 0
    revenue: Decimal = Decimal(0)  # in the report's currency, net of refunds
    impressions: int = 0
    clicks: int = 0
    purchases: int = 0  # orders in any currency
    clicked: int = 0  # impressions with at least one click
    thumbs: int = 0
    up: int = 0
    offers: int = 0  # recommendations shown
    taken: int = 0  # and clicked
    dialogues: int = 0
    handed: int = 0
    resolved: int = 0

    def to_json(self) -> dict[str, Any]:
        """With the revenue as a string."""
        return {**vars(self), "revenue": str(self.revenue)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Arm":
        """The arm that `to_json` wrote."""
        return cls(**{**stored, "revenue": Decimal(stored["revenue"])})


@dataclass(frozen=True)
class Credit:
    """Orders credited to replies, and their money in the report's currency."""

    orders: int = 0
    amount: Decimal = Decimal(0)

    def to_json(self) -> dict[str, Any]:
        """With the amount as a string."""
        return {"orders": self.orders, "amount": str(self.amount)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Credit":
        """The credit that `to_json` wrote."""
        return cls(stored["orders"], Decimal(stored["amount"]))


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

    def to_json(self) -> dict[str, Any]:
        """As an object, with the share."""
        return {
            **vars(self),
            "by_bridge": dict(self.by_bridge),
            "by_source": {source: list(pair) for source, pair in self.by_source.items()},
            "share": self.share,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "BridgeCapture":
        """The capture that `to_json` wrote."""
        by_source = {source: (pair[0], pair[1]) for source, pair in stored["by_source"].items()}
        return cls(stored["paid"], stored["matched"], stored["by_bridge"], by_source)


class DialogueRates(NamedTuple):
    """What became of the dialogues: counts, of which `dialogues` is the one denominator."""

    dialogues: int = 0
    answered: int = 0
    handed: int = 0
    confirmed: int = 0
    durable: int = 0
    open: int = 0
    up: int = 0
    down: int = 0

    @property
    def resolved(self) -> int:
        """Resolved without a person: confirmed by the shopper, or no return within 72 hours."""
        return self.confirmed + self.durable


@dataclass(frozen=True)
class HandOvers:
    """Dialogues of the time, and how many of them went to the staff, by reason."""

    dialogues: int = 0
    handed_over: int = 0
    by_reason: Mapping[str, int] = field(default_factory=dict)


class ReplyRow(NamedTuple):
    """A reply of the book: how often it was shown, and what came of it."""

    reply_id: str
    shown: int
    clicked: int
    up: int
    down: int
    orders: int  # assisted: attributed, not caused


class Note(NamedTuple):
    """Something to know when reading the report: a code, and what belongs into its sentence."""

    code: str
    values: dict[str, str | int | float]


class Added(NamedTuple):
    """Revenue that the clerk, or a model, added; caused, not attributed."""

    name: str  # "clerk", or the model's version
    shoppers: int  # who had it
    amount: float | None = None  # in the report's currency
    low: float | None = None
    high: float | None = None
    reason: str | None = None  # why there is no interval


class LedgerWeek(NamedTuple):
    """What the clerk had added with the shoppers who came up to this week."""

    monday: str  # 2026-11-23
    amount: float | None
    low: float | None
    high: float | None


NOTHING_ADDED: Final = Added("clerk", 0, reason="no_control")


@dataclass(frozen=True)
class Ledger:
    """What was added since the start."""

    clerk: Added = NOTHING_ADDED
    models: tuple[Added, ...] = ()  # each against the one before it
    weeks: tuple[LedgerWeek, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As objects."""
        return {
            "clerk": self.clerk._asdict(),
            "models": [each._asdict() for each in self.models],
            "weeks": [each._asdict() for each in self.weeks],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Ledger":
        """The ledger that `to_json` wrote."""
        return cls(
            Added(**stored["clerk"]),
            tuple(Added(**each) for each in stored["models"]),
            tuple(LedgerWeek(**each) for each in stored["weeks"]),
        )


class ModelChange(NamedTuple):
    """What one turn of retraining came to; shares of held-out questions right, where compared."""

    day: str  # 2026-11-23
    state: str  # promoted, refused, failed
    version: int | None = None
    parent: int | None = None
    examples: int = 0
    questions: int = 0  # held out, answered by both
    right: float | None = None
    before: float | None = None


class Group(NamedTuple):
    """One arm's shoppers of one week, language, model version or channel."""

    value: str
    arm: str
    shoppers: int
    orders: int
    rps: float | None
    cvr: float | None
    aov: float | None
    ctr: float | None


class Topic(NamedTuple):
    """What shoppers asked about, named by their own words."""

    name: str
    questions: int
    before: int  # in the week before
    handed_over: int
    down: int
    example: str  # personal data removed
    orders: int = 0  # assisted: attributed, not caused
    revenue: str = "0.00"


class Said(NamedTuple):
    """Something shoppers said, personal data removed, and how often."""

    text: str
    times: int
    about: str = ""  # the reply it was said about


@dataclass(frozen=True)
class Behaviour:
    """What shoppers wanted and how they took it."""

    topics: tuple[Topic, ...] = ()
    unanswered: tuple[Said, ...] = ()  # questions without a good reply
    disliked: tuple[Said, ...] = ()  # replies with more thumbs down than up
    comments: Mapping[str, int] = field(default_factory=dict)  # positive, neutral, negative
    comment_examples: tuple[Said, ...] = ()
    answer_ms: float | None = None  # median, the clerk
    staff_minutes: float | None = None  # median from the hand-over to a person's first word
    topics_by: str = ""  # model, words; "": no topics

    def to_json(self) -> dict[str, Any]:
        """As objects."""
        return {
            "topics": [each._asdict() for each in self.topics],
            "unanswered": [each._asdict() for each in self.unanswered],
            "disliked": [each._asdict() for each in self.disliked],
            "comments": dict(self.comments),
            "comment_examples": [each._asdict() for each in self.comment_examples],
            "answer_ms": self.answer_ms,
            "staff_minutes": self.staff_minutes,
            "topics_by": self.topics_by,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Behaviour":
        """The behaviour that `to_json` wrote."""
        said = {
            name: tuple(Said(**each) for each in stored[name])
            for name in ("unanswered", "disliked", "comment_examples")
        }
        return cls(
            topics=tuple(Topic(**each) for each in stored["topics"]),
            comments=stored["comments"],
            answer_ms=stored["answer_ms"],
            staff_minutes=stored["staff_minutes"],
            topics_by=stored["topics_by"],
            **said,
        )
