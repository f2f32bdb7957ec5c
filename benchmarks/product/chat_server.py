"""Chat server for `bench chat`: one process, rate limits lifted."""

import socket
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from bot.app import Edges, Process, Repositories, create_app
from bot.http import BoundedConfig, Readiness, WebConfig, raise_file_limit, room_in
from bot.shops import shop_systems
from bot.tokens import Tokens
from feedback.db import Bus, Database, RateWindows, Runs
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.knowledge import Catalogue, ReplyBook
from serving.client import TFServingRanker
from shopclerk.cpu_affinity import keep_to_one_core
from shopclerk.logs import set_up_logs
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import (
    EXPERIMENT,
    ClerkModel,
    build_clerk,
    build_orders,
    keyword_ranker,
    new_id,
    utc_now,
)
from shopclerk.wiring.bot import BUS_POLL_SECONDS
from shopclerk.wiring.clerk import LOOK_SECONDS

UNLIMITED: Final = 1_000_000_000  # messages a minute
ORDERS_SECRET: Final = "signs the orders of measurements"
WAITING: Final = 4_096  # connections that may knock at once


def serve(database_url: str, serving_address: str | None, port: int) -> None:
    """Answer on `port` until the process is ended."""
    set_up_logs("error" if "postgres" in database_url else "warning")
    settings = read_settings(database_url=database_url)
    if settings.one_core:
        keep_to_one_core()
    database = Database(settings.database_url)
    ranker: Any = keyword_ranker(ReplyBook(database, look_every=LOOK_SECONDS))
    if serving_address is not None:
        ranker = TFServingRanker(serving_address, timeout=60.0)
    app = _app(settings, database, ranker)
    room = room_in(raise_file_limit(), per_address=UNLIMITED)
    config = BoundedConfig(app, room=room, port=port, log_level="warning", backlog=WAITING)
    uvicorn.Server(config).run()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _app(settings: Settings, database: Database, ranker: Any) -> FastAPI:
    """The chat as the bot builds it: on PostgreSQL it counts rates and hears others as there."""
    shared = not database.is_sqlite
    app = create_app(
        WebConfig(
            public_url=settings.public_url,
            shop_name=lambda: "a shop",
            shop_settings={"orders_secret": ORDERS_SECRET},
            shopper_per_minute=UNLIMITED,
            address_per_minute=UNLIMITED,
            poll_seconds=BUS_POLL_SECONDS if shared else WebConfig.poll_seconds,
        ),
        Repositories(
            store=Store(database, EXPERIMENT, DeskHooks()),
            book=ReplyBook(database),
            catalogue=Catalogue(database),
            orders=build_orders(settings, database),
            runs=Runs(database),
        ),
        Process(
            clock=utc_now,
            new_id=new_id,
            ready=lambda: Readiness(True),
            windows=RateWindows(database, b"bench") if shared else None,
        ),
        Edges(shop_systems()),
        clerk=build_clerk(settings, database, ClerkModel(ranker), assign_arm=lambda _: "champion"),
        tokens=Tokens("the same in every replica", clock=utc_now),
    )
    if shared:
        notifier = app.state.context.notifier
        bus = Bus(database, notifier.heard, notifier.missed)
        notifier.tell_others_by(bus.tell)
        bus.start()
    return app
