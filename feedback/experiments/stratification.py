"""Puts strata together: shoppers dealt under different shares, compared like with like.

Within a stratum the arms saw the same weeks in the same proportions. Each stratum's mean is weighed
by its part of all shoppers, in both arms alike, so that a season never passes for an effect. With
one stratum, as at most shops, nothing is changed.
"""

from collections.abc import Callable, Mapping

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, Stratum

Arms = Mapping[Stratum, Aggregates]


def pooled(cells: Mapping[Cell, Aggregates], wanted: Callable[[Cell], bool]) -> Arms:
    """The arms of the cells that are wanted, stratum by stratum."""
    parts: dict[Stratum, list[Aggregates]] = {}
    for cell, aggregates in cells.items():
        if wanted(cell):
            parts.setdefault(Stratum(cell.arm, cell.stratum), []).append(aggregates)
    return {stratum: _pooled(found) for stratum, found in parts.items()}


def compared(arms: Arms, control: str, treatment: str) -> dict[str, Aggregates]:
    """Both arms over the strata that have shoppers in both; else one alone, the treatment first.

    The aggregates' variances are such that variance ÷ count is the variance of the weighed mean.
    """
    found = {
        name: {each.stratum: one for each, one in arms.items() if each.arm == name}
        for name in (control, treatment)
    }
    shared = sorted(set(found[control]) & set(found[treatment]))
    if not shared:
        # Dealt at different times altogether: nothing of the control can be compared.
        alone = treatment if found[treatment] else control
        return {alone: _pooled(list(found[alone].values()))} if found[alone] else {}
    sizes = {each: found[control][each].count() + found[treatment][each].count() for each in shared}
    weights = {each: size / sum(sizes.values()) for each, size in sizes.items()}
    return {name: _weighed(found[name], weights) for name in (control, treatment)}


def _weighed(strata: Mapping[int, Aggregates], weights: Mapping[int, float]) -> Aggregates:
    if len(weights) == 1:
        return strata[next(iter(weights))]
    parts = [(strata[each], weight) for each, weight in weights.items()]
    count, first = sum(part.count() for part, _ in parts), parts[0][0]
    return Aggregates(
        count_=count,
        mean_={key: sum(w * part.mean(key) for part, w in parts) for key in first.mean_},
        var_={
            key: count * sum(w**2 * part.var(key) / part.count() for part, w in parts)
            for key in first.var_
        },
        cov_={
            key: count * sum(w**2 * part.cov(*key) / part.count() for part, w in parts)
            for key in first.cov_
        },
    )


def _pooled(parts: list[Aggregates]) -> Aggregates:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole
