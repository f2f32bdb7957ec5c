"""Validation of the report's statistics as they ship; the tests hold the short forms.

    PYTHONPATH=. python benchmarks/uplift_proofs.py [--runs 2000] [--json]

A/A, +15 % and +15 % in a small shop, half held out, 3 % CVR, baskets lognormal with a spread of 1,
judged as the report does: CVR and capped revenue by scores, a look a week up to the planned end,
and beside it by the sequence; an SRM planted at 48 to 52. That the trial computes what the report
does is a test: tests/feedback/experiments/test_validation.py.
"""

import argparse
import json

import numpy as np
from uplift_methods import Shop, study

from feedback.experiments.share_log import StratumSplit, split_pvalue

CVR, SPREAD, HALF, HORIZON = 0.03, 1.0, 0.5, 26
SEED = 4_001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    shops = {
        "a_a": Shop(CVR, SPREAD, False, HALF, 7_000, 0.0, HORIZON),
        "planted_15": Shop(CVR, SPREAD, False, HALF, 7_000, 0.15, HORIZON),
        "small_shop_planted_15": Shop(CVR, SPREAD, False, HALF, 1_000, 0.15, HORIZON),
    }
    figures = {
        **{
            name: study(shop, asked.runs, SEED + place, every_way=False)
            for place, (name, shop) in enumerate(shops.items())
        },
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
