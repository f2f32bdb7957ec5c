"""Order actions in the report: how they ended, what they saved and gave back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from feedback.actions import UNDO
from feedback.db import ActionRun, Impression, Period
from feedback.report.parts import ActionFigures

# What a change of an order takes a colleague who opens the order, does it and writes back; half of
# it is left where they only approve, or do by hand what was collected for them.
MINUTES_EACH: Final = 6
MINUTES_SAVED_WITH_A_LOOK: Final = 3
MOST_READ: Final = 20_000  # impressions about actions, newest first
OPEN: Final = ("ask", "confirm")  # a dialogue whose last word about an action is one was left


def action_figures(session: Session, period: Period) -> ActionFigures:
    """The figures of a period, by when the shopper said yes."""
    runs = session.exec(select(ActionRun).where(period.holds(ActionRun.confirmed_at))).all()
    done = [run for run in runs if run.state == "done" and not run.run_id.endswith(UNDO)]
    by_hand = sum(run.by_staff for run in done)
    approved = sum(bool(run.why) and not run.by_staff for run in done)
    ends = Counter(run.state for run in runs)
    left = _left(session, period, {run.dialogue_id for run in runs})
    alone = len(done) - by_hand - approved
    return ActionFigures(
        alone=alone,
        approved=approved,
        by_hand=by_hand,
        undone=sum(run.state == "done" and run.run_id.endswith(UNDO) for run in runs),
        declined=ends["declined"] + ends["dropped"],
        refused=ends["refused"] + ends["failed"],
        expired=ends["expired"],
        left=sum(left.values()),
        left_at=left.most_common(1)[0][0] if left else "",
        minutes=alone * MINUTES_EACH + (by_hand + approved) * MINUTES_SAVED_WITH_A_LOOK,
        refunded=sum(map(_given_back, done), Decimal(0)),
    )


def _left(session: Session, period: Period, acted: Iterable[str]) -> Counter[str]:
    """Dialogues that ended in the middle of an action, by what was asked last."""
    spoken = (
        select(Impression.dialogue_id, Impression.kind, Impression.details)
        .where(
            period.holds(Impression.shown_at),
            cast(col(Impression.details), Text).contains('"action"'),
        )
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_READ)
    )
    newest: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for dialogue_id, kind, details in session.exec(spoken):
        newest.setdefault(dialogue_id, (kind, details))
    over = set(acted)
    return Counter(
        str((details.get("asks") or ["confirmation"])[0])
        for dialogue_id, (kind, details) in newest.items()
        if kind in OPEN and dialogue_id not in over
    )


def _given_back(run: ActionRun) -> Decimal:
    """A refund, or what a swap for something cheaper gives back."""
    told = run.outcome or run.amounts
    try:
        refund = Decimal(str(told.get("refund") or 0))
        difference = Decimal(str(told.get("difference") or 0))
    except InvalidOperation:
        return Decimal(0)
    return refund + max(-difference, Decimal(0))
