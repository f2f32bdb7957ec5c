"""The clerk in Slack as a process of its own, for tests that kill it: DATABASE API_URL LEASE_S."""

import asyncio
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from feedback.database import Database
from tests.bot.shop import Shop
from tests.bot.slack.running import edge_of


async def main(url: str, api_url: str, lease_s: float) -> None:
    """Run until killed."""
    shop = Shop(Database(url), starts_anew=False)
    shop.ranker.says("gift wrap?", "return_how", "shipping_cost", confidence=0.2)
    for number in range(40):
        shop.ranker.says(f"question {number}", "return_how")
    edge = edge_of(
        shop,
        cast("Any", SimpleNamespace(api_url=api_url)),
        lease=timedelta(seconds=lease_s),
        owner=f"process-{shop.new_id()}",
    )
    await edge.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
