"""Shares of the experiment's arms: as planned or set, and as they are by now."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from feedback.db import Cached, Database, Trial
from feedback.demo_shop import DemoShop
from feedback.dialogues import NO_CLERK, VISITORS, WITH_CLERK, Visits
from feedback.experiments import (
    HOLDOUT,
    ArmDealer,
    ExperimentPlan,
    HoldoutPlan,
    HoldoutStep,
    LoggedPlan,
    PlanLog,
    ShareLog,
    deal_at,
)
from serving import contract
from serving.versions import Rollout, VersionFolder
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, utc_now
from shopclerk.wiring.trials import build_trials

PLAN_SECONDS: Final = 60.0  # a plan changes a few times a year, a shopper comes every second


def wanted_plan(settings: Settings) -> ExperimentPlan:
    """The plan of an experiment that begins under these settings."""
    share, looks = settings.holdout_share, settings.experiment_looks
    plan = ExperimentPlan(looks=looks, weeks=None if looks == "anytime" else ExperimentPlan.weeks)
    return plan if share is None else replace(plan, holdout=share, origin="settings")


def running_plan(database: Database) -> LoggedPlan | None:
    """The plan that shoppers are dealt under; None: nobody was held out yet."""
    return PlanLog(database, EXPERIMENT).newest()


def holdout_share(settings: Settings, running: LoggedPlan | None, *, demo: bool) -> float:
    """The holdout's share by now: as it is set, else as planned; the demo shop holds nobody out."""
    if settings.holdout_share is not None:
        return settings.holdout_share
    if demo:
        return 0.0
    return running.held_out(utc_now()) if running else wanted_plan(settings).holdout


def holdout_plan(
    settings: Settings,
    running: LoggedPlan | None = None,
    *,
    demo: bool = False,
    trial: Trial | None = None,
) -> HoldoutPlan:
    """What the shop has decided about the arms, its days read in its own time zone."""
    zone = ZoneInfo(settings.time_zone)
    ends = settings.experiment_end
    held = holdout_share(settings, running, demo=demo)
    return HoldoutPlan(
        holdout=held,
        canary=canary_share(settings, trial, held),
        ramp=tuple(HoldoutStep(midnight(day, zone), share) for day, share in settings.holdout_ramp),
        ends=midnight(ends, zone) if ends else None,
    )


def canary_share(settings: Settings, trial: Trial | None, held: float) -> float:
    """A challenger's share as its trial was planned, and at least as it is set."""
    planned = trial.predicted.get("size", {}).get("share", 0.0) if trial else 0.0
    return max(settings.canary_share, planned * (1 - held)) if settings.canary_share else 0.0


def dealt_plan(settings: Settings, database: Database) -> HoldoutPlan:
    """The shares to deal under; a plan is written before anybody is held out."""
    demo = DemoShop(database).is_open()
    running, trial = running_plan(database), build_trials(settings, database).open()
    plan = holdout_plan(settings, running, demo=demo, trial=trial)
    if running is None and plan.holdout:
        running = PlanLog(database, EXPERIMENT).ensure(wanted_plan(settings), utc_now())
        plan = holdout_plan(settings, running, demo=demo, trial=trial)
    return plan


def configured_shares(
    settings: Settings, database: Database, *, has_challenger: bool = False
) -> dict[str, float]:
    """The arms' shares by now; the log of shares knows what was dealt before."""
    demo = DemoShop(database).is_open()
    trial = build_trials(settings, database).open() if has_challenger else None
    plan = holdout_plan(settings, running_plan(database), demo=demo, trial=trial)
    return deal_at(plan, utc_now(), has_challenger=has_challenger).shares


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def visit_plan(settings: Settings, database: Database) -> HoldoutPlan:
    """How many visitors are shown no chat by now: the set share while its plan runs."""
    looks = settings.experiment_looks
    plan = ExperimentPlan(
        holdout=settings.no_clerk_share,
        afterwards=0.0,
        looks=looks,
        weeks=None if looks == "anytime" else ExperimentPlan.weeks,
        origin="settings",
    )
    running = PlanLog(database, VISITORS).ensure(plan, utc_now())
    return HoldoutPlan(settings.no_clerk_share if running.held_out(utc_now()) else 0.0)


def build_visits(settings: Settings, database: Database) -> Visits | None:
    """Deals visitors; None: the chat is shown to everybody."""
    if not settings.no_clerk_share:
        return None
    plan = Cached(partial(visit_plan, settings, database), PLAN_SECONDS)
    dealer = ArmDealer(
        plan,
        salt=derived_key(settings, "visits").hex(),
        on_trial=lambda: None,
        clock=utc_now,
        log=ShareLog(database, VISITORS),
    )

    def deal(shopper_id: str) -> str | None:
        held = dealer(shopper_id) == HOLDOUT
        return (NO_CLERK if held else WITH_CLERK) if plan().holdout else None

    return Visits(database, deal, derived_key(settings, "visitors"))


def assigner(settings: Settings, database: Database, log: ShareLog | None = None) -> ArmDealer:
    """Deals a new shopper an arm; a challenger takes part while a version is labelled `canary`."""
    rollout = Rollout(VersionFolder(settings.models_dir))
    return ArmDealer(
        Cached(partial(dealt_plan, settings, database), PLAN_SECONDS),
        salt=derived_key(settings, "arms").hex(),
        on_trial=lambda: rollout.labels().get(contract.CANARY),
        clock=utc_now,
        log=log,
    )
