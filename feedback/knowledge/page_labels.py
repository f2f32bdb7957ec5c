"""Page labels: the staff's word on which passage should have answered a question.

A labelled question stands above its passage like a heading, in what is searched and in what the
reader reads: the passage answers it, and what means the same, as soon as its vector is made anew.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from feedback.db import Database, FeedbackError, PageLabel, Passage
from feedback.knowledge.passage_writers import turn_of


class UnknownPassage(FeedbackError):
    """There is no such passage any more."""

    def __init__(self, passage_id: str) -> None:
        """Name the id, cut short."""
        super().__init__(f"No passage is called {passage_id!r:.60}; its page has changed.")


class PageLabels:
    """Writes what passages are said to answer."""

    def __init__(self, db: Database) -> None:
        """Write to `db`."""
        self._db = db

    def put(
        self, passage_id: str, questions: Mapping[str, str], *, staff: str, now: datetime
    ) -> None:
        """Say that a passage should have answered questions; their keys are the impressions'.

        Raises:
            UnknownPassage: there is none.
        """
        with self._db.transaction() as session:
            later = turn_of(session, now)
            _mark_changed(session, passage_id, later)
            for impression_id, question in questions.items():
                session.merge(
                    PageLabel(
                        impression_id=impression_id,
                        passage_id=passage_id,
                        question=question,
                        staff=staff,
                        updated_at=later,
                    )
                )

    def take_back(self, passage_id: str, now: datetime) -> None:
        """Forget what a passage was said to answer.

        Raises:
            UnknownPassage: there is none.
        """
        with self._db.transaction() as session:
            _mark_changed(session, passage_id, turn_of(session, now))
            session.execute(delete(PageLabel).where(col(PageLabel.passage_id) == passage_id))


def question_key(text: str) -> str:
    """What a question is known by, however it is written.

    >>> question_key("Do you wrap  gifts?") == question_key("do you wrap gifts")
    True
    """
    return " ".join(text.casefold().split()).rstrip("?!.？！。 ")


def asked_of(session: Session) -> dict[str, list[str]]:
    """What each passage is said to answer, a wording once, the newest first."""
    newest_first = col(PageLabel.updated_at).desc()
    query = select(PageLabel).order_by(newest_first, col(PageLabel.impression_id))
    asked: dict[str, list[str]] = {}
    for label in session.exec(query):
        known = asked.setdefault(label.passage_id, [])
        if label.question and label.question not in known:
            known.append(label.question)
    return asked


def carry_over(
    session: Session, gone: Collection[str], headings: Mapping[str, Sequence[str]]
) -> None:
    """Let labels of passages that were reworded stand above what is under the same headings now.

    Args:
        session: The one in which a page is written.
        gone: Its passages that are no longer there.
        headings: Those that are, with their headings.
    """
    if not gone:
        return
    labelled = select(PageLabel).where(col(PageLabel.passage_id).in_(gone))
    for label in session.exec(labelled).all():
        before = session.get_one(Passage, label.passage_id).headings
        now = next((id_ for id_, found in headings.items() if list(found) == before), None)
        if now is not None:
            session.delete(label)
            session.merge(PageLabel(**{**label.model_dump(), "passage_id": now}))


def _mark_changed(session: Session, passage_id: str, later: datetime) -> None:
    """Let the vector be made anew; until then the old one serves."""
    passage = session.get(Passage, passage_id)
    if passage is None:
        raise UnknownPassage(passage_id)
    passage.vector_version, passage.updated_at = None, later
