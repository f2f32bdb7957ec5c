"""The webhooks of all shop systems: signed, repeatable, in any order.

Everything recorded is an upsert by the order's or refund's own id, so a repeat or a late delivery
changes nothing; the delivery's id is kept only after its content is safe.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import structlog
from fastapi import APIRouter, Request

from bot.http import Problem, WebContext, WithContext, documented
from bot.shops.intake import Intake
from bot.shops.shop_system import ShopSystem, WebhookRequest
from bot.shops.signatures import NotSigned
from feedback.knowledge import BadShape
from feedback.sales import ShopConnections

MAX_HEADER: Final = 2_000  # Stripe's carries several signatures while a secret is replaced

log = structlog.get_logger()


def webhook_router(systems: Iterable[ShopSystem]) -> APIRouter:
    """A route for each shop system."""
    router = APIRouter(prefix="/webhooks", tags=["webhooks"])
    for system in systems:
        router.add_api_route(
            f"/{system.name}",
            _endpoint(system),
            methods=["POST"],
            name=f"{system.name}_webhook",
            description=system.about,
            responses=documented(401, 422, 503),
            openapi_extra=_described(system),
        )
    return router


def intake_of(context: WebContext) -> Intake:
    """Where a shop's news goes."""
    return Intake(
        store=context.store,
        orders=context.orders,
        catalogue=context.catalogue,
        connections=ShopConnections(context.db),
        tokens=context.tokens,
        clock=context.clock,
        currency=context.config.currency,
    )


def _endpoint(system: ShopSystem) -> Callable[[Request, WebContext], Awaitable[dict[str, str]]]:
    async def webhook(request: Request, context: WithContext) -> dict[str, str]:
        delivery = WebhookRequest(await request.body(), request.headers, context.clock())
        _refuse_long_headers(system, delivery)
        if system.is_ping(delivery):
            return {"status": "ignored"}
        _check(system, context.config.shop_settings.get(system.secret.name), delivery)
        return {"status": await _taken(system, context, delivery)}

    return webhook


def _check(system: ShopSystem, secret: str | None, delivery: WebhookRequest) -> None:
    if secret is None:
        raise Problem(
            "not-configured", f"Set {system.secret.variable} to the secret that signs this webhook."
        )
    try:
        system.check(secret, delivery)
    except NotSigned as wrong:
        raise Problem("bad-signature", str(wrong)) from None


async def _taken(system: ShopSystem, context: WebContext, delivery: WebhookRequest) -> str:
    """What the delivery came to, counted; a wrong field is named to the sender."""
    intake = intake_of(context)
    # Before the news itself, which may be that the shop has taken our app away.
    await context.call(intake.connections.heard, system.name, context.clock())
    try:
        outcome = await context.call(system.take, intake, delivery)
    except BadShape as error:
        context.metrics.webhooks.labels(system.name, "refused").inc()
        raise Problem(
            "invalid", f"{error}. Nothing was recorded; mend it and send it again."
        ) from None
    context.metrics.webhooks.labels(system.name, outcome).inc()
    log.info("webhook.taken", source=system.name, outcome=outcome)
    return outcome


def _refuse_long_headers(system: ShopSystem, delivery: WebhookRequest) -> None:
    for name in system.headers:
        if len(delivery.header(name)) > MAX_HEADER:
            raise Problem("invalid", f"{name} is longer than {MAX_HEADER} characters.")


def _described(system: ShopSystem) -> dict[str, Any]:
    """What FastAPI can not see of a route: it reads the raw body and the system's own headers."""
    return {
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": MAX_HEADER},
            }
            for name in system.headers
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    }
