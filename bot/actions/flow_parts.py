"""Parts that the flow of order actions works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.actions.back_in_stock import Stock
from bot.actions.back_office import ActionCall, BackOffice, BackOfficeRefused
from bot.actions.carry_out import Carrier
from bot.actions.items import Names
from bot.actions.order_actions import ORDER_ACTIONS, OrderAction
from bot.actions.pointing import Pointer, points_nowhere
from bot.actions.policy import FEES
from bot.actions.rules import ActionRules
from bot.actions.who import CustomerFinder
from bot.actions.words import ActionWords
from feedback.actions import ActionDecisions, ActionRuns, RunsUnderWay, StockNotices

DAY = timedelta(days=1)
NOT_THERE = frozenset({"not_found", "not_here"})  # what an office says of an action it lacks


def no_facts(_: str) -> Mapping[str, str]:
    """Of a shop that has told none."""
    return {}


@dataclass(frozen=True)
class FlowParts:
    """What the flow needs of the shop; one for all dialogues."""

    office: BackOffice
    runs: ActionRuns
    carrier: Carrier
    finder: CustomerFinder
    names: Names  # an item's names in every language, from the catalogue
    clock: Callable[[], datetime]
    facts: Callable[[str], Mapping[str, str]] = no_facts  # of the shop, by language
    pointer: Pointer = points_nowhere  # where no word names what is meant
    stock: Stock = dict  # the catalogue, for who wants to be told of a product
    rules: ActionRules = field(default_factory=ActionRules)
    actions: Mapping[str, OrderAction] = field(default_factory=lambda: ORDER_ACTIONS)

    @property
    def notices(self) -> StockNotices:
        """Who wants to be told of which product."""
        return StockNotices(self.runs.db)

    @property
    def under_way(self) -> RunsUnderWay:
        """What has not ended yet."""
        return RunsUnderWay(self.runs.db)

    @property
    def decisions(self) -> ActionDecisions:
        """What colleagues decide."""
        return ActionDecisions(self.runs.db)

    def preview(self, call: ActionCall) -> dict[str, Any]:
        """The amounts of a call; `by_staff` among them where a colleague does it by hand.

        Raises:
            BackOfficeRefused: a rule forbids it.
        """
        if call.name not in self.office.can:
            return {"by_staff": "the shop's system cannot do it"}
        try:
            amounts = self.office.dry_run(call)
        except BackOfficeRefused as refused:
            if refused.code not in NOT_THERE:
                raise
            return {"by_staff": "the shop's system has no address for it"}
        if call.name in self.rules.staff_only:
            amounts = {"by_staff": "the owner wants it so", **amounts}
        return amounts

    def waits_for(self, name: str, amounts: Mapping[str, Any]) -> str:
        """Why a colleague has to look at it first; "" where nobody has to."""
        today = self.runs.alone_since(self.clock() - DAY)
        return self.rules.waits_for(name, amounts, today)

    def fee(self, action: str, locale: str) -> str:
        """What the shop says it takes for an action; "" where it says nothing."""
        return self.facts(locale).get(FEES.get(action, ""), "")

    def halted(self, shopper_id: str, words: ActionWords) -> str:
        """Why nothing is done now, by the emergency stop or the caps of a day; else ""."""
        if self.runs.stopped() is not None:
            return words.stopped
        since, rules = self.clock() - DAY, self.rules
        too_many = (
            self.runs.count_since(since, shopper_id) >= rules.a_shopper
            or self.runs.count_since(since) >= rules.a_day
        )
        return words.too_many if too_many else ""
