"""Repeated corrections: a reply that the staff correct to the same other one again and again.

One correction says that a question was misread. When the newest verdicts on a reply all name the
same other reply, after different words each time, its topic has another answer now: with five in a
row more than half of what it is said to belongs to the other one, wrong once in thirty
(0.5 to the fifth). Nothing is superseded while the staff approve it between, or label with it.
"""

from typing import Final

from sqlmodel import Session, col, select

from feedback.db import DialogueTurn, Impression, Review
from feedback.knowledge import labelled_questions, read_successions, write_succession

IN_A_ROW: Final = 5


def supersede_if_repeated(session: Session, review: Review) -> None:
    """Let the reply that `review`, just written, names take over from the one that was shown."""
    shown = session.get(Impression, review.impression_id)
    if review.verdict != "corrected" or not review.reply_id or shown is None:
        return
    before, after = shown.reply_id, review.reply_id
    if before is None or before == after or before in read_successions(session).replaced():
        return
    verdicts = session.exec(
        select(Review, DialogueTurn.answers_turn_id)
        .join(Impression, col(Impression.impression_id) == col(Review.impression_id))
        .join(DialogueTurn, col(DialogueTurn.impression_id) == col(Review.impression_id))
        .where(Impression.reply_id == before)
        .order_by(col(Review.reviewed_at).desc(), col(Review.review_id))
        .limit(IN_A_ROW)
    ).all()
    if len(verdicts) < IN_A_ROW or any(
        (each.verdict, each.reply_id) != ("corrected", after) for each, _ in verdicts
    ):
        return
    turns = select(DialogueTurn).where(
        col(DialogueTurn.turn_id).in_([turn for _, turn in verdicts])
    )
    words = {" ".join(turn.text.casefold().split()) for turn in session.exec(turns)}
    since = verdicts[-1][0].reviewed_at
    labelled_since = any(
        question.reply_id == before and question.labelled_at >= since
        for question in labelled_questions(session)
    )
    if len(words) == IN_A_ROW and not labelled_since:
        write_succession(session, before, after, "corrections", review.staff, review.reviewed_at)
