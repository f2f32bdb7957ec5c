"""Lessons of completed flows: the words that began what a shopper said yes to, and was done."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from sqlmodel import Session, col, select

from feedback.actions.runs import UNDO
from feedback.actions.spoken import ActionLesson, action_of, words_before
from feedback.db import ActionRun, Impression
from feedback.redaction import redact

NEWEST: Final = 20  # of each action: more would outweigh the wordings that ship
LOOKED_AT: Final = 2_000  # runs, the newest first
# Which of the two a swap is, the order tells, not the words that ask for it.
SWAPS: Final = frozenset({"change_items", "exchange_items"})


def completed_lessons(session: Session) -> Iterator[ActionLesson]:
    """What was done of one wish alone, the newest first, `NEWEST` wordings of each action.

    Where a dialogue spoke of several actions its first words may be about another one.
    """
    done = (
        select(ActionRun)
        .where(ActionRun.state == "done", col(ActionRun.run_id).not_like(f"%{UNDO}"))
        .order_by(col(ActionRun.confirmed_at).desc(), col(ActionRun.run_id))
        .limit(LOOKED_AT)
    )
    taught: Counter[str] = Counter()
    seen: set[str] = set()
    for run in session.exec(done):
        if taught[run.name] >= NEWEST or run.dialogue_id in seen:
            continue
        seen.add(run.dialogue_id)
        words = _words_of(session, run)
        if words:
            taught[run.name] += 1
            yield ActionLesson(run.name, words, run.shopper_id)


def _words_of(session: Session, run: ActionRun) -> str:
    """The words that a run's flow began with; "" where the dialogue was about other things, too."""
    shown = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == run.dialogue_id)
        .order_by(col(Impression.shown_at))
    ).all()
    about = [(one, action_of(one)) for one in shown if action_of(one)]
    same = SWAPS if run.name in SWAPS else {run.name}
    if not about or not {action for _, action in about} <= same:
        return ""
    cleaned = redact(words_before(session, about[0][0].impression_id))
    return "" if cleaned.quarantined else cleaned.text  # then a person would have to look first
