"""Slots of replies: places such as `{order.status}` that are filled when a reply is said."""

import re
from collections.abc import Collection
from typing import Final

SLOT: Final = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)?)\}")
POLICY: Final = "policy."  # a fact of the shop
FILL: Final = "fill."  # of a macro or a proposal: a person has to write it in words
ORDER_SLOTS: Final = (
    "order.number",
    "order.status",
    "order.placed_on",
    "order.total",
    "order.items",
    "order.refunded",
    "order.tracking",
)
# What the clerk can look up; the shop's facts come on top.
KNOWN_SLOTS: Final = frozenset({"products", *ORDER_SLOTS})


def unknown_slots(text: str, facts: Collection[str] | None = None) -> list[str]:
    """The slots of a text that nothing fills. `facts`: their names; None: they may come yet.

    >>> unknown_slots("{order.status}, {order.foo}, {policy.days}, {fill.name}")
    ['order.foo']
    >>> unknown_slots("{policy.days} {policy.hours}", {"days"})
    ['policy.hours']
    """
    return sorted(
        {
            slot
            for slot in SLOT.findall(text)
            if slot not in KNOWN_SLOTS and not slot.startswith(FILL) and not _is_fact(slot, facts)
        }
    )


def filled_by(facts: Collection[str] = ()) -> str:
    """All that can be taken instead, as a sentence has it."""
    names = sorted(KNOWN_SLOTS | {f"{POLICY}{name}" for name in facts})
    return ", ".join("{" + name + "}" for name in names)


def _is_fact(slot: str, facts: Collection[str] | None) -> bool:
    return slot.startswith(POLICY) and (facts is None or slot.removeprefix(POLICY) in facts)
