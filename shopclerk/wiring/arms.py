"""Shares of the experiment's arms: as set, and as they are by now."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedback.experiments import Plan, ShareLog, Step, assign, deal_at
from serving import contract
from serving.versions import Rollout, VersionFolder
from shopclerk.settings import Settings
from shopclerk.wiring.base import derived_key, utc_now

if TYPE_CHECKING:
    pass


def experiment_plan(settings: Settings) -> Plan:
    """What the shop has decided about the arms, its days read in its own time zone."""
    zone = ZoneInfo(settings.time_zone)
    ends = settings.experiment_end
    return Plan(
        holdout=settings.holdout_share,
        canary=settings.canary_share,
        ramp=tuple(Step(midnight(day, zone), share) for day, share in settings.holdout_ramp),
        ends=midnight(ends, zone) if ends else None,
    )


def configured_shares(settings: Settings, *, has_challenger: bool = False) -> dict[str, float]:
    """The arms' shares by now; the log of shares knows what was dealt before."""
    plan = experiment_plan(settings)
    return deal_at(plan, utc_now(), has_challenger=has_challenger).shares


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def assigner(settings: Settings, log: ShareLog | None = None) -> Callable[[str], str]:
    """Deals a new shopper an arm; a challenger takes part while a version is labelled `canary`.

    With a `log` every change of the shares is written there before anybody is dealt under it.
    """
    rollout = Rollout(VersionFolder(settings.models_dir))
    plan = experiment_plan(settings)
    logged: list[Any] = [None]
    # A browser knows its shopper's id: with a salt that anybody knows it would know its arm.
    salt = derived_key(settings, "arms").hex()

    def deal(shopper_id: str) -> str:
        now, trial = utc_now(), rollout.labels().get(contract.CANARY)
        dealt = deal_at(plan, now, has_challenger=trial is not None)
        if log is not None and logged[0] != (dealt, trial):
            log.record(dealt.shares, now, reason=dealt.reason, challenger_version=trial)
            logged[0] = (dealt, trial)
        return assign(shopper_id, salt=salt, shares=dealt.shares)

    return deal
