"""Tests whether orders are matched to shoppers alike in both arms, as SRM tests their sizes.

An order that is found because its shopper clicked a product card is found more often in an arm
that shows more cards: that arm then "sells" more without selling anything. Under a fair matching
the bridges of the orders of both arms have the same mix, whatever the clerk sells; where they have
not, the verdict is withheld.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from feedback.db import to_micros
from feedback.experiments import event_view
from feedback.experiments.assignment import CHAMPION, HOLDOUT, chi_square_tail
from feedback.experiments.event_view import Window
from feedback.experiments.share_log import Strata

FEWEST_EXPECTED: Final = 5.0  # orders in a cell, for chi-square to hold; rarer bridges are one

Matches = Mapping[str, Mapping[str, int]]  # of each arm the orders by bridge


def matched_orders(backend: Any, window: Window, currency: str, strata: Strata) -> Matches:
    """The orders that count for each arm, by the bridge that found their shopper."""
    whose = event_view.exposures(backend, window, strata)
    sold = event_view.purchases(backend, currency, window)
    both = whose.inner_join(sold, "shopper_id")
    both = both.filter(
        both.placed_at < to_micros(window.until),
        both.placed_at >= both.exposed_at,
        both.placed_at < both.exposed_at + window.outcome_micros,
    )
    rows = both.group_by(["arm", "bridge"]).aggregate(orders=both.count())
    found: dict[str, dict[str, int]] = {}
    for row in rows.to_pyarrow().to_pylist():
        found.setdefault(row["arm"], {})[row["bridge"] or "none"] = int(row["orders"])
    return found


def matching_pvalue(found: Matches) -> float | None:
    """The chance of such a difference between the arms' bridges, were they matched alike.

    None: one bridge alone, or too few orders to tell.

    >>> alike = {"holdout": {"token": 90, "click": 10}, "champion": {"token": 90, "click": 12}}
    >>> clicks = {"holdout": {"token": 50}, "champion": {"token": 50, "click": 40}}
    >>> round(matching_pvalue(alike) or 0, 2), (matching_pvalue(clicks) or 0) < 1e-6
    (0.69, True)
    """
    arms = [Counter(found.get(arm, {})) for arm in (HOLDOUT, CHAMPION)]
    sizes = [arm.total() for arm in arms]
    whole = sum(sizes)
    if not all(sizes):
        return None
    merged: list[list[int]] = [[], []]
    rest = [0, 0]
    for bridge in sorted({*arms[0], *arms[1]}):
        counts = [arm[bridge] for arm in arms]
        if min(sizes) * sum(counts) / whole >= FEWEST_EXPECTED:
            for side, count in zip(merged, counts, strict=True):
                side.append(count)
        else:
            rest = [a + b for a, b in zip(rest, counts, strict=True)]
    if min(sizes) * sum(rest) / whole >= FEWEST_EXPECTED:
        for side, count in zip(merged, rest, strict=True):
            side.append(count)
    columns = len(merged[0])
    if columns < 2:
        return None
    totals = [merged[0][column] + merged[1][column] for column in range(columns)]
    kept, everything = [sum(side) for side in merged], sum(totals)
    statistic = sum(
        (side[column] - kept[row] * totals[column] / everything) ** 2
        / (kept[row] * totals[column] / everything)
        for row, side in enumerate(merged)
        for column in range(columns)
    )
    return chi_square_tail(statistic, columns - 1)
