"""Order actions: what each needs, which orders it fits, how it is carried out. Data, and few lines.

docs/extending/action.md adds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.messages import Asked


@dataclass(frozen=True)
class ActionPhrases:
    """How an action of the shop's own is asked for and told, in one language."""

    cue: str  # a pattern over lower case: how a wish for it is said
    title: str  # the summary's heading; {order}
    done: str  # what is done, and what comes next; {order}


@dataclass(frozen=True)
class OrderAction:
    """One thing that can be done to an order."""

    name: str  # as the back office's API has it
    needs: tuple[Asked, ...]  # asked for in this order
    fits: tuple[str, ...] = ()  # states of an order; empty: it is about the customer
    moves_parcel: bool = False  # it changes where goods go: who asks has to be surer to be them
    same_variant: bool = False  # a swap for the same variant again makes sense
    phrases: Mapping[str, ActionPhrases] = field(default_factory=dict)  # by locale; of own actions


ORDER_ACTIONS: Final[Mapping[str, OrderAction]] = {
    action.name: action
    for action in (
        OrderAction("cancel_order", ("order", "reason"), ("pending",)),
        OrderAction(
            "change_order_address",
            ("order", "address"),
            ("pending", "pending (item modified)"),
            moves_parcel=True,
        ),
        OrderAction(
            "change_payment",
            ("order", "payment_method"),
            ("pending", "pending (item modified)"),
        ),
        OrderAction("change_items", ("order", "item", "variant", "payment_method"), ("pending",)),
        OrderAction("return_items", ("order", "item", "payment_method"), ("delivered",)),
        OrderAction(
            "exchange_items",
            ("order", "item", "variant", "payment_method"),
            ("delivered",),
            same_variant=True,
        ),
        OrderAction("change_customer_address", ("address",), moves_parcel=True),
    )
}
