"""What shoppers asked and the clerk could not answer: the replies worth writing next."""

from collections import Counter
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import col, select

from feedback.db import Database, DeskCard, DialogueTurn, Impression
from feedback.dialogues import HandoverReason
from feedback.redaction import redact

UNANSWERED: Final[tuple[HandoverReason, ...]] = (
    "no_fitting_reply",
    "unsure",
    "outdated_reply",
    "missing_fact",
)
MAX_CHARS: Final = 300


class Unanswered(NamedTuple):
    """A question without a reply, as it was asked first; personal data is taken out."""

    question: str
    locale: str
    times: int


def read_unanswered(
    db: Database, since: datetime | None, until: datetime, *, most: int = 5
) -> list[Unanswered]:
    """The questions that went to the staff most, the same words counted together."""
    with db.reading() as session:
        cards = select(DeskCard).where(
            col(DeskCard.reason).in_(UNANSWERED), col(DeskCard.opened_at) < until
        )
        if since is not None:
            cards = cards.where(col(DeskCard.opened_at) >= since)
        ids = [card.impression_id for card in session.exec(cards).all() if card.impression_id]
        asked: list[tuple[str, str]] = []
        for start in range(0, len(ids), 500):
            found = session.exec(
                select(DialogueTurn.answers_turn_id, Impression.locale)
                .join(Impression, col(Impression.impression_id) == col(DialogueTurn.impression_id))
                .where(col(DialogueTurn.impression_id).in_(ids[start : start + 500]))
            ).all()
            locales = dict(found)
            turns = session.exec(
                select(DialogueTurn).where(col(DialogueTurn.turn_id).in_(list(locales)))
            )
            asked += [(turn.text, locales[turn.turn_id]) for turn in turns]
    counted: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], str] = {}
    for text, locale in asked:
        cleaned = redact(" ".join(text.split()))
        if cleaned.quarantined:
            continue  # a person would have to look first
        key = (cleaned.text.casefold().rstrip("?!.？！。 "), locale)
        counted[key] += 1
        first.setdefault(key, cleaned.text[:MAX_CHARS])
    return [Unanswered(first[key], key[1], times) for key, times in counted.most_common(most)]
