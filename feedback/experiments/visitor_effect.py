"""Visitor effect: what having a clerk adds for everybody who visits, judged by a plan of its own.

Visitors who were shown no chat are the control, those who were shown it the treatment; they are
compared as holdout and champion are. Orders are found by the token in the order alone: it lies in
the browsers of both arms, while the clicks and addresses of a chat would find more where there is
one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import case, func
from sqlmodel import col, select

from feedback.db import Database, Exposure
from feedback.experiments.aggregates import Cell, arm_of, read_facts
from feedback.experiments.assignment import CHAMPION, HOLDOUT, SRM_ALARM
from feedback.experiments.decision import Judgement, judge
from feedback.experiments.event_view import Window
from feedback.experiments.incremental_revenue import added_revenue
from feedback.experiments.metric_registry import CAPPED, CVR, PRIMARIES
from feedback.experiments.plan_log import LoggedPlan
from feedback.experiments.results import Arm, VisitorEffect
from feedback.experiments.share_log import ShareLog, StratumSplit, split_pvalue, strata_of
from feedback.experiments.stratification import pooled
from feedback.experiments.uplift import metric_results, weekly_result, whole_arms

TOKEN: Final = ("token",)
NO_CLERK: Final = "none"  # as the store writes it


class VisitorQuestion(NamedTuple):
    """Whose visits are compared, and under which plan."""

    window: Window
    running: LoggedPlan
    currency: str


def effect_on_visitors(db: Database, asked: VisitorQuestion) -> VisitorEffect | None:
    """What the visits say; None: nobody came yet."""
    window, plan = asked.window, asked.running.plan
    shares = {HOLDOUT: plan.holdout, CHAMPION: 1 - plan.holdout}
    strata = strata_of(ShareLog(db, window.experiment).changes(), shares)
    facts = read_facts(
        db, window, asked.currency, strata, metrics=PRIMARIES, cap=asked.running.plan.cap
    )
    cells = {_in_role(cell): each for cell, each in facts.cells.items()}
    if not cells:
        return None
    arms = pooled(cells, lambda _: True)
    held = {stratum: shares.get(HOLDOUT, 0.0) for stratum, shares in enumerate(strata.shares)}
    sizes = [
        StratumSplit(
            sum(one.count() for each, one in arms.items() if each == (HOLDOUT, stratum)),
            sum(one.count() for each, one in arms.items() if each.stratum == stratum),
            share,
        )
        for stratum, share in held.items()
    ]
    found = [split_pvalue(sizes)]
    if len(held) == 1:  # under changed shares nobody knows who of those with hands was dealt when
        found.append(split_pvalue([_with_hands(db, window, held[0])]))
    pvalue = min((each for each in found if each is not None), default=None)
    judged: Judgement = judge(
        cells,
        plan,
        until=window.until,
        zone=window.zone,
        srm_pvalue=pvalue,
        largest={_role(arm): most for arm, most in facts.largest.items()},
    )
    results = metric_results(arms, PRIMARIES, plan)
    sums = {name: arm_of(each) for name, each in whole_arms(arms).items()}
    return VisitorEffect(
        none=sums.get(HOLDOUT, Arm(0)),
        clerk=sums.get(CHAMPION, Arm(0)),
        verdict=judged.verdict,
        reason=_reason(judged, sums, pvalue),
        cvr=weekly_result(results[CVR]).uplift,
        capped=weekly_result(results[CAPPED]).uplift,
        decided=judged.uplift,
        decided_by=judged.measure,
        added=replace(added_revenue(cells).clerk, name="visitors"),
        plan=judged.standing,
        srm_pvalue=pvalue,
        cap=facts.cap,
    )


def _reason(judged: Judgement, sums: Mapping[str, Arm], pvalue: float | None) -> str:
    """Why; that no order carries a token is another matter than that few bought."""
    alarm = pvalue is not None and pvalue < SRM_ALARM
    if not alarm and not any(each.purchases for each in sums.values()):
        return "no_token"
    return judged.reason


def _with_hands(db: Database, window: Window, held: float) -> StratumSplit:
    """The visitors who moved a hand: robots that draw pages do not, and may favour an arm."""
    with db.reading() as session:
        none, all_ = session.exec(
            select(
                func.coalesce(func.sum(case((col(Exposure.arm) == NO_CLERK, 1), else_=0)), 0),
                func.count(),
            ).where(
                Exposure.experiment == window.experiment,
                col(Exposure.engaged).is_(True),
                *([col(Exposure.exposed_at) >= window.since] if window.since else []),
                col(Exposure.exposed_at) < window.until,
            )
        ).one()
    return StratumSplit(int(none), int(all_), held)


def _in_role(cell: Cell) -> Cell:
    return cell._replace(arm=_role(cell.arm))


def _role(arm: str) -> str:
    return HOLDOUT if arm == NO_CLERK else CHAMPION
