"""What shoppers asked and the clerk could not answer: the replies worth writing next."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Database, DeskCard, DialogueTurn, Impression, PageLabel, Question
from feedback.dialogues import HandoverReason
from feedback.knowledge import Vectors, leaders, question_key
from feedback.redaction import redact

UNANSWERED: Final[tuple[HandoverReason, ...]] = (
    "no_fitting_reply",
    "unsure",
    "outdated_reply",
    "missing_fact",
)
MAX_CHARS: Final = 300
BATCH: Final = 500  # ids a statement


class Unanswered(NamedTuple):
    """A question without a reply, as it was asked first; personal data is taken out.

    `alike` are other questions that mean the same; `times` then counts theirs, too.
    """

    question: str
    locale: str
    times: int
    impression_id: str = ""  # what was shown when it was asked first
    alike: tuple["Unanswered", ...] = ()


class _Asked(NamedTuple):
    text: str
    locale: str
    impression_id: str
    opened_at: datetime


def read_unanswered(
    db: Database, since: datetime | None, until: datetime, *, most: int = 5
) -> list[Unanswered]:
    """The questions that went to the staff most, the same words counted together.

    Those that the reply book or a page label answers by now are not among them.
    """
    counted: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[str, str]] = {}
    with db.reading() as session:
        answered = _answers(session)
        for one in _asked(session, since, until):
            cleaned = redact(" ".join(one.text.split()))
            key = (question_key(cleaned.text), one.locale)
            if cleaned.quarantined or one.opened_at < answered.get(key[0], one.opened_at):
                continue  # a person would have to look first; or somebody has answered since
            counted[key] += 1
            first.setdefault(key, (cleaned.text[:MAX_CHARS], one.impression_id))
    return [
        Unanswered(first[key][0], key[1], times, first[key][1])
        for key, times in counted.most_common(most)
    ]


def grouped_by_meaning(
    found: Sequence[Unanswered], vectors: Vectors, alike: float
) -> list[Unanswered]:
    """Questions with those that mean the same, the most asked first.

    Args:
        found: The questions, the most asked first.
        vectors: Theirs [N,D], unit length.
        alike: The cosine from which on two mean the same.
    """
    groups = [[found[place] for place in places] for places in leaders(vectors, alike).values()]
    whole = [
        first._replace(times=first.times + sum(one.times for one in rest), alike=tuple(rest))
        for first, *rest in groups
    ]
    return sorted(whole, key=lambda one: -one.times)


def _asked(session: Session, since: datetime | None, until: datetime) -> Iterator[_Asked]:
    """Each question that went to the staff for want of an answer."""
    cards = select(DeskCard.impression_id, DeskCard.opened_at).where(
        col(DeskCard.reason).in_(UNANSWERED), col(DeskCard.opened_at) < until
    )
    if since is not None:
        cards = cards.where(col(DeskCard.opened_at) >= since)
    opened = {id_: opened_at for id_, opened_at in session.exec(cards) if id_}
    ids = list(opened)
    for start in range(0, len(ids), BATCH):
        shown = session.exec(
            select(DialogueTurn.answers_turn_id, Impression.locale, Impression.impression_id)
            .join(Impression, col(Impression.impression_id) == col(DialogueTurn.impression_id))
            .where(col(DialogueTurn.impression_id).in_(ids[start : start + BATCH]))
        ).all()
        of_turn = {turn_id: (locale, impression_id) for turn_id, locale, impression_id in shown}
        turns = select(DialogueTurn).where(col(DialogueTurn.turn_id).in_(list(of_turn)))
        for turn in session.exec(turns):
            locale, impression_id = of_turn[turn.turn_id]
            yield _Asked(turn.text, locale, impression_id, opened[impression_id])


def _answers(session: Session) -> dict[str, datetime]:
    """Since when the reply book, or a page by its label, answers a question."""
    book = select(Question.question, Question.labelled_at).where(
        col(Question.reply_id).is_not(None)
    )
    labels = select(PageLabel.question, PageLabel.updated_at)
    known = [*session.exec(book), *session.exec(labels)]
    return {question_key(question): since for question, since in known if question}
