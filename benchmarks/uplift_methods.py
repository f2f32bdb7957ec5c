"""Compares ways of deciding an experiment: false verdicts, coverage and weeks, on made-up shops.

    PYTHONPATH=. python benchmarks/uplift_methods.py [--runs 1000] [--json]

Shops without any effect are looked at weekly for a year, in each cell of: 1 or 3 % of shoppers buy,
baskets lognormal with a spread of 0.5, 1.0 or 1.5, as they are or one in 200 a hundredfold, a tenth
or half held out, 1,000, 4,000 or 7,000 shoppers a week. The cap is the product's quantile of 500
past orders. Then shops with an effect, for the weeks until it is found. What is drawn are sums by
week, so a thousand years of a cell take a second; scores, boundaries and factors are the product's.
"""

import argparse
import itertools
import json
import math
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.stats import norm

from feedback.experiments.confidence_sequence import half_width
from feedback.experiments.plan import ALPHA_EACH, MIN_BUYERS, TUNED_PART
from feedback.experiments.ratio_score import ArmPair, Moments, score
from feedback.experiments.shopper_facts import CAP_QUANTILE
from feedback.experiments.spending import boundaries

YEAR: Final = 52
HISTORY: Final = 500  # past orders of which the cap is a quantile
BINS: Final = 12  # of capped baskets, for the methods that need more than sums
HUGE: Final = 100.0
COMPARED: Final = 4_000  # shoppers a week of the shops in which all ways are compared
CHOSEN_BY: Final = 300  # runs a cell, to tell which are worst
FRESH: Final = 20_261_130  # the first new seed
SELDOM: Final = 1 / 200
NORMAL_BOUNDS: Final = {each: float(norm.isf(each / 2)) for each in (0.05, ALPHA_EACH)}


class Shop(NamedTuple):
    """A made-up shop and its experiment."""

    cvr: float
    spread: float
    huge: bool
    held: float
    weekly: int
    uplift: float = 0.0
    horizon: int = 26


class ArmSums(NamedTuple):
    """An arm's sums so far, by run and week."""

    shoppers: Any
    buyers: Any
    revenue: Moments
    capped: Moments
    binned: Any  # buyers by capped basket


