"""Uplift of the champion's arm over the holdout, with intervals: what the clerk caused."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from scipy.stats import false_discovery_control
from tea_tasting.aggr import Aggregates
from tea_tasting.metrics import Mean, RatioOfMeans

from feedback.experiments.assignment import CHALLENGER, CHAMPION, HOLDOUT
from feedback.experiments.confidence_sequence import (
    NORMAL_975,
    TUNED_AT,
    half_width,
    pvalue,
    shoppers_needed,
)
from feedback.experiments.metric_registry import CVR, METRICS, PRIMARIES, RPS, Fact, Metric
from feedback.experiments.plan import ANYTIME, EFFECT, MIN_BUYERS, ExperimentPlan
from feedback.experiments.ratio_score import ArmPair, bounds, pairs_of, ratio, score
from feedback.experiments.results import MetricResult, Uplift
from feedback.experiments.stratification import Arms, compared

MIN_TO_PLAN: Final = 10  # buyers in both arms: with fewer their rate itself is a guess
DUST: Final = 1e-9  # of the other arm's value: what sums of floats leave of nothing
SAME: Final = 1e-18  # variance under which everybody in both arms did the same


def metric_results(
    arms: Arms, metrics: Sequence[Metric] = METRICS, plan: ExperimentPlan = ANYTIME
) -> dict[Metric, MetricResult]:
    """Every metric's value in each arm, and the uplift of the champion and of the challenger."""
    clerk, trial = compared(arms, HOLDOUT, CHAMPION), compared(arms, CHAMPION, CHALLENGER)
    shown = {CHALLENGER: trial.get(CHALLENGER), **clerk}
    results = {
        metric: MetricResult(
            arms={arm: _value(each, metric) for arm, each in sorted(shown.items()) if each},
            uplift=sequential_uplift(metric, arms, plan),
            challenger=(
                uplift_of(metric, trial.get(CHAMPION), trial[CHALLENGER])
                if CHALLENGER in trial
                else None
            ),
        )
        for metric in metrics
    }
    return _controlled(results)


def adjusted_revenue(arms: Arms) -> Uplift:
    """The uplift of revenue per shopper with less noise.

    A shopper counts at most the cap declared beforehand, and what they bought before the exposure
    is allowed for by regression (CUPED). It stands beside and never decides: whether an earlier
    order is matched may depend on the arm.
    """
    clerk = compared(arms, HOLDOUT, CHAMPION)
    control, treatment = clerk.get(HOLDOUT), clerk.get(CHAMPION)
    raw = uplift_of(RPS, control, treatment)
    if control is None or treatment is None or raw.low is None:
        return Uplift(reason=raw.reason)
    regressed = min(control.var("before"), treatment.var("before")) > 0
    metric = Mean("capped", covariate="before" if regressed else None)
    found = metric.analyze_aggregates(control, treatment)
    low, high = float(found.rel_effect_size_ci_lower), float(found.rel_effect_size_ci_upper)
    # tea-tasting's interval is 1.96 errors of the logarithm to each side: that error, sequential.
    error = (math.log1p(high) - math.log1p(low)) / 2 / NORMAL_975
    estimate, shoppers = math.log1p(float(found.rel_effect_size)), _count(control, treatment)
    half = half_width(error**2, shoppers)
    return Uplift(
        value=math.expm1(estimate),
        low=math.expm1(estimate - half),
        high=math.expm1(estimate + half),
        fixed_low=low,
        fixed_high=high,
        pvalue=pvalue(estimate, error**2, shoppers),
    )


def sequential_uplift(metric: Metric, arms: Arms, plan: ExperimentPlan = ANYTIME) -> Uplift:
    """The champion's uplift of one metric over the holdout, valid at every look.

    The measures that decide have score intervals, at the alpha that the plan gives each of them.
    """
    clerk = compared(arms, HOLDOUT, CHAMPION)
    control, treatment = clerk.get(HOLDOUT), clerk.get(CHAMPION)
    if metric not in PRIMARIES or control is None or treatment is None:
        return uplift_of(metric, control, treatment)
    pairs = pairs_of(arms, metric.numerator)
    value = ratio(pairs)
    least = min(_total(each, "buyers") for each in (control, treatment))
    uplift = Uplift(value=value - 1 if value is not None and least else None)
    if not value or least < MIN_BUYERS:
        return replace(uplift, reason=metric.too_few)
    low, high = bounds(pairs, sequence_limit(pairs, plan))
    fixed_low, fixed_high = bounds(pairs, NORMAL_975)
    shoppers = _count(control, treatment)
    return replace(
        uplift,
        low=low - 1,
        high=high - 1,
        fixed_low=fixed_low - 1,
        fixed_high=fixed_high - 1,
        pvalue=pvalue(float(score(pairs)), 1.0, shoppers, tuned_at=plan.tuned_at or TUNED_AT),
    )


def sequence_limit(pairs: Sequence[ArmPair], plan: ExperimentPlan) -> float:
    """What a score has to pass to be shown at every look, at the alpha of one measure."""
    shoppers = sum(each.shoppers for pair in pairs for each in pair)
    return half_width(1.0, shoppers, plan.alpha_each, tuned_at=plan.tuned_at or TUNED_AT)


