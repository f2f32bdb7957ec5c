"""Is the process alive, can it answer, what has it counted."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from bot.http.context import WithParts
from bot.http.problems import documented

router = APIRouter(tags=["health"])


@router.get("/healthz", responses=documented())
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={**documented(), 503: {"description": "Not ready; see `parts`."}})
async def ready(parts: WithParts) -> JSONResponse:
    """Questions can be answered: the store and whatever ranks replies are there."""
    found = await parts.call(parts.ready)
    body = {"status": "ready" if found.ready else "not ready", "parts": dict(found.parts)}
    return JSONResponse(body, 200 if found.ready else 503)


@router.get("/metrics", responses=documented())
async def metrics(parts: WithParts) -> Response:
    """Counts for Prometheus."""
    text = await parts.call(parts.metrics.text)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
