"""The clerk in Slack as a process of its own, to be killed: DATABASE API_URL LEASE_S [PORT].

With a PORT it takes events over HTTP there, else by Socket Mode.
"""

import asyncio
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from feedback.db.database import Database
from tests.bot.channels.slack.running import edge_of
from tests.bot.shop import Shop


async def main(url: str, api_url: str, lease_s: float, port: int | None) -> None:
    """Run until killed."""
    shop = Shop(Database(url), starts_anew=False)
    shop.ranker.says("gift wrap?", "return_how", "shipping_cost", confidence=0.2)
    for number in range(40):
        shop.ranker.says(f"question {number}", "return_how")
    edge = edge_of(
        shop,
        cast("Any", SimpleNamespace(api_url=api_url)),
        socket_mode=port is None,
        lease=timedelta(seconds=lease_s),
        owner=f"process-{shop.new_id()}",
    )
    await edge.start()
    if port is None:
        await asyncio.Event().wait()
    else:
        web = FastAPI()
        web.add_api_route("/slack/events", edge.handle, methods=["POST"])
        await uvicorn.Server(uvicorn.Config(web, port=port, log_level="warning")).serve()


if __name__ == "__main__":
    port = int(sys.argv[4]) if len(sys.argv) > 4 else None
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), port))
