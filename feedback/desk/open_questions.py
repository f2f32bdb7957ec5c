"""Open questions of a dialogue: which answer the staff's suggestions and own words are about."""

from typing import Final

from sqlmodel import Session, col, select

from feedback.db import PERSON_REPLY_ID, DeskCard, Impression

UNANSWERED: Final = ("handover", "choices")  # kinds of replies that leave the question open


def last_judged(session: Session, dialogue_id: str) -> Impression | None:
    """The answer that the staff's own words are compared with.

    It is the dialogue's newest impression that had candidates to choose from, else its newest.
    Where a person was asked for there was nothing to choose: it is about what was asked before.
    """
    newest = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == dialogue_id)
        .order_by(col(Impression.shown_at).desc())
        .limit(8)
    ).all()
    found = [each for each in newest if not _gave_a_person(each)]
    return next((each for each in found if each.candidates), found[0] if found else None)


def open_question(session: Session, card: DeskCard) -> Impression | None:
    """What the clerk said last of what is not answered yet: suggestions answer it.

    Of what came since the card's own question: a thumbed-down answer is open, an answered one not.
    """
    about = session.get(Impression, card.impression_id) if card.impression_id else None
    if about is None:
        return last_judged(session, card.dialogue_id)
    since = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == card.dialogue_id)
        .where(col(Impression.shown_at) >= about.shown_at)
        .order_by(col(Impression.shown_at).desc())
        .limit(8)
    ).all()
    unanswered = [each for each in since if each.kind in UNANSWERED and not _gave_a_person(each)]
    newest = next((each for each in unanswered if each.candidates), None)
    if newest is None and card.reason == "thumbs_down":
        return about
    return newest or last_judged(session, card.dialogue_id)


def _gave_a_person(shown: Impression) -> bool:
    ranked = [candidate.get("reply_id") for candidate in shown.candidates[:1]]
    return shown.kind == "handover" and PERSON_REPLY_ID in (shown.reply_id, *ranked)
