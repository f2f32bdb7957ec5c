"""Shares of the experiment's arms: as set, and as they are by now."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from feedback.experiments import ArmDealer, HoldoutPlan, HoldoutStep, ShareLog, deal_at
from serving import contract
from serving.versions import Rollout, VersionFolder
from shopclerk.settings import Settings
from shopclerk.wiring.base import derived_key, utc_now


def experiment_plan(settings: Settings) -> HoldoutPlan:
    """What the shop has decided about the arms, its days read in its own time zone."""
    zone = ZoneInfo(settings.time_zone)
    ends = settings.experiment_end
    return HoldoutPlan(
        holdout=settings.holdout_share,
        canary=settings.canary_share,
        ramp=tuple(HoldoutStep(midnight(day, zone), share) for day, share in settings.holdout_ramp),
        ends=midnight(ends, zone) if ends else None,
    )


def configured_shares(settings: Settings, *, has_challenger: bool = False) -> dict[str, float]:
    """The arms' shares by now; the log of shares knows what was dealt before."""
    plan = experiment_plan(settings)
    return deal_at(plan, utc_now(), has_challenger=has_challenger).shares


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def assigner(settings: Settings, log: ShareLog | None = None) -> ArmDealer:
    """Deals a new shopper an arm; a challenger takes part while a version is labelled `canary`."""
    rollout = Rollout(VersionFolder(settings.models_dir))
    return ArmDealer(
        experiment_plan(settings),
        salt=derived_key(settings, "arms").hex(),
        on_trial=lambda: rollout.labels().get(contract.CANARY),
        clock=utc_now,
        log=log,
    )
