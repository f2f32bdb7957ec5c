"""The bot process: web chat, webhooks, desk, and Slack when its tokens are set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from feedback.accounts import check_shared
from feedback.book import Book
from feedback.database import Database
from feedback.runs import Runs
from feedback.shares import ShareLog
from feedback.store import Store
from serving.ranker import RankerUnavailable
from serving.tfserving import AVAILABLE, TFServingRanker
from shopclerk.demo_shop import DEMO_DIR
from shopclerk.settings import Settings
from shopclerk.wiring.arms import assigner
from shopclerk.wiring.base import (
    EXPERIMENT,
    build_orders,
    derived_key,
    new_id,
    open_database,
    utc_now,
)
from shopclerk.wiring.clerk import build_clerk
from shopclerk.wiring.slack import build_slack_edge

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.slack.app import SlackEdge
    from bot.web.parts import Readiness


def build_bot(settings: Settings, *, serving_address: str) -> "FastAPI":
    """The bot process: web chat, webhooks, desk, and Slack when its tokens are set."""
    from bot.web.app import create_app
    from bot.web.tokens import Tokens

    database = open_database(settings)
    model = TFServingRanker(serving_address.split(","))
    deal = assigner(settings, ShareLog(database, EXPERIMENT))
    clerk = build_clerk(settings, database, model, assign_arm=deal, recommender=model)
    tokens = Tokens(derived_key(settings, "tokens").hex(), clock=utc_now)
    slack = build_slack_edge(settings, database, clerk, tokens, model, wake=lambda id_: wake(id_))
    app = create_app(
        clerk=clerk,
        store=Store(database, EXPERIMENT),
        book=Book(database),
        orders=build_orders(settings, database),
        runs=Runs(database),
        tokens=tokens,
        config=_web_config(settings),
        ready=partial(_readiness, model, database),
        clock=utc_now,
        new_id=new_id,
        slack_handler=slack.handle if slack is not None and not slack.uses_socket else None,
    )
    wake = app.state.parts.notifier.wake
    _with_lifespan(app, slack, model, database)
    return app


def _web_config(settings: Settings) -> Any:
    from bot.web.config import WebConfig

    password = settings.secret("desk_password")
    return WebConfig(
        public_url=settings.public_url,
        shop_name=settings.shop_name,
        allowed_origins=settings.allowed_origins,
        shop_hosts=(urlsplit(settings.shop_url).netloc,) if settings.shop_url else (),
        orders_secret=settings.secret("orders_secret"),
        shopify_secret=_shown(settings.shopify_secret),
        woocommerce_secret=_shown(settings.woocommerce_secret),
        stripe_secret=_shown(settings.stripe_secret),
        check_password=check_shared(password),
        currency=settings.currency,
        show_ratings=settings.show_ratings,
        privacy_note=settings.privacy_note,
        privacy_url=settings.privacy_url,
        demo_dir=DEMO_DIR,
        locale=settings.locale,
    )


def _shown(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _with_lifespan(
    app: "FastAPI", slack: "SlackEdge | None", model: TFServingRanker, database: Database
) -> None:
    """Slack connects when the app starts; everything is closed when it ends."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        if slack is not None:
            await slack.start()
        try:
            yield
        finally:
            if slack is not None:
                await slack.stop()
            model.close()
            database.close()

    app.router.lifespan_context = lifespan


def _readiness(model: TFServingRanker, database: Database) -> "Readiness":
    """Ready when the store can be read; without the model keyword search answers."""
    from bot.web.parts import Readiness

    try:
        Book(database).stamp()
        store = "reachable"
    except Exception as error:
        return Readiness(False, {"store": str(error)})
    try:
        loaded = [state.version for state in model.status() if state.state == AVAILABLE]
        served = f"version {loaded[0]}" if loaded else "no version; keyword search answers"
    except RankerUnavailable:
        served = "away; keyword search answers"
    return Readiness(True, {"store": store, "model server": served})
