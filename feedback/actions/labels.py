"""Action labels: the staff's word on what a shopper wanted done; the model's head learns them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.actions.flow_lessons import completed_lessons
from feedback.actions.spoken import ActionLesson, action_of, words_before
from feedback.db import ActionLabel, Database, DeskCard, Impression, find
from feedback.redaction import redact

# Why a card was opened whose shopper may have wanted something done: the flow gave up, or never
# began.
LOST_AT: Final = ("action_needs_person", "no_fitting_reply", "unsure")
NEWEST: Final = 20
LOOKED_BACK: Final = timedelta(days=30)


class LostFlow(NamedTuple):
    """A wish that went to a colleague, for the staff to say what was wanted."""

    impression_id: str  # where its words were heard
    dialogue_id: str
    words: str  # without personal data
    taken_for: str  # the action that the clerk heard; "": none
    asked: str  # what it asked for last
    at: datetime
    label: str | None  # what the staff said already


class ActionLabels:
    """Writes and reads what shoppers wanted done, by the staff's word."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db

    def put(self, impression_id: str, action: str, *, staff: str, now: datetime) -> bool:
        """Say what the words before an impression asked for; False: they are not known any more."""
        with self._db.transaction() as session:
            shown = find(session, Impression, impression_id)
            words = words_before(session, impression_id)
            if shown is None or not words:
                return False
            session.merge(
                ActionLabel(
                    impression_id=impression_id,
                    action=action,
                    words=redact(words).text,
                    locale=shown.locale,
                    staff=staff,
                    updated_at=now,
                )
            )
            return True

    def lessons(self) -> list[ActionLesson]:
        """What the head for actions is taught, the oldest first; a wording once, as said last.

        What was done teaches the words that began it, unless the staff say otherwise.
        """
        labels = (
            select(ActionLabel, Impression.shopper_id)
            .join(Impression, col(Impression.impression_id) == col(ActionLabel.impression_id))
            .where(col(ActionLabel.words).is_not(None))
            .order_by(col(ActionLabel.updated_at).desc(), col(ActionLabel.impression_id))
        )
        said: dict[str, ActionLesson] = {}
        with self._db.reading() as session:
            for label, shopper_id in session.exec(labels):
                words = str(label.words)
                said.setdefault(words, ActionLesson(label.action, words, shopper_id))
            for lesson in completed_lessons(session):
                said.setdefault(lesson.words, lesson)
        return list(reversed(said.values()))

    def lost(self, now: datetime) -> list[LostFlow]:
        """The newest wishes, and words that may be one, that went to a colleague."""
        cards = (
            select(DeskCard.impression_id)
            .where(col(DeskCard.reason).in_(LOST_AT), DeskCard.opened_at > now - LOOKED_BACK)
            .order_by(col(DeskCard.opened_at).desc())
            .limit(NEWEST)
        )
        with self._db.reading() as session:
            shown = [find(session, Impression, id_ or "") for id_ in session.exec(cards)]
            flows = [_lost(session, one) for one in shown if one is not None]
            return [flow for flow in flows if flow.words]


def _lost(session: Session, last: Impression) -> LostFlow:
    """The flow that ended with an impression: its words are those that began it."""
    earlier = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == last.dialogue_id, Impression.shown_at <= last.shown_at)
        .order_by(col(Impression.shown_at))
    ).all()
    of_action = [one for one in earlier if action_of(one)]
    first = of_action[0] if of_action else last
    label = find(session, ActionLabel, first.impression_id)
    return LostFlow(
        first.impression_id,
        last.dialogue_id,
        words_before(session, first.impression_id),
        action_of(of_action[-1]) if of_action else "",
        _asked(of_action),
        last.shown_at,
        label.action if label else None,
    )


def _asked(shown: Sequence[Impression]) -> str:
    asks = [one.details["asks"] for one in shown if one.details.get("asks")]
    return str(asks[-1][0]) if asks else ""
