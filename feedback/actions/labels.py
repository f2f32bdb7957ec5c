"""Action labels: the staff's word on what a shopper wanted done; the model's head learns them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import ActionLabel, Database, DeskCard, DialogueTurn, Impression, find
from feedback.entities import masked

# Why a card was opened whose shopper may have wanted something done: the flow gave up, or never
# began.
LOST_AT: Final = ("action_needs_person", "no_fitting_reply", "unsure")
NEWEST: Final = 20
LOOKED_BACK: Final = timedelta(days=30)


class ActionLesson(NamedTuple):
    """Words of a shopper, without personal data, and the action they ask for, "none" among them."""

    action: str
    words: str
    shopper_id: str


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
            words = _words_before(session, impression_id)
            if shown is None or not words:
                return False
            session.merge(
                ActionLabel(
                    impression_id=impression_id,
                    action=action,
                    words=words,
                    locale=shown.locale,
                    staff=staff,
                    updated_at=now,
                )
            )
            return True

    def lessons(self) -> list[ActionLesson]:
        """What the head for actions is taught, the oldest first; a wording once, as said last."""
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
    of_action = [one for one in earlier if _action(one)]
    first = of_action[0] if of_action else last
    label = find(session, ActionLabel, first.impression_id)
    return LostFlow(
        first.impression_id,
        last.dialogue_id,
        _words_before(session, first.impression_id),
        _action(of_action[-1]) if of_action else "",
        _asked(of_action),
        last.shown_at,
        label.action if label else None,
    )


def _action(shown: Impression) -> str:
    return str((shown.details.get("about") or {}).get("action") or "")


def _asked(shown: Sequence[Impression]) -> str:
    asks = [one.details["asks"] for one in shown if one.details.get("asks")]
    return str(asks[-1][0]) if asks else ""


def _words_before(session: Session, impression_id: str) -> str:
    """The shopper's words that an impression answered, without personal data."""
    answer = session.exec(
        select(DialogueTurn.answers_turn_id).where(DialogueTurn.impression_id == impression_id)
    ).first()
    turn = session.get(DialogueTurn, answer) if answer else None
    return masked(turn.text) if turn else ""
