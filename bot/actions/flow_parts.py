"""Parts that the flow of order actions works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.actions.back_office import BackOffice
from bot.actions.carry_out import Carrier
from bot.actions.items import Names
from bot.actions.order_actions import ORDER_ACTIONS, OrderAction
from bot.actions.rules import ActionRules
from bot.actions.who import CustomerFinder
from bot.actions.words import ActionWords
from feedback.actions import ActionRuns

DAY = timedelta(days=1)


@dataclass(frozen=True)
class FlowParts:
    """What the flow needs of the shop; one for all dialogues."""

    office: BackOffice
    runs: ActionRuns
    carrier: Carrier
    finder: CustomerFinder
    names: Names  # an item's names in every language, from the catalogue
    clock: Callable[[], datetime]
    rules: ActionRules = field(default_factory=ActionRules)
    actions: Mapping[str, OrderAction] = field(default_factory=lambda: ORDER_ACTIONS)

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
