"""API fuzzing: thousands of generated requests to every operation of the OpenAPI document.

    python -m benchmarks.battery.openapi_cases [--cases N]

Prints one JSON object: how many, by status, and every wrong answer (a failure, or one that the
document does not name). Exits 1 when there is any.
"""

import argparse
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from feedback.db.database import Database
from shopclerk.logs import set_up_logs
from tests.bot.model import Model
from tests.bot.web_shop import open_shop
from tests.hostile.openapi import OPEN, Tally, send_all


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000, help="at least so many in all")
    parser.add_argument("--each", type=int, default=20, help="of each kind, in one round")
    wanted = parser.parse_args()
    set_up_logs(logging.CRITICAL)
    started, number, all_of_it = time.monotonic(), 0, Tally(Counter(), [])
    while sum(all_of_it.statuses.values()) < wanted.cases:
        number += 1
        tally = one_round(number, wanted.each)
        all_of_it.statuses.update(tally.statuses)
        all_of_it.wrong.extend(tally.wrong)
        number_so_far = sum(all_of_it.statuses.values())
        print(f"{number_so_far} cases, {len(all_of_it.wrong)} wrong", file=sys.stderr)
    print(
        json.dumps(
            {
                "cases": sum(all_of_it.statuses.values()),
                "seconds": round(time.monotonic() - started, 1),
                "statuses": dict(sorted(all_of_it.statuses.items())),
                "wrong": [one._asdict() for one in all_of_it.wrong[:50]],
                "wrong_count": len(all_of_it.wrong),
            }
        )
    )
    return 1 if all_of_it.wrong else 0


def one_round(number: int, each: int) -> Tally:
    """To a shop of its own: a request may have made an owner, which ends its first password."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'shopclerk.db'}")
        database.migrate()
        shop = open_shop(database, controls=Model().controls(), **OPEN)
        with shop.visitor() as web:
            tally = send_all(shop, web, each=each, number=number)
        database.close()
    return tally


if __name__ == "__main__":
    sys.exit(main())