def uplift_of(metric: Metric, control: Aggregates | None, treatment: Aggregates | None) -> Uplift:
    """The uplift of one metric; without an interval where the events are too few for one."""
    if control is None or treatment is None:
        return Uplift(reason="no_holdout" if control is None else "no_champion")
    before, after = _value(control, metric), _value(treatment, metric)
    events = min(_total(control, metric.counted), _total(treatment, metric.counted))
    if before is None or after is None or not events:
        return Uplift(reason=metric.too_few)
    # Centred sums leave 1e-13 of an arm in which nothing was given back; and of a margin below
    # nothing there is no ratio.
    some = min(before, after) > DUST * max(before, after)
    value = after / before - 1 if before > DUST * abs(after) else None
    if events < MIN_BUYERS or not some:
        return Uplift(value=value, reason=metric.too_few)
    shoppers = control.count() + treatment.count()
    # On the log scale, as tea-tasting's own relative interval: it never falls below -100 %.
    variance = sum(_log_variance(arm, metric) / arm.count() for arm in (control, treatment))
    if variance < SAME:
        return Uplift(value=value, reason="no_spread")
    fixed = _tea_tasting(metric).analyze_aggregates(control, treatment)
    half = half_width(variance, shoppers)
    ratio = after / before
    return Uplift(
        value=value,
        low=ratio * math.exp(-half) - 1,
        high=ratio * math.exp(half) - 1,
        fixed_low=float(fixed.rel_effect_size_ci_lower),
        fixed_high=float(fixed.rel_effect_size_ci_upper),
        pvalue=pvalue(math.log(ratio), variance, shoppers),
    )


def whole_arms(arms: Arms) -> dict[str, Aggregates]:
    """Each arm over all its strata, as it was."""
    whole: dict[str, Aggregates] = {}
    for stratum, each in sorted(arms.items()):
        whole[stratum.arm] = whole[stratum.arm] + each if stratum.arm in whole else each
    return whole


def weekly_result(result: MetricResult) -> MetricResult:
    """The result as it may be looked at every week."""
    trial = result.challenger
    return replace(
        result,
        uplift=without_fixed(result.uplift),
        challenger=without_fixed(trial) if trial else None,
    )


def without_fixed(uplift: Uplift) -> Uplift:
    """The uplift without the interval of a single look: whoever looks weekly must not read it."""
    return replace(uplift, fixed_low=None, fixed_high=None)


def weeks_needed(
    control: Aggregates, treatment: Aggregates, weeks: float, plan: ExperimentPlan = ANYTIME
) -> int | None:
    """Weeks until an uplift of 10 % in conversion is seen, if shoppers come as before.

    None while there are too few buyers to tell, and when the shoppers there are would have shown it
    already: then the effect is smaller, and no number of weeks can be promised.
    """
    both = control + treatment
    if _total(both, "buyers") < MIN_TO_PLAN:
        return None
    shoppers = both.count()
    allocation = shoppers / control.count() + shoppers / treatment.count()
    needed = shoppers_needed(
        _log_variance(both, CVR) * allocation, math.log(1 + EFFECT), alpha=plan.alpha_each
    )
    if needed is None:
        return None
    to_see = max(0, needed - shoppers) / shoppers
    fewest = max(1, min(_total(control, "buyers"), _total(treatment, "buyers")))
    to_sixty = max(0, MIN_BUYERS - fewest) / fewest
    more = max(to_see, to_sixty) * weeks
    return math.ceil(more) if more > 0 else None


def _controlled(results: Mapping[Metric, MetricResult]) -> dict[Metric, MetricResult]:
    """The secondary metrics' p-values, adjusted for their number (Benjamini and Hochberg)."""
    raw = {
        metric: each.uplift.pvalue
        for metric, each in results.items()
        if metric not in PRIMARIES and each.uplift.pvalue is not None
    }
    if not raw:
        return dict(results)
    found = dict(zip(raw, false_discovery_control(list(raw.values())), strict=True))
    return {
        metric: replace(each, uplift=replace(each.uplift, adjusted=float(found[metric])))
        if metric in found
        else each
        for metric, each in results.items()
    }


def _count(control: Aggregates, treatment: Aggregates) -> int:
    both: int = control.count() + treatment.count()
    return both


def _value(aggregates: Aggregates, metric: Metric) -> float | None:
    divisor = aggregates.mean(metric.denominator)
    return float(aggregates.mean(metric.numerator) / divisor) if divisor else None


def _total(aggregates: Aggregates, fact: Fact) -> int:
    total: int = round(aggregates.mean(fact) * aggregates.count())
    return total


def _log_variance(aggregates: Aggregates, metric: Metric) -> float:
    """One shopper's variance of the metric's logarithm, by the delta method."""
    over, under = metric.numerator, metric.denominator
    ratio = aggregates.mean(over) / aggregates.mean(under)
    return float(aggregates.ratio_var(over, under) / ratio**2)


def _tea_tasting(metric: Metric) -> Mean | RatioOfMeans:
    if metric.denominator is None:
        return Mean(metric.numerator)
    return RatioOfMeans(metric.numerator, metric.denominator)
