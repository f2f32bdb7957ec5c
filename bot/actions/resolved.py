"""Outcomes of resolving a wish: what to ask, why not, one call, or several wishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.actions.back_office import (
    ActionCall,
    CustomerAccount,
    ItemVariant,
    OrderItem,
    PlacedOrder,
)
from bot.actions.order_actions import OrderAction
from bot.actions.words import ActionWords
from bot.messages import Asked
from feedback.dialogues import Wish

MAX_CHOICES: Final = 10

# By the code of a refusal, what it leaves open: the shopper may say this otherwise.
LEAVES_OPEN: Final[Mapping[str, str]] = {
    "balance_too_low": "payment_method",
    "refund_elsewhere": "payment_method",
    "same_payment_method": "payment_method",
    "unknown_payment_method": "payment_method",
    "out_of_stock": "variant",
    "same_item": "variant",
    "invalid_address": "address",
}


@dataclass(frozen=True)
class Offer:
    """A candidate as a button."""

    title: str
    value: Mapping[str, str]


@dataclass(frozen=True)
class NeedsAnswer:
    """A slot that the words do not settle."""

    slot: Asked
    text: str
    offers: tuple[Offer, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NotAllowed:
    """A rule of the shop's forbids it; `slot`: what could be said otherwise."""

    code: str
    text: str
    about: Mapping[str, str] = field(default_factory=dict)
    slot: Asked | None = None


@dataclass(frozen=True)
class SeveralWishes:
    """The words are about several orders: a wish for each."""

    wishes: tuple[Wish, ...]


@dataclass(frozen=True)
class SettledCall:
    """All is known: this call, on this order."""

    call: ActionCall
    order: PlacedOrder | None
    swaps: tuple[tuple[OrderItem, ItemVariant], ...] = ()
    items: tuple[OrderItem, ...] = ()
    policy: str = ""  # the rule of the shop that it passed, for the staff

    @property
    def about(self) -> dict[str, str]:
        """What a reply about it is about."""
        order = {"order_id": self.order.order_id} if self.order else {}
        return {"action": self.call.name, **order}


Resolved = NeedsAnswer | NotAllowed | SeveralWishes | SettledCall


@dataclass(frozen=True)
class ShopperRecords:
    """What is known of an identified shopper in one turn of a dialogue."""

    customer: CustomerAccount
    orders: Sequence[PlacedOrder]
    words: ActionWords  # of their language
    texts: Sequence[str]  # all their turns, newest first
    actions: Mapping[str, OrderAction]
    now: datetime
    facts: Mapping[str, str]  # of the shop: what its policy's conditions are over
