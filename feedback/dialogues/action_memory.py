"""What a dialogue remembers of the order actions under way: the wishes, the words said to each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Said:
    """One turn of the shopper about a wish: the words, or the button that was pressed."""

    text: str
    asked: tuple[str, ...] = ()  # what the clerk had asked for
    value: Mapping[str, str] = field(default_factory=dict)  # what the pressed button stands for


@dataclass(frozen=True)
class Wish:
    """One thing the shopper wants done to an order; what it needs is read out of `said` anew."""

    action: str
    said: tuple[Said, ...] = ()
    order_id: str | None = None  # where it is settled: of a wish that spoke of several orders
    asked: Mapping[str, int] = field(default_factory=dict)  # how often, by slot
    # By slot: how many of the first turns do not count for it, since a rule forbids what they said.
    void: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedCall:
    """A call of the shop's back office, with the amounts its dry run told."""

    name: str
    arguments: dict[str, Any]
    amounts: dict[str, Any]


@dataclass(frozen=True)
class Summary:
    """What waits for the shopper's yes; `id` is a hash of the calls and of where they were told."""

    id: str
    calls: tuple[PlannedCall, ...]
    text: str
    policy: str = ""  # the rule of the shop that it passed, for the staff


@dataclass(frozen=True)
class ActionMemory:
    """The order actions under way: the first wish is talked about, the others wait."""

    wishes: tuple[Wish, ...] = ()
    customer_id: str | None = None  # once identified
    failed_identity: int = 0
    told: tuple[str, ...] = ()  # which facts of theirs they told rightly: "email", "number", …
    numbers_shown: bool = False  # the clerk has named orders of theirs: a number proves no more
    asks: tuple[str, ...] = ()  # what the newest question wants to hear
    question: str = ""  # its words, said again after a question in between
    summary: Summary | None = None
