"""Order actions in the report: how they ended, what they saved and gave back."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

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
SHOWN: Final = 3  # questions that lost most, and actions misread most
OPEN: Final = ("ask", "confirm")  # a dialogue whose last word about an action is one was left


def action_figures(session: Session, period: Period) -> ActionFigures:
    """The figures of a period, by when the shopper said yes."""
    runs = session.exec(select(ActionRun).where(period.holds(ActionRun.confirmed_at))).all()
    done = [run for run in runs if run.state == "done" and not run.run_id.endswith(UNDO)]
    by_hand = sum(run.by_staff for run in done)
    approved = sum(bool(run.why) and not run.by_staff for run in done)
    ends = Counter(run.state for run in runs)
    spoken = _spoken(session, period)
    left = _left(spoken, {run.dialogue_id for run in runs})
    misread = _misread(spoken)
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
        left_at=tuple(left.most_common(SHOWN)),
        corrected=misread.total(),
        misread=tuple(misread.most_common(SHOWN)),
        minutes=alone * MINUTES_EACH + (by_hand + approved) * MINUTES_SAVED_WITH_A_LOOK,
        refunded=sum(map(_given_back, done), Decimal(0)),
    )


class _Spoken(NamedTuple):
    """What the clerk said about an action."""

    dialogue_id: str
    kind: str
    details: Mapping[str, Any]

    @property
    def asked(self) -> str:
        """What it asked for."""
        return str((self.details.get("asks") or ["confirmation"])[0])

    @property
    def calls(self) -> list[tuple[str, Any]]:
        """What its summary would do; amounts are the shop's, and may change by themselves."""
        actions = (self.details.get("summary") or {}).get("actions") or ()
        return [(str(one["name"]), one["arguments"]) for one in actions]


def _spoken(session: Session, period: Period) -> list[_Spoken]:
    """All that was said about actions, the newest first."""
    spoken = (
        select(Impression.dialogue_id, Impression.kind, Impression.details)
        .where(
            period.holds(Impression.shown_at),
            cast(col(Impression.details), Text).contains('"action"'),
        )
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_READ)
    )
    return [_Spoken(*each) for each in session.exec(spoken)]


def _left(spoken: Iterable[_Spoken], acted: Collection[str]) -> Counter[str]:
    """Dialogues that ended in the middle of an action, by what was asked last."""
    newest: dict[str, _Spoken] = {}
    for said in spoken:
        newest.setdefault(said.dialogue_id, said)
    return Counter(
        last.asked
        for dialogue_id, last in newest.items()
        if last.kind in OPEN and dialogue_id not in acted
    )


def _misread(spoken: Sequence[_Spoken]) -> Counter[str]:
    """Summaries that the next summary of the dialogue put right, by their action."""
    wrong: Counter[str] = Counter()
    later: dict[str, _Spoken] = {}
    for said in spoken:
        after = later.get(said.dialogue_id)
        later[said.dialogue_id] = said
        if after is None or (said.kind, after.kind) != ("confirm", "confirm"):
            continue
        if said.calls and after.calls and said.calls != after.calls:
            wrong[said.calls[0][0]] += 1
    return wrong


def _given_back(run: ActionRun) -> Decimal:
    """A refund, or what a swap for something cheaper gives back."""
    told = run.outcome or run.amounts
    try:
        refund = Decimal(str(told.get("refund") or 0))
        difference = Decimal(str(told.get("difference") or 0))
    except InvalidOperation:
        return Decimal(0)
    return refund + max(-difference, Decimal(0))
