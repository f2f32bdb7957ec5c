"""Wiring of the bot process: web chat, webhooks, desk, and Slack when its tokens are set."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import SecretStr

from feedback.db import Bus, Database, Health, RateWindows, Runs
from feedback.desk import DeskHooks, Watchman, check_shared, read_gauges
from feedback.dialogues import Store
from feedback.experiments import ShareLog
from feedback.knowledge import Catalogue, ReplyBook, Vectors, spelled
from serving.client import AVAILABLE, TFServingRanker
from serving.ranker import RankerUnavailable
from shopclerk.demo_shop import DEMO_DIR
from shopclerk.settings import Settings
from shopclerk.wiring.actions import build_action_worker
from shopclerk.wiring.arms import assigner, build_visits
from shopclerk.wiring.background import (
    Background,
    keep_watch,
    look_for_mails,
    with_lifespan,
    work_off,
)
from shopclerk.wiring.base import (
    EXPERIMENT,
    answer_targets,
    build_orders,
    build_tokens,
    derived_key,
    new_id,
    open_database,
    shop_name,
    utc_now,
    virus_scan,
)
from shopclerk.wiring.clerk import LOOK_SECONDS, ClerkModel, build_clerk
from shopclerk.wiring.controls import build_controls
from shopclerk.wiring.mail import build_mail_fetcher, build_mail_worker, reply_addresses
from shopclerk.wiring.model import EMBED_BATCH
from shopclerk.wiring.shops import shop_settings
from shopclerk.wiring.slack import build_slack_edge

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.http import ConnectionLimits, Metrics, Readiness
    from bot.shop_name import ShopName

BUS_POLL_SECONDS = 15.0
CONNECTIONS, BUS_UP = "shopclerk_store_connections", "shopclerk_bus_up"
FIGURES_OF_A_PROCESS = (CONNECTIONS, BUS_UP)


def build_bot(
    settings: Settings, *, serving_address: str, room: "ConnectionLimits | None" = None
) -> "FastAPI":
    """The bot process: web chat, webhooks, desk, and Slack when its tokens are set.

    `room` is for connections; streams take a part of it.
    """
    from bot.app import Edges, Process, Repositories, create_app
    from bot.http import MeteredRanker
    from bot.shops import shop_systems

    database = open_database(settings)
    model = TFServingRanker(serving_address.split(","))
    metrics = _metrics(database)
    deal = assigner(settings, database, ShareLog(database, EXPERIMENT))
    metered = MeteredRanker(model, metrics)
    clerk = build_clerk(settings, database, ClerkModel(metered, model, model), assign_arm=deal)
    tokens = build_tokens(settings)
    controls = build_controls(settings, database, model)
    slack = build_slack_edge(
        settings, database, clerk, tokens, model, controls, wake=lambda id_: wake(id_)
    )
    shared = not database.is_sqlite
    app = create_app(
        _web_config(settings, shop_name(settings, database), shared=shared, room=room),
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
            ready=partial(_readiness, model, Health(database)),
            windows=RateWindows(database, derived_key(settings, "limits")) if shared else None,
            metrics=metrics,
            embed=partial(_embed, model),
        ),
        Edges(
            shop_systems=shop_systems(),
            slack_handler=slack.handle if slack is not None and not slack.uses_socket else None,
            sso=_sso(settings),
            controls=controls,
            visits=build_visits(settings, database),
            agents=_agents(settings, database) if settings.mcp else None,
        ),
        clerk=clerk,
        tokens=tokens,
    )
    notifier = app.state.context.notifier
    wake = notifier.wake
    if slack is not None:
        notifier.tell_others_by(slack.wake)
    bus = None if database.is_sqlite else Bus(database, notifier.heard, notifier.missed)
    if bus is not None:
        notifier.tell_others_by(bus.tell)
        metrics.watch(BUS_UP, "Other replicas are heard", lambda: float(bus.connected))
    background: list[Background] = []  # a further channel's worker runs here, too
    if slack is not None and settings.review_channel:
        background.append(partial(keep_watch, Watchman(database, settings.review_channel)))
    if (worker := build_action_worker(settings, database, wake)) is not None:
        background.append(partial(work_off, worker))
    if (mails := build_mail_worker(settings, database)) is not None:
        background.append(partial(look_for_mails, mails))
    if (fetcher := build_mail_fetcher(settings, database, app.state.context)) is not None:
        background.append(partial(look_for_mails, fetcher))
    if settings.otlp_endpoint:
        from shopclerk.tracing import set_up_tracing

        set_up_tracing(app, database, settings.otlp_endpoint)
    with_lifespan(app, slack, model, database, bus, background)
    return app


def _metrics(database: Database) -> "Metrics":
    from bot.http import Metrics

    metrics = Metrics()
    metrics.watch_store(lambda: read_gauges(database, utc_now()))
    pool = database.pool_in_use
    metrics.watch(CONNECTIONS, "Connections in use", lambda: float(pool()))
    return metrics


def _web_config(
    settings: Settings, name: "ShopName", *, shared: bool, room: "ConnectionLimits | None"
) -> Any:
    from bot.http import WebConfig

    # With a provider the shop's one password counts only where somebody has set it.
    by_password = settings.oidc_issuer is None or settings.desk_password is not None
    check_password = check_shared(settings.secret("desk_password")) if by_password else None
    return WebConfig(
        # With a bus the store need be looked at only for what the bus has missed.
        poll_seconds=BUS_POLL_SECONDS if shared else WebConfig.poll_seconds,
        public_url=settings.public_url,
        shop_name=name,
        allowed_origins=settings.allowed_origins,
        streams=room.streams if room else WebConfig.streams,
        trusted_proxies=settings.trusted_proxies,
        address_per_minute=settings.messages_a_minute,
        shop_hosts=(urlsplit(settings.shop_url).netloc,) if settings.shop_url else (),
        shop_settings=shop_settings(settings),
        check_password=check_password,
        sso_name=settings.oidc_name if settings.oidc_issuer else None,
        currency=settings.currency,
        scan_file=virus_scan(settings),
        mail_replies=reply_addresses(settings),
        mail_secret=_shown(settings.mail_secret),
        customer_secret=_shown(settings.customer_secret),
        is_open=answer_targets(settings).hours.open_at,
        show_ratings=settings.show_ratings,
        privacy_note=settings.privacy_note,
        privacy_url=settings.privacy_url,
        demo_dir=DEMO_DIR,
        locale=settings.locale,
        zone=ZoneInfo(settings.time_zone),
        targets=answer_targets(settings),
    )


def _agents(settings: Settings, database: Database) -> Any:
    from bot.channels.agents import McpEdge
    from bot.knowledge import ProductSearch

    products = ProductSearch(
        Catalogue(database, look_every=LOOK_SECONDS),
        public_url=settings.shop_url or settings.public_url,
    )
    return partial(McpEdge, products=products)


def _embed(model: TFServingRanker, texts: Sequence[str]) -> Vectors:
    """Texts by their meaning; by their spelling while the model is away."""
    try:
        starts = range(0, len(texts), EMBED_BATCH)
        return np.concatenate([model.embed(texts[at : at + EMBED_BATCH]) for at in starts])
    except RankerUnavailable:
        return spelled(texts)


def _sso(settings: Settings) -> Any:
    if settings.oidc_issuer is None:
        return None
    from bot.desk import SingleSignOn, build_sso

    provider = SingleSignOn(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=_shown(settings.oidc_client_secret) or "",
        cookie_key=derived_key(settings, "sso").hex(),
        owners=settings.oidc_owners,
        staff=settings.oidc_staff,
    )
    return partial(build_sso, provider)


def _shown(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


PROBE_SECONDS = 0.5  # for the model server's word: probes are no more patient than 1 s


def _readiness(model: TFServingRanker, health: Health) -> "Readiness":
    """Ready when the store takes writes and is whole; without the model keyword search answers."""
    from bot.http import Readiness

    try:
        health.check()
        store = "takes writes"
    except Exception as error:
        return Readiness(False, {"store": str(error)})
    try:
        loaded = [
            state.version
            for state in model.status(seconds=PROBE_SECONDS)
            if state.state == AVAILABLE
        ]
        served = f"version {loaded[0]}" if loaded else "no version; keyword search answers"
    except RankerUnavailable:
        served = "away; keyword search answers"
    return Readiness(True, {"store": store, "model server": served})
