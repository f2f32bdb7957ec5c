"""`shopclerk plan`: how long an experiment takes, what it can see, and what each split costs."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from feedback.db import Database, number_of
from feedback.dialogues import VISITORS
from feedback.experiments import (
    ExperimentPlan,
    LoggedPlan,
    PastTraffic,
    PlanLog,
    Traffic,
    detectable,
    options,
    past_traffic,
    plan_for,
    settle_for,
)
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import EXPERIMENT, open_database, running_plan, utc_now, wanted_plan

if TYPE_CHECKING:
    from feedback.experiments import Arm, PlanStanding
    from feedback.report import Report

SETTLING: Final = 2  # weeks after which an experiment that began by itself gets its horizon
ENOUGH: Final = 20  # buyers in all arms, to tell their number by


class NoTraffic(ValueError):
    """Neither the store nor the caller says how many come and buy."""


def plan(
    *,
    visitors: float | None,
    cvr: float | None,
    basket: float | None,
    effect: float | None,
    weeks: int | None,
    start: bool,
) -> tuple[dict[str, Any], str]:
    """The plan, as an object and in words; with `start` it is written and dealt from now on.

    Raises:
        NoTraffic: too little is known to plan with.
    """
    settings, now = read_settings(), utc_now()
    database = open_database(settings)
    try:
        past = past_traffic(database, EXPERIMENT, now)
        running = running_plan(database)
        traffic = past.with_guesses(visitors, cvr, basket)
        if traffic is None:
            raise NoTraffic(_missing(past))
        wanted = wanted_plan(settings)
        found = plan_for(
            traffic,
            effect=effect,
            **({"longest": weeks} if weeks else {}),
            holdout=wanted.holdout,
            looks=wanted.looks,
            origin="person",
        )
        if start:
            PlanLog(database, EXPERIMENT).begin(found, now)
            running = running_plan(database)
    finally:
        database.close()
    return _told(found, traffic, past, running), _text(found, traffic, running, settings, now)


def note_outcome(database: Database, told: "Report", now: datetime) -> None:
    """Write into the plans' logs what a weekly report has found, of shoppers and of visitors."""
    of_chat = PlanFinding(
        told.verdict, told.verdict_reason, told.plan, told.order_cap, told.arms.values()
    )
    _note(PlanLog(database, EXPERIMENT), of_chat, now)
    if (of_all := told.visitors) is not None:
        found = PlanFinding(
            of_all.verdict, of_all.reason, of_all.plan, of_all.cap, (of_all.none, of_all.clerk)
        )
        _note(PlanLog(database, VISITORS), found, now)


class PlanFinding(NamedTuple):
    """What a report says of one plan."""

    verdict: str
    reason: str
    standing: "PlanStanding | None"
    cap: float | None
    arms: Iterable["Arm"]


def _note(log: PlanLog, found: PlanFinding, now: datetime) -> None:
    """Cap, numbers, and the verdict.

    How many come and buy is taken from both arms together, so that it says nothing of either.
    """
    running = log.newest()
    if running is None or found.standing is None or running.decided_at is not None:
        return
    plan_, arms = running.plan, list(found.arms)
    settled = replace(plan_, cap=found.cap if plan_.cap is None else plan_.cap)
    buyers = sum(arm.buyers for arm in arms)
    if plan_.traffic is None and found.standing.look >= SETTLING and buyers >= ENOUGH:
        shoppers = sum(arm.shoppers for arm in arms)
        settled = settle_for(Traffic(shoppers / found.standing.look, buyers / shoppers), settled)
    if settled != plan_:
        log.settle(settled)
    if found.verdict in ("better", "worse"):
        log.decide(found.verdict, now)
    elif found.reason == "planned_end":
        log.decide("none", now)


def _missing(past: PastTraffic) -> str:
    orders = f"; the store knows of {past.orders:.0f} orders a week" if past.orders else ""
    return (
        "how many shoppers chat in a week, and how many of them buy, is not known yet: say"
        f" --visitors 2000 --cvr 0.03{orders}"
    )


def _told(
    found: ExperimentPlan, traffic: Traffic, past: PastTraffic, running: LoggedPlan | None
) -> dict[str, Any]:
    return {
        "traffic": asdict(traffic),
        "seen": past._asdict(),
        "effect": found.effect,
        "holdout": found.holdout,
        "weeks": found.weeks,
        "looks": found.looks,
        "splits": [asdict(each) for each in options(traffic, found.effect)],
        "running": None
        if running is None
        else {
            "since": running.since.isoformat(),
            "origin": running.plan.origin,
            "holdout": running.plan.holdout,
            "looks": running.plan.looks,
            "weeks": running.plan.weeks,
            "verdict": running.verdict,
        },
    }


def _text(
    found: ExperimentPlan,
    traffic: Traffic,
    running: LoggedPlan | None,
    settings: Settings,
    now: datetime,
) -> str:
    lines = [
        f"{traffic.visitors:,.0f} shoppers a week, {traffic.cvr:.1%} of whom buy"
        + (f" for {_money(traffic.basket, settings)}" if traffic.basket else "")
        + f": {traffic.buyers:,.0f} buyers a week.",
        f"To see an effect of {found.effect:.0%} with 80 % chance, wrong at most once in twenty:",
        "",
        "held out   weeks   smallest effect in half a year   held out a week   cost a week",
    ]
    for each in options(traffic, found.effect):
        weeks = "never" if each.weeks is None else f"{each.weeks}"
        seen = "–" if each.detectable is None else f"{each.detectable:.0%}"
        cost = _money(each.cost, settings) if traffic.basket else "–"
        lines.append(
            f"{each.holdout:>8.0%}   {weeks:>5}   {seen:>30}   {each.held_out:>15,.0f}   {cost:>11}"
        )
    lines += [
        "",
        _proposed(found, traffic),
        _running(running, ZoneInfo(settings.time_zone)),
    ]
    return "\n".join(lines)


def _proposed(found: ExperimentPlan, traffic: Traffic) -> str:
    seen = detectable(found.weeks, found.holdout, traffic) if found.weeks else None
    small = (
        f" So few come that by then only an effect of {seen:.0%} or more would be seen."
        if seen is not None and seen > found.effect * 1.05
        else ""
    )
    return (
        f"Proposed: {found.holdout:.0%} held out for {found.weeks} weeks at most, a look each"
        f" Monday; then {found.afterwards:.0%} for good.{small} Cost: what those held out would"
        " bring more, were the effect as wanted."
    )


def _running(running: LoggedPlan | None, zone: ZoneInfo) -> str:
    if running is None:
        return "No experiment runs yet; it begins with the first shopper who is dealt an arm."
    plan_, since = running.plan, running.since.astimezone(zone).date()
    if running.decided_at is not None:
        return f"The experiment since {since} has come to: {running.verdict}."
    until = "without an end" if plan_.weeks is None else f"for {plan_.weeks} weeks"
    before = "; it began under an earlier version, and keeps its plan"
    kept = before if plan_.origin == "before" else ""
    return (
        f"Running since {since}, {until}, {plan_.holdout:.0%} held out{kept}."
        " `shopclerk plan --start` begins the proposed one instead."
    )


def _money(amount: float, settings: Settings) -> str:
    return f"{number_of(amount, settings.currency)} {settings.currency}"
