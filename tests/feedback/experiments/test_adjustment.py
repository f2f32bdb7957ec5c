"""Stories of regression adjustment: less noise where something is known, never more."""

import math
from typing import Any

import numpy as np
import pytest

from feedback.experiments.adjustment import CellMoments, adjusted

ARMS = ("holdout", "champion")
SHOPPERS, RUNS, UPLIFT = 3_000, 300, 0.2


def shop(chance: Any, told: tuple[float, ...], loyal: float) -> dict[Any, dict[str, CellMoments]]:
    """Shoppers in cells whose chance to buy is told by the cell, and by earlier orders."""
    cells: dict[Any, dict[str, CellMoments]] = {}
    for number, arm in enumerate(ARMS):
        cell = chance.integers(0, len(told), SHOPPERS)
        before = (chance.random(SHOPPERS) < 0.3) * chance.lognormal(3.0, 0.3, SHOPPERS)
        rate = np.array(told)[cell] * (1 + loyal * (before > 0)) * (1 + UPLIFT * number)
        bought = chance.random(SHOPPERS) < rate
        for place in range(len(told)):
            y, x = bought[cell == place].astype(float), before[cell == place]
            cells.setdefault((0, place), {})[arm] = CellMoments(
                len(y), y.sum(), x.sum(), (y * y).sum(), (x * x).sum(), (x * y).sum()
            )
    return cells


def runs(told: tuple[float, ...], loyal: float, seed: int) -> Any:
    """Of each shop the error of the estimate, whether the interval holds, and the gain."""
    chance = np.random.default_rng(seed)
    truth = math.log1p(UPLIFT)
    found = [adjusted("cvr", shop(chance, told, loyal)) for _ in range(RUNS)]
    return np.array(
        [
            (
                math.log1p(each.value) - truth,
                each.low <= UPLIFT <= each.high,
                each.gain,
            )
            for each in found
            if each is not None
        ]
    )


def buying(shoppers: int, buyers: int) -> CellMoments:
    return CellMoments(shoppers, buyers, 0, buyers, 0, 0)


class TestAdjustment:
    def test_gains_where_something_is_known(self):
        """
        Some pages sell ten times as often, and who bought before buys again: the estimates of 300
        shops scatter less than those of the plain ratio, and the interval holds.
        """
        told = runs((0.02, 0.05, 0.2, 0.4), loyal=1.0, seed=1)
        plain = runs((0.02, 0.05, 0.2, 0.4), loyal=0.0, seed=2)

        assert told[:, 2].mean() > 0.15
        assert abs(told[:, 0].mean()) < 0.01
        assert told[:, 1].mean() >= 0.95
        assert plain[:, 2].mean() > 0.1

    def test_loses_nothing_where_nothing_is(self):
        """
        Ten cells that say nothing, some of them tiny: the gain is never below nothing, what chance
        pretends is under one per cent, and the interval holds as well as without.
        """
        found = runs((0.1,) * 10, loyal=0.0, seed=3)

        assert found[:, 2].min() >= 0.0
        assert found[:, 2].mean() < 0.01
        assert found[:, 1].mean() >= 0.95

    def test_small_cells_are_merged(self):
        """
        A cell of five shoppers has no variance of its own.
        """
        chance = np.random.default_rng(4)
        cells = shop(chance, (0.1, 0.3), loyal=0.0)
        tiny = {arm: CellMoments(5, 1, 0, 1, 0, 0) for arm in ARMS}

        found = adjusted("cvr", {**cells, (0, 7): tiny})
        assert found is not None
        assert found.value == pytest.approx(UPLIFT, abs=0.2)

    def test_shares_that_changed_are_not_thrown_together(self):
        """
        Half were dealt in a season that sells thrice as well, mostly with the clerk: no effect.
        """
        quiet = {"holdout": buying(900, 90), "champion": buying(100, 10)}
        busy = {"holdout": buying(100, 30), "champion": buying(900, 270)}
        cells: dict[Any, dict[str, CellMoments]] = {(0, "x"): quiet, (1, "x"): busy}

        found = adjusted("cvr", cells)
        assert found is not None
        assert found.value == pytest.approx(0.0, abs=1e-9)
