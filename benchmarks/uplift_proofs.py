"""Validation of the report's statistics at full size; the tests hold the short forms.

    PYTHONPATH=. python benchmarks/uplift_proofs.py [--runs 2000] [--json]

A/A and +15 % at 3 % CVR, looked at weekly for twelve weeks; an SRM planted at 48 to 52. That the
trial computes what the report does is a test: tests/feedback/experiments/test_validation.py.
"""

import argparse
import json

import numpy as np

from feedback.experiments.share_log import StratumSplit, split_pvalue
from feedback.experiments.validation import prove

WEEKS, WEEKLY, CVR = 12, 3_500, 0.03


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    shop = {"runs": asked.runs, "weeks": WEEKS, "weekly": WEEKLY, "cvr": CVR}
    figures = {
        "shop": shop,
        "a_a": prove(**shop, uplift=0.0, seed=1)._asdict(),
        "planted_15": prove(**shop, uplift=0.15, seed=2)._asdict(),
        "small_shop_planted_15": prove(
            runs=asked.runs, weeks=WEEKS, weekly=500, cvr=CVR, uplift=0.15, seed=3
        )._asdict(),
        "srm": srm(asked.runs),
    }
    if asked.json:
        print(json.dumps(figures))
        return
    for name, found in figures.items():
        print(name)
        for key, value in found.items():
            print(f"  {key}: {value}")


def srm(runs: int) -> dict[str, float]:
    """How often 48 to 52 is found among so many shoppers, and how often a fair deal is accused."""
    chance = np.random.default_rng(4)
    found = {}
    for shoppers in (10_000, 20_000, 42_000):
        for name, share in (("fair", 0.5), ("planted_48", 0.48)):
            held = chance.binomial(shoppers, share, size=runs)
            alarms = [
                (split_pvalue([StratumSplit(int(n), shoppers, 0.5)]) or 0) < 0.001 for n in held
            ]
            found[f"{name}_{shoppers}"] = float(np.mean(alarms))
    return found


if __name__ == "__main__":
    main()
