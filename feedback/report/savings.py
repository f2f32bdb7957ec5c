"""Savings: what hand-overs avoided are worth, and what running the clerk returns of its cost."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from feedback.experiments import AddedRevenue, IncrementalRevenue

WEEKS_A_MONTH: Final = 365.25 / 12 / 7


class CostModel(NamedTuple):
    """What the owner says: None where they said nothing."""

    staff_minutes: float = 6.0  # that one hand-over takes
    staff_hour: float | None = None  # what an hour of the staff costs
    monthly: float | None = None  # what running the clerk costs
    margin: float | None = None  # what is left of revenue once the goods are paid


@dataclass(frozen=True)
class Savings:
    """What was saved since the start, against what it cost."""

    hand_overs: AddedRevenue  # avoided, against the holdout
    minutes: float | None = None
    saved: float | None = None  # in the report's currency, as all below
    added: float | None = None  # of the revenue added, what is left
    cost: float | None = None

    @property
    def times(self) -> float | None:
        """What came back of each unit that was spent; None: it cannot be told yet."""
        if not self.cost or self.saved is None or not is_shown(self.hand_overs):
            return None
        return (self.saved + (self.added or 0.0)) / self.cost


def is_shown(found: AddedRevenue) -> bool:
    """Whether the whole interval lies on one side of nothing."""
    return found.low is not None and found.high is not None and found.low * found.high > 0


def savings_of(hand_overs: AddedRevenue, ledger: IncrementalRevenue, costs: CostModel) -> Savings:
    """What hand-overs avoided and revenue added come to under what the owner says.

    >>> avoided = AddedRevenue("hand_overs", 1_000, amount=100.0, low=20.0, high=180.0)
    >>> clerk = AddedRevenue("clerk", 1_000, amount=500.0, low=50.0, high=950.0)
    >>> ledger = IncrementalRevenue(clerk, weeks=(None,) * 4)
    >>> found = savings_of(avoided, ledger, CostModel(6, 30, 50, 0.4))
    >>> found.minutes, found.saved, found.added, round(found.cost), round(found.times, 1)
    (600.0, 300.0, 200.0, 46, 10.9)
    """
    if hand_overs.amount is None or hand_overs.low is None:
        return Savings(hand_overs)
    minutes = hand_overs.amount * costs.staff_minutes
    # What may as well be nothing is not counted: the staff's time alone comes back then.
    earned = ledger.clerk.amount if is_shown(ledger.clerk) else None
    return Savings(
        hand_overs,
        minutes,
        None if costs.staff_hour is None else minutes / 60 * costs.staff_hour,
        None if costs.margin is None or earned is None else costs.margin * earned,
        None if costs.monthly is None else costs.monthly * len(ledger.weeks) / WEEKS_A_MONTH,
    )
