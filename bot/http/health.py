"""Health checks and metrics: `/healthz`, `/readyz`, `/metrics`."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from bot.http.context import WithContext
from bot.http.problems import documented

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=documented())
async def alive() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={**documented(), 503: {"description": "Not ready; see `parts`."}})
async def ready(context: WithContext) -> JSONResponse:
    """Readiness: the store takes writes, so questions can be answered. `parts` has the details."""
    found = await context.call(context.ready)
    body = {"status": "ready" if found.ready else "not ready", "parts": dict(found.parts)}
    return JSONResponse(body, 200 if found.ready else 503)


@router.get("/metrics", responses=documented())
async def metrics(context: WithContext) -> Response:
    """Metrics in Prometheus' text format."""
    text = await context.call(context.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
