"""Builds the web edge: the chat's API, clicks, webhooks, the desk and the demo storefront."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.channels.mail import MAIL_ROUTERS
from bot.channels.web import WEB_ROUTERS
from bot.clerk import Clerk
from bot.controls import Controls
from bot.desk import DESK_ROUTERS, LoginNeeded
from bot.http import (
    HTTP_ROUTERS,
    MCP_PATH,
    PROBLEM_SCHEMA,
    SSO_PATH,
    EdgeMiddleware,
    EdgeRules,
    Limits,
    Metrics,
    Notifier,
    OpenStreams,
    Origins,
    Proxies,
    Readiness,
    StoreWatch,
    WebConfig,
    WebContext,
    documented,
    install,
)
from bot.shops import ShopSystem, webhook_router
from bot.storefront import DEMO_ROUTERS, FRONT_ROUTERS, OrderNumbers
from bot.tokens import Tokens
from feedback.db import Forwarders, RateWindows, Runs, StoreUnreadable
from feedback.dialogues import Store, Visits
from feedback.knowledge import Catalogue, Categories, Embed, ReplyBook, spelled
from feedback.sales import Orders

SlackHandler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Repositories:
    """What is kept in the store, by use case."""

    store: Store
    book: ReplyBook
    catalogue: Catalogue
    orders: Orders
    runs: Runs


@dataclass(frozen=True)
class Process:
    """What the process gives: time, identity, readiness, and what it counts."""

    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    ready: Callable[[], Readiness]  # whether questions can be answered; called in the thread pool
    windows: RateWindows | None = None  # rates of all processes; None: this one counts alone
    metrics: Metrics = field(default_factory=Metrics)
    embed: Embed = spelled  # vectors of texts, by which the desk groups questions


@dataclass(frozen=True)
class Edges:
    """What is mounted besides the chat and the desk."""

    shop_systems: Sequence[ShopSystem]  # whose webhooks are taken
    slack_handler: SlackHandler | None = None  # takes Slack's requests when not in Socket Mode
    sso: Callable[[WebContext], ASGIApp] | None = None  # single sign-on at the desk
    controls: Controls | None = None  # of the model, for owners; None: the desk only shows it
    agents: Callable[[WebContext], ASGIApp] | None = None  # None: agents may not ask
    visits: Visits | None = None  # None: the button is shown to everybody


def create_app(
    config: WebConfig,
    repositories: Repositories,
    process: Process,
    edges: Edges,
    *,
    clerk: Clerk,
    tokens: Tokens,
) -> FastAPI:
    """The app, ready to be served.

    `app.state.context.notifier.wake(dialogue_id)` tells open chats that another edge (Slack) wrote
    to their dialogue; it may be called from any thread.
    """
    app = FastAPI(
        title="shopclerk",
        description="The API of shopclerk, a shop's customer-service bot: chat, webhooks, desk.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # these load scripts from elsewhere; ours is at /api/docs
        redoc_url=None,
        redirect_slashes=False,
        # Asked for at each request it takes 0.2 ms; spans are `shopclerk.tracing`'s business.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    clock, notifier = process.clock, Notifier()
    stream_threads = anyio.CapacityLimiter(config.stream_threads)
    app.state.context = WebContext(
        clerk=clerk,
        store=repositories.store,
        book=repositories.book,
        catalogue=repositories.catalogue,
        orders=repositories.orders,
        runs=repositories.runs,
        tokens=tokens,
        config=config,
        clock=clock,
        new_id=process.new_id,
        ready=process.ready,
        limits=Limits(config, process.windows, clock),
        metrics=process.metrics,
        notifier=notifier,
        watch=StoreWatch(
            notifier,
            repositories.store.changed_since,
            clock=clock,
            seconds=config.poll_seconds,
            limiter=stream_threads,
        ),
        streams=OpenStreams(in_all=config.streams, per_address=config.address_per_minute),
        threads=anyio.CapacityLimiter(config.threads),
        stream_threads=stream_threads,
        controls=edges.controls,
        visits=edges.visits,
        embed=process.embed,
    )
    app.state.origins = Origins(config.allowed_origins, config.public_url)
    app.state.order_numbers = OrderNumbers(clock)
    app.state.categories = Categories(repositories.catalogue)
    demo = DEMO_ROUTERS if config.demo_dir is not None else ()
    for router in (
        *WEB_ROUTERS,
        *MAIL_ROUTERS,
        webhook_router(edges.shop_systems),
        *DESK_ROUTERS,
        *HTTP_ROUTERS,
        *FRONT_ROUTERS,
        *demo,
    ):
        app.include_router(router)
    if edges.slack_handler is not None:
        app.add_api_route(
            "/slack/events", edges.slack_handler, methods=["POST"], include_in_schema=False
        )
    if edges.agents is not None:
        app.state.agents = edges.agents(app.state.context)
        app.router.routes.append(Route(MCP_PATH, app.state.agents))
    if edges.sso is not None:
        app.mount(SSO_PATH, edges.sso(app.state.context))
    install(app)
    app.add_exception_handler(LoginNeeded, _to_login)
    app.add_middleware(
        EdgeMiddleware,
        rules=EdgeRules(
            app.state.origins,
            Proxies(config.trusted_proxies),
            is_https=config.public_url.startswith("https://"),
            caps={system.path: system.body_bytes for system in edges.shop_systems},
        ),
        metrics=process.metrics,
        new_id=process.new_id,
        heard_forwarder=_noting(app.state.context, Forwarders(repositories.orders.db)),
    )
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _noting(context: WebContext, forwarders: Forwarders) -> Callable[[str], Awaitable[None]]:
    """Counts requests that an untrusted sender forwards, and keeps whose they are for `check`."""

    async def note(address: str) -> None:
        context.metrics.forwarded.inc()
        now = context.clock()
        if forwarders.is_due(address, now):
            with contextlib.suppress(StoreUnreadable):  # told by whatever else needs the store
                await context.call(forwarders.note, address, now)

    return note


async def _to_login(_: Request, __: Exception) -> Response:
    return RedirectResponse("/desk/login", 303)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with our problems where FastAPI would describe its own errors."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in schema["paths"].values():
            for operation in path.values():
                if "desk" in operation.get("tags", ()):
                    operation["responses"]["303"] = {"description": "To the login, or back."}
                if "422" in operation["responses"]:
                    operation["responses"].update(_as_text_keys(documented(422)))
        app.openapi_schema = schema
    return app.openapi_schema


def _as_text_keys(responses: dict[int | str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(status): described for status, described in responses.items()}
