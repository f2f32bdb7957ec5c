"""The desk's model page: which version answers, past retrainings, and an owner's buttons."""

from collections.abc import Callable
from typing import Annotated, ParamSpec

import structlog
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.controls import Controls, ModelNotChanged, model_words, offered_versions
from bot.desk.audit import AuditedRoute
from bot.desk.login import OwnerForm, WithStaff
from bot.http import Problem, WebContext, WithContext, documented, render

RUNS = 30
PAGE = "/desk/model"

Version = Annotated[int, Path(ge=1, le=2**31 - 1)]

P = ParamSpec("P")

log = structlog.get_logger()

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get(PAGE, responses=documented())
async def model(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show which model version answers, and the retrainings so far."""
    runs = await context.call(context.runs.all, RUNS)
    state = await context.call(context.controls.model) if context.controls else None
    return render(
        request,
        "desk_model.html",
        staff=staff,
        here="model",
        runs=runs,
        model=state,
        says=model_words(state, context.clock()) if state else "",
        offered=offered_versions(state) if state else [],
    )


@router.post("/desk/model/retrain", responses=documented(403, 409, 422, 503))
async def retrain(context: WithContext, owner: OwnerForm) -> RedirectResponse:
    """Start a retraining."""
    await _asked(context, _controls(context).retrain, owner.staff)
    return RedirectResponse(PAGE, 303)


@router.post("/desk/model/versions/{version}/promote", responses=documented(403, 409, 422, 503))
async def promote(version: Version, context: WithContext, owner: OwnerForm) -> RedirectResponse:
    """Promote a model version: it answers all shoppers from now on."""
    await _asked(context, _controls(context).promote, version, owner.staff)
    return RedirectResponse(PAGE, 303)


@router.post("/desk/model/versions/{version}/keep", responses=documented(403, 409, 422, 503))
async def keep(version: Version, context: WithContext, owner: OwnerForm) -> RedirectResponse:
    """End the trial of a model version; the champion goes on answering."""
    await _asked(context, _controls(context).keep, version, owner.staff)
    return RedirectResponse(PAGE, 303)


@router.post("/desk/model/rollback", responses=documented(403, 409, 422, 503))
async def roll_back(context: WithContext, owner: OwnerForm) -> RedirectResponse:
    """Roll back to the model version that answered before."""
    await _asked(context, _controls(context).roll_back, owner.staff)
    return RedirectResponse(PAGE, 303)


def _controls(context: WebContext) -> Controls:
    if context.controls is None:
        raise Problem("not-configured", "This server cannot reach the model's versions.")
    return context.controls


async def _asked(
    context: WebContext, act: Callable[P, str], /, *args: P.args, **kwargs: P.kwargs
) -> None:
    """Have it done; a refusal is told in its own words."""
    try:
        await context.call(act, *args, **kwargs)
    except ModelNotChanged as refused:
        log.warning("desk.model_refused", reason=str(refused))
        raise Problem("model-refused", str(refused)) from None
