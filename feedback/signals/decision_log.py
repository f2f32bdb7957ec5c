"""Decision log for off-policy evaluation: question, reply, its probability, whether accepted.

It is what an off-policy estimate reads: with it a model nobody has seen yet is judged by what the
one in charge has shown.
"""

from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from feedback.db import Database, Period
from feedback.signals.evidence import Evidence, read_evidence
from feedback.signals.examples import clean_turns
from feedback.signals.shown_reply import ShownReply

ANSWERED: Final = ("answer", "products", "ask")
LOOKED_BACK: Final = timedelta(days=60)  # older answers are about another season's questions
MOST: Final = 20_000  # newest; more would make an estimate no better and a gate slower


class Logged(NamedTuple):
    """A reply that was said, with what became of it."""

    question: str  # the shopper's turn alone, without personal data: that is what a model is asked
    locale: str
    reply_id: str
    propensity: float
    accepted: bool
    shopper_id: str
    arm: str
    version: int


def read_log(
    db: Database,
    *,
    now: datetime,
    since: datetime | None = None,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
) -> list[Logged]:
    """The model's answers from `since` (two months ago, unless named) on, oldest first.

    Newest first until there are enough: taking personal data out is what costs time, and two months
    of a large shop hold many times as many answers as are wanted.
    """
    evidence = read_evidence(
        db,
        Period(since or now - LOOKED_BACK, now),
        direct_window=direct_window,
        assisted_window=assisted_window,
    )
    newest = islice(filter(None, (_logged(each, evidence) for each in evidence.shown[::-1])), MOST)
    return list(newest)[::-1]


def _logged(shown: ShownReply, evidence: Evidence) -> Logged | None:
    """None for what no reply of the book was chosen for, by a model and its policy."""
    if shown.version is None or shown.reply_id is None or shown.kind not in ANSWERED:
        return None
    if not shown.by_policy or shown.outdated:
        return None
    turns = clean_turns(shown.turns[-1:], shown.known)
    if not turns:
        return None
    return Logged(
        question=turns[-1][1],
        locale=shown.locale,
        reply_id=shown.reply_id,
        propensity=shown.propensity,
        accepted=accepted(shown, evidence),
        shopper_id=shown.shopper_id,
        arm=shown.arm,
        version=shown.version,
    )


def accepted(shown: ShownReply, evidence: Evidence) -> bool:
    """A thumb, an approval, a sale or another signal for the reply, and nothing against it.

    Of a dialogue with several replies, a sale speaks for each that nobody disliked.
    """
    if shown.verdict is not None:
        return shown.verdict == "approved"
    if shown.dialogue_id in evidence.disliked_dialogues:
        return False
    return shown.reply_id in shown.right.values()