def main() -> None:
    """Print false verdicts and coverage of every cell, then the weeks to a verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--fresh", type=int, metavar="N", help="the N worst cells, new seeds")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    cells = [
        Shop(*cell)
        for cell in itertools.product(
            (0.01, 0.03), (0.5, 1.0, 1.5), (False, True), (0.1, 0.5), (1_000, 4_000, 7_000)
        )
    ]
    if asked.fresh:
        print(json.dumps(fresh(cells, asked.fresh, asked.runs), indent=1))
        return
    same = {str(cell): study(cell, asked.runs, seed) for seed, cell in enumerate(cells)}
    powered = [
        Shop(0.03, 1.0, False, 0.5, 4_000, uplift, horizon)
        for uplift in (0.1, 0.2)
        for horizon in (17, 26, 36)
    ]
    found = {
        "a_a": same,
        "a_a_worst": _worst(same),
        "effect": {str(shop): study(shop, asked.runs, 99) for shop in powered},
    }
    if asked.json:
        print(json.dumps(found))
        return
    for name, each in {**same, **found["effect"], "worst of a/a": found["a_a_worst"]}.items():
        print(name)
        for key, value in each.items():
            print(f"  {key}: {value}")


def fresh(cells: list[Shop], most: int, runs: int) -> dict[str, Any]:
    """The cells worst at the seeds that were looked at, at new ones: nothing was chosen by them."""
    shipped = "scores, planned looks"
    before = {
        cell: study(cell, CHOSEN_BY, seed, every_way=False)[shipped]["ever"]
        for seed, cell in enumerate(cells)
    }
    worst = sorted(cells, key=lambda cell: -before[cell])[:most]
    return {
        str(cell): {"before": before[cell], **study(cell, runs, FRESH + place, every_way=False)}
        for place, cell in enumerate(worst)
    }


def study(shop: Shop, runs: int, seed: int, *, every_way: bool = True) -> dict[str, Any]:
    """What each way of deciding makes of `runs` such shops."""
    chance = np.random.default_rng(seed)
    cap = np.quantile(_baskets(chance, shop, (runs, HISTORY)), CAP_QUANTILE, axis=1)
    held = round(shop.weekly * shop.held)
    control = _draw(chance, shop, runs, held, shop.cvr, cap)
    clerk = _draw(chance, shop, runs, shop.weekly - held, shop.cvr * (1 + shop.uplift), cap)
    enough = np.minimum(control.buyers, clerk.buyers) >= MIN_BUYERS
    cvr = [ArmPair(_shares(clerk), _shares(control))]
    money = [ArmPair(clerk.capped, control.capped)]
    scores = np.maximum(np.abs(score(cvr)), np.abs(score(money)))
    shoppers = shop.weekly * np.arange(1, YEAR + 1)
    tuned = TUNED_PART * shop.weekly * shop.horizon
    sequence = np.array([half_width(1.0, float(n), ALPHA_EACH, tuned_at=tuned) for n in shoppers])
    looks = tuple(week / shop.horizon for week in range(1, shop.horizon + 1))
    planned = np.full(YEAR, np.inf)
    planned[: shop.horizon] = boundaries(looks, ALPHA_EACH)
    before = np.array([half_width(1.0, float(n)) for n in shoppers])
    raw = np.abs(_log_score(clerk.revenue, control.revenue))
    ways: dict[str, Any] = {
        "log ratio of raw revenue, a sequence (before)": (raw > before) & enough,
        "scores, a sequence": (scores > sequence) & enough,
        "scores, planned looks": (scores > planned) & enough,
    }
    if every_way and shop.weekly == COMPARED:  # they take three quarters of the time
        ways["betting"] = _betting(shop, clerk, control)
        ways["empirical Bernstein"] = _bernstein(shop, clerk, control)
    told: dict[str, Any] = {name: _decided(at) for name, at in ways.items()}
    end, truth = shop.horizon - 1, 1 + shop.uplift
    for alpha, limit in NORMAL_BOUNDS.items():
        told[f"covered at the planned end, {1 - alpha:.1%}"] = {
            name: round(float((np.abs(score(pair, truth))[:, end] <= limit).mean()), 4)
            for name, pair in (("cvr", cvr), ("capped", money))
        }
    return told


def _draw(chance: Any, shop: Shop, runs: int, weekly: int, cvr: float, cap: Any) -> ArmSums:
    buyers = chance.binomial(weekly, cvr, size=(runs, YEAR))
    caps = np.repeat(cap, buyers.sum(axis=1))
    baskets = _baskets(chance, shop, int(buyers.sum()))
    capped = np.minimum(baskets, caps)
    ends = np.concatenate([[0], np.cumsum(buyers.ravel())])

    def so_far(values: Any) -> Any:
        running = np.concatenate([[0.0], np.cumsum(values)])[ends]
        return np.cumsum(np.diff(running).reshape(buyers.shape), axis=1)

    # Squared, so that the small baskets, which are most, do not share one bin.
    places = np.minimum((np.sqrt(capped / caps) * BINS).astype(int), BINS - 1)
    weeks = np.repeat(np.arange(buyers.size), buyers.ravel())
    binned = np.bincount(weeks * BINS + places, minlength=buyers.size * BINS)
    shoppers = weekly * np.arange(1, YEAR + 1)
    return ArmSums(
        shoppers,
        np.cumsum(buyers, axis=1),
        Moments(shoppers, so_far(baskets), so_far(baskets**2)),
        Moments(shoppers, so_far(capped), so_far(capped**2)),
        binned.reshape(runs, YEAR, BINS).cumsum(axis=1),
    )


def _baskets(chance: Any, shop: Shop, size: Any) -> Any:
    baskets = chance.lognormal(0.0, shop.spread, size=size)
    return baskets * np.where(chance.random(size) < SELDOM, HUGE, 1.0) if shop.huge else baskets


def _shares(arm: ArmSums) -> Moments:
    return Moments(arm.shoppers, arm.buyers, arm.buyers)


def _log_score(treatment: Moments, control: Moments) -> Any:
    """The logarithm of the ratio in its own errors, each arm with its own variance."""
    logs, variance = [], 0.0
    for arm in (treatment, control):
        mean = np.maximum(arm.total, 1e-9) / arm.shoppers
        spread = (arm.squares - arm.total**2 / arm.shoppers) / (arm.shoppers - 1)
        logs.append(np.log(mean))
        variance = variance + spread / arm.shoppers / mean**2
    return (logs[0] - logs[1]) / np.sqrt(np.maximum(variance, 1e-12))


def _betting(shop: Shop, clerk: ArmSums, control: ArmSums) -> Any:
    """Wealth of bets on the arm of each buyer, exact at any size (Waudby-Smith and Ramdas 2024)."""
    worth = ((np.arange(BINS) + 0.5) / BINS) ** 2
    planned = TUNED_PART * shop.cvr * shop.weekly * shop.horizon
    enough = math.log(1 / ALPHA_EACH)
    found = False
    for values, of in ((np.ones(BINS), 1.0), (worth, float((worth**2).mean()) / 4)):
        grid = np.linspace(-6, 6, 41)
        prior = norm.pdf(grid / 2.5)
        scale = 1 / math.sqrt(planned * of / (shop.held * (1 - shop.held)))
        stakes = np.clip(grid * scale, -0.9 * (1 - shop.held), 0.9 * shop.held)
        won = clerk.binned @ np.log1p(np.outer(values, stakes) / (1 - shop.held))
        wealth = won + control.binned @ np.log1p(-np.outer(values, stakes) / shop.held)
        top = wealth.max(axis=-1, keepdims=True)
        mixed = np.log((np.exp(wealth - top) * prior).sum(axis=-1) / prior.sum()) + top[..., 0]
        found = found | (mixed > enough)
    return found


def _bernstein(shop: Shop, clerk: ArmSums, control: ArmSums) -> Any:
    """Stitched empirical-Bernstein boundary (Howard, Ramdas, McAuliffe and Sekhon 2021, eq. 10)."""
    worth = ((np.arange(BINS) + 0.5) / BINS) ** 2
    reach = 1 / min(shop.held, 1 - shop.held)
    eta, power, zeta = 2.0, 1.4, 3.1055  # their choice; zeta(1.4)
    found = False
    for values in (np.ones(BINS), worth):
        balance = clerk.binned @ values / (1 - shop.held) - control.binned @ values / shop.held
        spread = clerk.binned @ values**2 / (1 - shop.held) ** 2
        spread = spread + control.binned @ values**2 / shop.held**2
        least = TUNED_PART * shop.cvr * shop.weekly * shop.horizon / 10
        spread = np.maximum(spread, least)
        logs = power * np.log(np.log(eta * spread / least)) + math.log(
            zeta / (ALPHA_EACH / 2 * math.log(eta) ** power)
        )
        first, second = (eta**0.25 + eta**-0.25) / math.sqrt(2), (math.sqrt(eta) + 1) / 2
        wide = np.sqrt(first**2 * spread * logs + (second * reach * logs) ** 2)
        found = found | (np.abs(balance) > wide + second * reach * logs)
    return found


def _decided(at: Any) -> dict[str, Any]:
    ever = at.any(axis=1)
    weeks = np.where(ever, at.argmax(axis=1) + 1, np.inf)
    median = float(np.median(weeks))
    return {"ever": round(float(ever.mean()), 4), "median_week": median if median <= YEAR else None}


def _worst(cells: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Of each way the most false verdicts of any cell, of each interval the least coverage."""
    worst: dict[str, Any] = {}
    for cell in cells.values():
        for name, found in cell.items():
            if "ever" in found:
                worst[name] = max(worst.get(name, 0.0), found["ever"])
            else:
                worst[name] = min(worst.get(name, 1.0), *found.values())
    return worst


if __name__ == "__main__":
    main()
