"""The desk's plan page: how long the experiment takes, what it can see, what each split costs."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.desk.audit import AuditedRoute
from bot.desk.login import OwnerForm, WithStaff
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.experiments import (
    ExperimentPlan,
    LoggedPlan,
    PlanLog,
    Traffic,
    detectable,
    options,
    past_traffic,
    plan_for,
)

PAGE: Final = "/desk/plan"
PERCENT: Final = 100.0

Visitors = Annotated[float | None, Query(gt=0, le=1e9)]
Percent = Annotated[float | None, Query(gt=0, lt=100)]
Basket = Annotated[float | None, Query(ge=0, le=1e9)]
Effect = Annotated[float | None, Query(gt=0, le=1_000)]

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get(PAGE, responses=documented(422))
async def plan(
    request: Request,
    context: WithContext,
    staff: WithStaff,
    visitors: Visitors = None,
    cvr: Percent = None,
    basket: Basket = None,
    effect: Effect = None,
) -> str:
    """Show what the running plan is, and what another one would take; shares are per cent."""
    found = await context.call(_planned, context, (visitors, cvr, basket), effect)
    return render(request, "desk_plan.html", staff=staff, here="reports", **found)


@router.post(PAGE, responses=documented(403, 422))
async def begin(
    context: WithContext,
    owner: OwnerForm,
    visitors: Annotated[float, Form(gt=0, le=1e9)],
    cvr: Annotated[float, Form(gt=0, lt=100)],
    effect: Annotated[float, Form(gt=0, le=1_000)],
    basket: Annotated[float, Form(ge=0, le=1e9)] = 0.0,
) -> RedirectResponse:
    """Begin the plan: it is written to the log, and shoppers are dealt by it from now on."""
    traffic = Traffic(visitors, cvr / PERCENT, basket)
    await context.call(_begin, context, traffic, effect / PERCENT)
    return RedirectResponse(PAGE, 303)


def _planned(
    context: WebContext, told: tuple[float | None, float | None, float | None], effect: float | None
) -> dict[str, Any]:
    now = context.clock()
    past = past_traffic(context.db, context.store.experiment, now)
    running = _log(context).newest()
    visitors, cvr, basket = told
    traffic = past.with_guesses(visitors, None if cvr is None else cvr / PERCENT, basket)
    shown: dict[str, Any] = {
        "past": past,
        "running": running,
        "stands": "" if running is None else _standing(running, now),
        "traffic": traffic,
        "currency": context.config.currency,
        "proposed": None,
    }
    if traffic is None:
        return shown
    proposed = plan_for(traffic, effect=None if effect is None else effect / PERCENT)
    seen = detectable(proposed.weeks, proposed.holdout, traffic) if proposed.weeks else None
    return {
        **shown,
        "proposed": proposed,
        "seen": seen,
        "splits": options(traffic, proposed.effect),
    }


def _begin(context: WebContext, traffic: Traffic, effect: float) -> None:
    running = _log(context).newest()
    if running is not None and running.plan.origin == "settings":
        raise Problem(
            "invalid",
            "The holdout's share is fixed by SHOPCLERK_HOLDOUT_SHARE; take the setting out to plan"
            " here.",
        )
    chosen = plan_for(traffic, effect=effect, origin="person")
    _log(context).begin(chosen, context.clock())


def _standing(running: LoggedPlan, now: datetime) -> str:
    """Where the plan stands, in a sentence."""
    plan: ExperimentPlan = running.plan
    since = f"since {running.since:%Y-%m-%d}, {running.held_out(now):.0%} held out".replace(
        "%", " %"
    )
    if running.decided_at is not None:
        return f"It came to “{running.verdict}” on {running.decided_at:%Y-%m-%d}; {since}."
    if plan.weeks is None:
        return f"It runs {since}, without a planned end: the sequence may be read at any time."
    week = min(max((now - running.since).days // 7, 0), plan.weeks)
    return f"It runs {since}: week {week} of {plan.weeks}, a look each Monday."


def _log(context: WebContext) -> PlanLog:
    return PlanLog(context.db, context.store.experiment)
