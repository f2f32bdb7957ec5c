"""Rules of the shop for order actions: who suffices, what waits for a colleague, how many a day."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from bot.actions.order_actions import OrderAction
from feedback.actions import action_title

Fact = Literal["email", "number", "name", "zip", "signed-in"]

SIGNED_IN: Final = "signed-in"  # at the shop, whose page vouches for it


@dataclass(frozen=True)
class ActionRules:
    """What the owner has set."""

    identify_by: tuple[str, ...] = ("email", "name+zip", SIGNED_IN)
    identify_address_by: tuple[str, ...] = ("email+number", "email+zip", "name+zip", SIGNED_IN)
    approve: tuple[str, ...] = ()  # names of actions that a colleague has to approve; "all"
    approve_over: Decimal | None = None  # and those that move more money than this
    alone_a_day: int | None = None  # and those after so many that nobody looked at
    staff_only: tuple[str, ...] = ()  # names of actions that a colleague carries out by hand
    a_day: int = 1_000
    a_shopper: int = 20  # a day

    def suffices(self, action: OrderAction | None, told: Set[str]) -> bool:
        """Whether what a shopper told of themselves suffices for an action; None: for any.

        >>> from bot.actions.order_actions import ORDER_ACTIONS
        >>> rules = ActionRules()
        >>> rules.suffices(ORDER_ACTIONS["cancel_order"], {"email"})
        True
        >>> rules.suffices(ORDER_ACTIONS["change_order_address"], {"email"})
        False
        """
        ways = self.identify_address_by if action and action.moves_parcel else self.identify_by
        return any(set(way.split("+")) <= told for way in ways)

    def waits_for(self, name: str, amounts: Mapping[str, Any], alone_today: int = 0) -> str:
        """Why a colleague has to approve it; "" where nobody has to.

        >>> ActionRules(approve_over=Decimal(20)).waits_for("cancel_order", {"refund": "50"})
        '50 is over 20, which waits for approval'
        """
        if by_hand := amounts.get("by_staff"):
            return f"To be done by hand: {by_hand}"
        if name in self.approve or "all" in self.approve:
            return f"{action_title(name)} waits for approval"
        moved = max((abs(_amount(amounts.get(k))) for k in _MONEY), default=Decimal(0))
        if self.approve_over is not None and moved > self.approve_over:
            return f"{moved} is over {self.approve_over}, which waits for approval"
        if self.alone_a_day is not None and alone_today >= self.alone_a_day:
            return f"{alone_today} were done without approval today; more wait for it"
        return ""


_MONEY = ("refund", "charge", "difference")


def _amount(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
