"""The parts of a report, as small typed values: they know JSON, not how they came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

Verdict = Literal["better", "worse", "not yet"]
VerdictReason = Literal["decided", "undecided", "too_few_orders", "no_holdout", "srm"]

# The primary measure first: it alone decides.
MEASURES: Final = ("rps", "cvr", "aov", "ctr", "click_cvr")
MIN_ORDERS: Final = 60  # below it the intervals cover 91 % where they promise 95 %


@dataclass(frozen=True)
class Uplift:
    """Treatment ÷ control − 1, as fractions.

    `low` and `high` hold however often one looks (95 %, asymptotic confidence sequence);
    `fixed_low` and `fixed_high` hold for a single look at a planned end (tea-tasting's interval).
    Where there is no interval `reason` says why.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    fixed_low: float | None = None
    fixed_high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Measure:
    """One measure: its value in each arm, and the champion's uplift over the holdout."""

    arms: Mapping[str, float | None]
    uplift: Uplift

    def to_json(self) -> dict[str, Any]:
        """Arms beside `uplift`, as the interface fixes it."""
        return {**self.arms, "uplift": vars(self.uplift)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Measure":
        """The measure that `to_json` wrote."""
        arms = {name: value for name, value in stored.items() if name != "uplift"}
        return cls(arms, Uplift(**stored["uplift"]))


@dataclass(frozen=True)
class Arm:
    """What the shoppers of an arm did within their outcome windows."""

    shoppers: int
    buyers: int = 0
    orders: int = 0
    revenue: Decimal = Decimal(0)  # in the report's currency, net of refunds
    impressions: int = 0
    clicks: int = 0

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
