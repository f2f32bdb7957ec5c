"""The parts of a report, as small typed values: they know JSON, not how they came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple


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
