"""The verdict: what the deciding measures say at the looks of the plan, pure.

Under a plan with an end, each full week of the shop is a look: the scores of both measures are held
against O'Brien and Fleming's boundary of that look, whether or not anybody read a report then. The
first that passes decides. Without an end the confidence sequence decides, at any time. A verdict is
withheld where the split or the matching of orders contradicts the deal, where the two measures
contradict each other, and where it would not stand without one shopper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, Largest, week_start
from feedback.experiments.assignment import CHAMPION, HOLDOUT, SRM_ALARM
from feedback.experiments.metric_registry import METRICS, PRIMARIES, Fact, Metric
from feedback.experiments.plan import MIN_BUYERS, ExperimentPlan, Traffic, detectable
from feedback.experiments.planned_looks import WEEK, PlannedLook, ended_weeks, looks_of, monday_of
from feedback.experiments.ratio_score import ArmPair, bounds, pairs_of, ratio, score
from feedback.experiments.results import (
    Influence,
    PlanStanding,
    Uplift,
    Verdict,
    VerdictReason,
)
from feedback.experiments.stratification import Arms, compared, pooled
from feedback.experiments.uplift import sequence_limit, sequential_uplift, weeks_needed


@dataclass(frozen=True)
class Judgement:
    """The verdict, and what it rests on."""

    verdict: Verdict
    reason: VerdictReason
    weeks_needed: int | None = None  # None: unknown, or never
    measure: str | None = None  # the metric that decided
    uplift: Uplift | None = None  # its effect, with the interval of the look that decided
    standing: PlanStanding | None = None
    influence: Influence | None = None


class ShownEffect(NamedTuple):
    """An effect that was shown."""

    metric: Metric
    uplift: Uplift
    agreed: bool  # the other measures do not show the contrary
    stands: bool  # also without the shopper of either arm who counts most
    look: int | None


def judge(
    cells: Mapping[Cell, Aggregates],
    plan: ExperimentPlan,
    *,
    until: datetime,
    zone: str = "UTC",
    srm_pvalue: float | None = None,
    matching_pvalue: float | None = None,
    largest: Mapping[str, Largest] | None = None,
) -> Judgement:
    """The verdict on everything seen until then.

    Args:
        cells: the sums of all shoppers that are compared.
        plan: what was decided before.
        until: of the report.
        zone: the shop's, in which weeks end.
        srm_pvalue: of the arms' sizes.
        matching_pvalue: of the bridges by which orders were matched.
        largest: the shopper of each arm who spent most.
    """
    arms = pooled(cells, lambda _: True)
    both = compared(arms, HOLDOUT, CHAMPION)
    control, treatment = both.get(HOLDOUT), both.get(CHAMPION)
    if control is None or treatment is None:
        return Judgement("not yet", "no_holdout" if control is None else "too_few_orders")
    weeks = sorted({cell.week for cell in cells})
    measures = [metric for metric in METRICS if metric.name in plan.measures]
    looks = looks_of(cells, plan, measures, ended_weeks(weeks[0], until, zone))
    standing = _standing(plan, looks, weeks[0], cells)
    most = largest or {}
    found = (
        _found_at_looks(looks, most)
        if plan.weeks is not None
        else _found_by_now(arms, measures, plan, most)
    )
    influence = Influence(_shares(both, most), found.stands if found else None)

    def withheld(reason: VerdictReason, needed: int | None = None) -> Judgement:
        return Judgement("not yet", reason, needed, standing=standing, influence=influence)

    if srm_pvalue is not None and srm_pvalue < SRM_ALARM:
        return withheld("srm")
    if matching_pvalue is not None and matching_pvalue < SRM_ALARM:
        return withheld("matching")
    if found is None:
        buyers = min(each.mean("buyers") * each.count() for each in (control, treatment))
        if standing.of is not None and standing.look >= standing.of:
            return withheld("planned_end")
        seen = max((until - monday_of(weeks[0], zone)) / WEEK, 1 / 7)
        left = standing.of - standing.look if standing.of is not None else None
        needed = weeks_needed(control, treatment, seen, plan) if left is None else left
        return withheld("too_few_orders" if round(buyers) < MIN_BUYERS else "undecided", needed)
    if not found.agreed:
        return withheld("contradiction")
    if not found.stands:
        return withheld("one_shopper")
    return Judgement(
        "better" if (found.uplift.value or 0) > 0 else "worse",
        "decided",
        0,
        found.metric.name,
        found.uplift,
        replace(standing, decided_at=found.look),
        influence,
    )


def _found_at_looks(
    looks: Sequence[PlannedLook], largest: Mapping[str, Largest]
) -> ShownEffect | None:
    """What the first look found that passed its boundary."""
    for look in looks:
        passed = look.passed()
        if not passed:
            continue
        metric = max(passed, key=lambda each: abs(passed[each]))
        pairs, limit = look.pairs[metric], look.boundary
        low, high = bounds(pairs, limit)
        return ShownEffect(
            metric,
            Uplift((ratio(pairs) or 1.0) - 1, low - 1, high - 1),
            agreed=len({value > 0 for value in passed.values()}) == 1,
            stands=_stands(pairs, metric, limit, largest),
            look=look.number,
        )
    return None


def _found_by_now(
    arms: Arms, measures: Sequence[Metric], plan: ExperimentPlan, largest: Mapping[str, Largest]
) -> ShownEffect | None:
    """What the sequences show at this moment, which is as good as any other."""
    uplifts = {metric: sequential_uplift(metric, arms, plan) for metric in measures}
    sides = {metric: _side(uplift) for metric, uplift in uplifts.items() if _side(uplift)}
    if not sides:
        return None
    metric = next(iter(sides))
    pairs = pairs_of(arms, metric.numerator)
    stands = metric not in PRIMARIES or _stands(pairs, metric, sequence_limit(pairs, plan), largest)
    return ShownEffect(metric, uplifts[metric], len(set(sides.values())) == 1, stands, None)


def _stands(
    pairs: Sequence[ArmPair], metric: Metric, limit: float, largest: Mapping[str, Largest]
) -> bool:
    """Whether the score passes on the same side without the one who counts most, in either arm."""
    side = score(pairs) > 0
    without = [float(score(each)) for each in _without_one(pairs, metric.numerator, largest)]
    return all(abs(each) >= limit and (each > 0) == side for each in without)


def _side(uplift: Uplift) -> int:
    if uplift.low is None or uplift.high is None:
        return 0
    return 1 if uplift.low > 0 else -1 if uplift.high < 0 else 0


def _without_one(
    pairs: Sequence[ArmPair], fact: Fact, largest: Mapping[str, Largest]
) -> Iterable[list[ArmPair]]:
    """The pairs without the shopper of either arm who counts most."""
    for arm, side in ((CHAMPION, "treatment"), (HOLDOUT, "control")):
        most = 1.0 if fact == "buyers" else largest[arm].capped if arm in largest else 0.0
        place = max(range(len(pairs)), key=lambda each: getattr(pairs[each], side).total)
        yield [
            pair._replace(**{side: getattr(pair, side).without(most)}) if number == place else pair
            for number, pair in enumerate(pairs)
        ]


def _standing(
    plan: ExperimentPlan, looks: Sequence[PlannedLook], first: int, cells: Mapping[Cell, Aggregates]
) -> PlanStanding:
    """Where the plan stands; what it can see follows from the buyers who really came."""
    newest = looks[-1] if looks else None
    seen = None
    if looks and plan.weeks:
        weeks = len(looks)
        buyers = sum(
            each.mean("buyers") * each.count()
            for cell, each in cells.items()
            if cell.week < first + weeks
        )
        shoppers = sum(each.count() for cell, each in cells.items() if cell.week < first + weeks)
        if buyers and shoppers:
            come = Traffic(shoppers / weeks, buyers / shoppers)
            seen = detectable(plan.weeks, plan.holdout, come)
    return PlanStanding(
        looks=plan.looks,
        origin=plan.origin,
        holdout=plan.holdout,
        effect=plan.effect,
        measures=plan.measures,
        look=len(looks),
        of=plan.weeks,
        until=week_start(first + plan.weeks) if plan.weeks else None,
        detectable=seen,
        boundary=newest.boundary if newest else None,
        scores={each.name: float(score(pairs)) for each, pairs in newest.pairs.items()}
        if newest
        else {},
    )


def _shares(both: Mapping[str, Aggregates], largest: Mapping[str, Largest]) -> dict[str, float]:
    totals = {arm: each.mean("revenue") * each.count() for arm, each in both.items()}
    return {
        arm: largest[arm].revenue / total
        for arm, total in totals.items()
        if total > 0 and arm in largest
    }
