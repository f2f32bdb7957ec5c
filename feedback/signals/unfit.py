"""Messages that no reply fitted, by the staff's verdicts; and what is asked, judged or not."""

from typing import Any, Final, NamedTuple

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from feedback.db import Database, DialogueTurn, Impression, Period, Review
from feedback.redaction import redact

BY_POLICY: Final = ("answer", "choices", "handover")
MOST_ASKED: Final = 2_000  # a share of so many is known to two points


class JudgedMessages(NamedTuple):
    """Messages that were all answered in one way: an answer, choices, a hand-over."""

    shown: int
    judged: int  # by the staff, who looked at some of them
    unfit: int  # of those, where the staff found no reply of the book that would have been right


def count_unfit(db: Database, period: Period) -> list[JudgedMessages]:
    """What the staff's verdicts say of the messages of `period`, for each way of answering.

    The staff look at hand-overs more often than at answers, so each way is counted by itself. A
    message fitted where its answer was approved or corrected to a reply of the book; where a
    hand-over was approved, or another text was written instead, or the answer was wrong and no
    other was named, it did not.
    """
    with db.reading() as session:
        shown = _shown(session, period)
        judged = {kind: [0, 0] for kind in BY_POLICY}
        for impression, review in _newest_verdicts(session, period):
            counts = judged[impression.kind]
            counts[0] += 1
            counts[1] += not _fitted(impression, review)
    return [JudgedMessages(shown.get(kind, 0), *judged[kind]) for kind in BY_POLICY]


def read_asked(db: Database, period: Period, *, most: int = MOST_ASKED) -> list[str]:
    """The newest first messages of dialogues that the model ranked replies for.

    What comes later in a dialogue says little by itself, and small talk is answered by others: of
    neither can be told whether a reply of the book fits. Those with personal data are left out.
    """
    clerk, shopper, earlier = (aliased(DialogueTurn) for _ in range(3))
    is_first = ~exists().where(
        col(earlier.dialogue_id) == col(shopper.dialogue_id),
        col(earlier.speaker) == "shopper",
        col(earlier.turn_id) < col(shopper.turn_id),
    )
    wanted = (
        select(shopper.text)
        .join(clerk, col(clerk.answers_turn_id) == col(shopper.turn_id))
        .join(Impression, col(Impression.impression_id) == col(clerk.impression_id))
        .where(period.holds(Impression.shown_at), *_of_model(), is_first)
        .order_by(col(shopper.turn_id).desc())
        .limit(most)
    )
    with db.reading() as session:
        cleaned = [redact(text) for text in session.exec(wanted)]
    return [each.text for each in cleaned if not each.quarantined]


def _fitted(impression: Impression, review: Review) -> bool:
    if review.verdict == "corrected":
        return review.reply_id is not None
    return review.verdict == "approved" and impression.kind != "handover"


def _shown(session: Session, period: Period) -> dict[str, int]:
    counted = (
        select(Impression.kind, func.count())
        .where(period.holds(Impression.shown_at), *_of_model())
        .group_by(Impression.kind)
    )
    return dict(session.exec(counted).all())


def _newest_verdicts(session: Session, period: Period) -> list[tuple[Impression, Review]]:
    rows = session.exec(
        select(Impression, Review)
        .join(Review, col(Review.impression_id) == col(Impression.impression_id))
        .where(period.holds(Impression.shown_at), *_of_model())
        # "Not right" of one candidate says nothing of what was shown.
        .where((col(Review.verdict) != "rejected") | (col(Review.reply_id).is_(None)))
        .order_by(col(Review.reviewed_at))
    )
    newest = {impression.impression_id: (impression, review) for impression, review in rows}
    return list(newest.values())


def _of_model() -> tuple[Any, ...]:
    """By keyword search nothing is known to fit or not."""
    return (Impression.served_by == "model", col(Impression.kind).in_(BY_POLICY))
