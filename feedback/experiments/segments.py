"""Segments: the clerk's effect on buyers by what was known at the exposure, and by model version.

Each interval holds at every look. Of many segments one is always far out: the p-values of all of
them are adjusted for their number by Holm, whose promise (95 % that none of them is false) holds
however they depend on each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, SegmentCell, SegmentSums
from feedback.experiments.assignment import CHALLENGER, CHAMPION, HOLDOUT
from feedback.experiments.confidence_sequence import pvalue
from feedback.experiments.novelty import bought_uplift
from feedback.experiments.ratio_score import ArmPair, Moments, score
from feedback.experiments.results import Segment

Judged = tuple[Segment, float | None]  # with its own p
DIMENSIONS: Final = ("locale", "channel", "device", "page", "source", "been_before")
VERSION: Final = "version"
NEWEST: Final = 5  # versions; a shop that trains each night has hundreds
FEWEST: Final = 100  # shoppers: of fewer a row says nothing, and there would be many
SUMS: Final = ("shoppers", "total")


def segment_effects(
    known: Mapping[SegmentCell, SegmentSums], cells: Mapping[Cell, Aggregates]
) -> tuple[Segment, ...]:
    """The segments with shoppers enough in both arms, with an interval where enough bought.

    Of the model's versions the newest.
    """
    found = []
    for name in DIMENSIONS:
        values = {getattr(cell, name) for cell in known} - {None}
        if len(values) > 1:
            found += [_of(name, str(value), _pairs(known, name, value)) for value in sorted(values)]
    versions = {cell.version for cell in cells if cell.version is not None}
    found += [
        _of(VERSION, str(each), _of_version(cells, each)) for each in sorted(versions)[-NEWEST:]
    ]
    return tuple(_holm([each for each in found if each is not None]))


def _of(dimension: str, value: str, pairs: Sequence[ArmPair]) -> Judged | None:
    if not pairs:
        return None
    whole = [
        [sum(getattr(getattr(pair, side), what) for pair in pairs) for what in SUMS]
        for side in ("control", "treatment")
    ]
    if sum(shoppers for shoppers, _ in whole) < FEWEST:
        return None
    uplift = bought_uplift(list(pairs))
    p = None
    if uplift.low is not None:
        p = pvalue(float(score(pairs)), 1.0, sum(shoppers for shoppers, _ in whole))
    (held, held_buyers), (met, met_buyers) = whole
    segment = Segment(
        dimension, value, round(held), round(met), held_buyers / held, met_buyers / met, uplift
    )
    return segment, p


def _pairs(known: Mapping[SegmentCell, SegmentSums], name: str, value: str) -> list[ArmPair]:
    sums: dict[int, dict[str, Moments]] = {}
    for cell, each in known.items():
        if getattr(cell, name) == value and cell.arm in (HOLDOUT, CHAMPION):
            _add(sums.setdefault(cell.stratum, {}), cell.arm, each.shoppers, each.buyers)
    return _complete(sums.values())


def _of_version(cells: Mapping[Cell, Aggregates], version: int) -> list[ArmPair]:
    """Against the holdout of the same weeks: a version has its own season."""
    sums: dict[tuple[int, int], dict[str, Moments]] = {}
    for cell, each in cells.items():
        ours = cell.version == version and cell.arm in (CHAMPION, CHALLENGER)
        if not ours and cell.arm != HOLDOUT:
            continue
        count = each.count()
        arm = HOLDOUT if cell.arm == HOLDOUT else CHAMPION
        buyers = float(each.mean("buyers")) * count
        _add(sums.setdefault((cell.stratum, cell.week), {}), arm, count, buyers)
    return _complete(sums.values())


def _add(arms: dict[str, Moments], arm: str, shoppers: float, buyers: float) -> None:
    known = arms.get(arm, Moments(0, 0, 0))
    arms[arm] = Moments(known.shoppers + shoppers, known.total + buyers, known.squares + buyers)


def _complete(strata: Iterable[Mapping[str, Moments]]) -> list[ArmPair]:
    return [
        ArmPair(arms[CHAMPION], arms[HOLDOUT])
        for arms in strata
        if CHAMPION in arms and HOLDOUT in arms
    ]


def _holm(found: Sequence[Judged]) -> list[Segment]:
    ordered = sorted(
        {place: p for place, (_, p) in enumerate(found) if p is not None}.items(),
        key=lambda each: each[1],
    )
    adjusted: dict[int, float] = {}
    highest = 0.0
    for rank, (place, p) in enumerate(ordered):
        highest = max(highest, min(1.0, (len(ordered) - rank) * p))
        adjusted[place] = highest
    return [
        replace(segment, uplift=replace(segment.uplift, pvalue=p, adjusted=adjusted.get(place)))
        for place, (segment, p) in enumerate(found)
    ]
