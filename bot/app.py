"""Builds the web edge: the chat's API, clicks, webhooks, the desk and the demo storefront."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import anyio
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp

from bot.channels.web import WEB_ROUTERS
from bot.clerk import Clerk
from bot.controls import Controls
from bot.desk import DESK_ROUTERS, LoginNeeded
from bot.http import (
    HTTP_ROUTERS,
    PROBLEM_SCHEMA,
    SSO_PATH,
    EdgeMiddleware,
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
from feedback.dialogues import Store
from feedback.knowledge import Catalogue, Categories, ReplyBook
from feedback.sales import Orders

SlackHandler = Callable[[Request], Awaitable[Response]]


def create_app(
    *,
    clerk: Clerk,
    store: Store,
    book: ReplyBook,
    catalogue: Catalogue,
    orders: Orders,
    runs: Runs,
    tokens: Tokens,
    config: WebConfig,
    shop_systems: Sequence[ShopSystem],
    ready: Callable[[], Readiness],
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    slack_handler: SlackHandler | None = None,
    windows: RateWindows | None = None,
    metrics: Metrics | None = None,
    sso: Callable[[WebContext], ASGIApp] | None = None,
    controls: Controls | None = None,
) -> FastAPI:
    """The app, ready to be served.

    `app.state.parts.notifier.wake(dialogue_id)` tells open chats that another edge (Slack) wrote to
    their dialogue; it may be called from any thread.

    Args:
        shop_systems: Whose webhooks are taken.
        ready: Whether questions can be answered; called by `/readyz` in the thread pool.
        slack_handler: Takes Slack's requests when not in Socket Mode.
        windows: Counts rates for all processes of the shop; None: this one counts alone.
        metrics: What is counted for Prometheus; None: nothing but what this app counts.
        sso: Builds the desk's other door; None: there is none.
        controls: What an owner may ask of the model; None: the desk only shows it.
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
    metrics, notifier = metrics or Metrics(), Notifier()
    stream_threads = anyio.CapacityLimiter(config.stream_threads)
    app.state.context = WebContext(
        clerk=clerk,
        store=store,
        book=book,
        catalogue=catalogue,
        orders=orders,
        runs=runs,
        tokens=tokens,
        config=config,
        clock=clock,
        new_id=new_id,
        ready=ready,
        limits=Limits(config, windows, clock),
        metrics=metrics,
        notifier=notifier,
        watch=StoreWatch(
            notifier,
            store.changed_since,
            clock=clock,
            seconds=config.poll_seconds,
            limiter=stream_threads,
        ),
        streams=OpenStreams(in_all=config.streams, per_address=config.address_per_minute),
        threads=anyio.CapacityLimiter(config.threads),
        stream_threads=stream_threads,
        controls=controls,
    )
    app.state.origins = Origins(config.allowed_origins, config.public_url)
    app.state.order_numbers = OrderNumbers(clock)
    app.state.categories = Categories(catalogue)
    demo = DEMO_ROUTERS if config.demo_dir is not None else ()
    for router in (
        *WEB_ROUTERS,
        webhook_router(shop_systems),
        *DESK_ROUTERS,
        *HTTP_ROUTERS,
        *FRONT_ROUTERS,
        *demo,
    ):
        app.include_router(router)
    if slack_handler is not None:
        app.add_api_route("/slack/events", slack_handler, methods=["POST"], include_in_schema=False)
    if sso is not None:
        app.mount(SSO_PATH, sso(app.state.context))
    install(app)
    app.add_exception_handler(LoginNeeded, _to_login)
    app.add_middleware(
        EdgeMiddleware,
        is_https=config.public_url.startswith("https://"),
        origins=app.state.origins,
        proxies=Proxies(config.trusted_proxies),
        metrics=metrics,
        new_id=new_id,
        heard_forwarder=_noting(app.state.context, Forwarders(orders.db)),
        caps={system.path: system.body_bytes for system in shop_systems},
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
