"""Policy of the shop as conditions over its facts: how long, what not, at which fee. Pure.

A condition without its fact holds always; one whose moment the shop does not know holds, too: the
back office checks for itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.actions.back_office import OrderItem, PlacedOrder


@dataclass(frozen=True)
class PolicyCase:
    """What a condition looks at."""

    order: PlacedOrder
    items: Sequence[OrderItem]  # those that the action is about
    now: datetime


@dataclass(frozen=True)
class PolicyCondition:
    """One condition of the shop's; what breaks it fills the words of its rule."""

    code: str  # of its words, in `ActionWords.rules` and `.passed`
    fact: str  # its value; the shop's own, as `{policy.return_days}` is
    actions: tuple[str, ...]
    broken: Callable[[PolicyCase, str], Mapping[str, str] | None]


@dataclass(frozen=True)
class PolicyVerdict:
    """What the policy says of an action: the code of a rule, and what fills its words."""

    code: str
    fills: Mapping[str, str]
    allowed: bool


def _too_late_to_return(case: PolicyCase, value: str) -> Mapping[str, str] | None:
    days, arrived = _number(value), _moment(case.order.delivered_at)
    if days is None or arrived is None or case.now - arrived <= timedelta(days=days):
        return None
    return {"days": str(days), "date": arrived.date().isoformat()}


def _too_late_to_change(case: PolicyCase, value: str) -> Mapping[str, str] | None:
    minutes, placed = _number(value), _moment(case.order.placed_at)
    if minutes is None or placed is None or case.now - placed <= timedelta(minutes=minutes):
        return None
    return {"minutes": str(minutes)}


def _left_out(case: PolicyCase, value: str) -> Mapping[str, str] | None:
    words = [word.strip().lower() for word in re.split(r"[,;，；、]", value) if word.strip()]
    for item in case.items:
        told = f"{item.category} {item.title}".lower()
        if any(re.search(rf"(?<!\w){re.escape(word)}", told) for word in words):
            return {"item": item.title}
    return None


SENT_BACK: Final = ("return_items", "exchange_items")
CONDITIONS: Final = (
    PolicyCondition("too_late_to_return", "return_days", SENT_BACK, _too_late_to_return),
    PolicyCondition("left_out", "no_returns", SENT_BACK, _left_out),
    PolicyCondition(
        "too_late_to_change",
        "cancel_minutes",
        ("cancel_order", "change_items", "change_order_address"),
        _too_late_to_change,
    ),
)
FEES: Final = {"return_items": "return_fee", "exchange_items": "exchange_fee"}
POLICY_FACTS: Final = tuple(dict.fromkeys([*(each.fact for each in CONDITIONS), *FEES.values()]))


def judge(
    action: str,
    case: PolicyCase,
    facts: Mapping[str, str],
    conditions: Sequence[PolicyCondition] = CONDITIONS,
) -> PolicyVerdict | None:
    """The condition that forbids an action, else the first that it passed; None: there is none.

    >>> from datetime import UTC
    >>> from decimal import Decimal
    >>> lamp = OrderItem("1", "lamp", "Desk Lamp", Decimal(40), category="Lamps")
    >>> order = PlacedOrder("A1", "delivered", (lamp,), delivered_at="2026-03-01T00:00:00Z")
    >>> case = PolicyCase(order, (lamp,), datetime(2026, 4, 15, tzinfo=UTC))
    >>> judge("return_items", case, {"return_days": "30"}).allowed
    False
    """
    passed = None
    for each in conditions:
        if action not in each.actions or not facts.get(each.fact, "").strip():
            continue
        broken = each.broken(case, facts[each.fact])
        if broken is not None:
            return PolicyVerdict(each.code, broken, allowed=False)
        passed = passed or PolicyVerdict(each.code, {"value": facts[each.fact]}, allowed=True)
    return passed


def _number(value: str) -> int | None:
    found = re.search(r"\d+", value)
    return int(found.group()) if found else None


def _moment(text: str) -> datetime | None:
    """A moment with its zone; None where the shop does not know it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
