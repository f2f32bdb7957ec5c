"""Checklist for a colleague who carries an action out by hand. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from bot.actions.addresses import show_address

# {order} {address} {items} {reason} {method}
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "cancel_order": (
        "Stop order {order} in the warehouse",
        "Cancel it in the shop; reason: {reason}",
        "Give the money back the way it came",
    ),
    "change_order_address": (
        "See that order {order} has not left",
        "Write the new address into it: {address}",
        "Have a label printed already? Print it anew",
    ),
    "change_payment": (
        "Charge {method} for order {order}",
        "Give the former payment back",
    ),
    "change_items": (
        "See that order {order} has not left",
        "Change in it: {items}",
        "Collect or give back the difference",
    ),
    "return_items": (
        "Note on order {order} that it comes back: {items}",
        "Tell the shopper where to send it",
        "When it is here and as it was: give the money back to {method}",
    ),
    "exchange_items": (
        "Note on order {order} what comes back and what goes out: {items}",
        "Tell the shopper where to send it",
        "When it is here: send the new one, and settle the difference by {method}",
    ),
    "resend_email": ("Send the confirmation of order {order} again to the address it has",),
    "open_claim": (
        "Look at order {order}: {items}, {reason}",
        "Ask the shopper for pictures where they help",
        "Decide: a new one, money back, or the carrier's claim; and tell the shopper",
    ),
    "change_customer_address": ("Write the new address into the account: {address}",),
}


def steps_by_hand(name: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """What is to be done, step by step; an action of the shop's own has one step.

    >>> steps_by_hand("change_payment", {"order_id": "A1", "payment_method_id": "card-1"})[0]
    'Charge card-1 for order A1'
    """
    changes = arguments.get("changes") or ()
    items = [f"{each['sku']} → {each['new_sku']}" for each in changes]
    items += list(arguments.get("skus") or ())
    fills = {
        "order": arguments.get("order_id", ""),
        "address": show_address(arguments.get("address") or {}),
        "items": ", ".join(items),
        "reason": str(arguments.get("reason", "")).replace("_", " "),
        "method": arguments.get("payment_method_id", "the way it was paid"),
    }
    steps = STEPS.get(name, ("Do it in the shop for order {order}",))
    return tuple(step.format(**fills) for step in steps)
