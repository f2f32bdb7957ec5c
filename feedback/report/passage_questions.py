"""What each passage answered: the newest questions, without personal data."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from sqlmodel import Session, col, select

from feedback.db import DialogueTurn, Period
from feedback.redaction import redact
from feedback.report.quoted_pages import passage_of, quoted_answers

MOST: Final = 5  # of a passage
MAX_CHARS: Final = 200


def answered_questions(
    session: Session, period: Period, passage_ids: Collection[str]
) -> dict[str, list[str]]:
    """The newest questions that passages answered, each wording once."""
    answers: dict[str, list[str]] = defaultdict(list)
    for one in quoted_answers(session, period):
        for id_ in {passage_of(citation) for citation in one.citations} & set(passage_ids):
            if len(answers[id_]) < MOST:
                answers[id_].append(one.impression_id)
    asked = _asked(session, [each for ids in answers.values() for each in ids])
    return {
        id_: list(dict.fromkeys(asked[each] for each in ids if each in asked))
        for id_, ids in answers.items()
    }


def _asked(session: Session, impression_ids: list[str]) -> dict[str, str]:
    """The question before each impression, where it may be shown to the staff."""
    shown = select(DialogueTurn.impression_id, DialogueTurn.answers_turn_id).where(
        col(DialogueTurn.impression_id).in_(impression_ids)
    )
    turn_of = dict(session.exec(shown).all())
    turns = select(DialogueTurn.turn_id, DialogueTurn.text).where(
        col(DialogueTurn.turn_id).in_(list(turn_of.values()))
    )
    texts = {turn_id: redact(" ".join(text.split())) for turn_id, text in session.exec(turns)}
    return {
        str(impression_id): texts[turn_id].text[:MAX_CHARS]
        for impression_id, turn_id in turn_of.items()
        if turn_id in texts and not texts[turn_id].quarantined
    }
