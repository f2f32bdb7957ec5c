"""Actions of the staff on a card: one method each, one transaction each, the first wins."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from feedback.db import Database, DeskCard, DeskRefused, Dialogue, Review, find
from feedback.desk.card_lock import Staff, locked_card, refuse_others
from feedback.desk.card_view import CardView, view_card
from feedback.desk.cards import close_card, deliver_turn, note_turn, take_card, touch
from feedback.desk.open_questions import open_question
from feedback.dialogues import add_turn, moved, turn_of_client
from feedback.signals import write_review

LIVE_FOR: Final = timedelta(minutes=15)  # since the last word said live


class Desk:
    """The desk's cards."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def view(self, card_id: str) -> CardView | None:
        """A card with its dialogue."""
        with self.db.reading() as session:
            card = find(session, DeskCard, card_id)
            return None if card is None else view_card(session, card)

    def in_thread(self, channel: str, ts: str) -> DeskCard | None:
        """The card whose message in Slack this is."""
        with self.db.reading() as session:
            return session.exec(
                select(DeskCard).where(DeskCard.channel == channel, DeskCard.ts == ts)
            ).first()

    def send(
        self,
        card_id: str,
        key: str,
        staff: Staff,
        text: str,
        now: datetime,
        *,
        reply_id: str | None = None,
    ) -> bool:
        """Tell the shopper `text`; the clerk learns from it, and an untaken card is closed by it.

        Args:
            card_id: The card.
            key: Names the press: the same again is sent once.
            staff: Who sends.
            text: What the shopper reads.
            now: The time.
            reply_id: The reply of the book that it is, or was before it was edited.

        Returns:
            False: this press was carried out before.

        Raises:
            DeskRefused: the card is closed, or a colleague has it.
        """
        with locked_card(self.db, card_id) as (session, card, dialogue):
            if turn_of_client(session, dialogue.dialogue_id, key):
                return False
            refuse_others(card, staff, now)
            if card.state == "open" or reply_id:
                _learn(session, card, key, staff, text, reply_id, now)
            _say(session, dialogue, key, staff, text, now)
            dialogue.state = moved(dialogue.state, "staff_answer")
            if card.state == "open":
                close_card(session, card, "sent", staff.id, staff.name, now)
            else:
                if card.live_until is not None:
                    card.live_until = now + LIVE_FOR
                touch(card, staff.id, staff.name, now)
            return True

    def take_over(self, card_id: str, staff: Staff, announcement: str, now: datetime) -> bool:
        """From now on the staff talk, and the clerk keeps silent; the shopper is told who it is.

        Returns:
            False: they have it already.

        Raises:
            DeskRefused: the card is closed, or a colleague has it.
        """
        with locked_card(self.db, card_id) as (session, card, dialogue):
            if card.state == "taken" and card.staff == staff.id:
                return False
            refuse_others(card, staff, now)
            dialogue.state = moved(dialogue.state, "take_over")
            take_card(card, staff.id, staff.name, now)
            key = f"took:{card_id}:{card.revision}"
            # The shopper is told who is there, and waits for an answer still.
            _say(session, dialogue, key, staff, announcement, now, answers=False)
            return True

    def go_live(self, card_id: str, staff: Staff, now: datetime) -> bool:
        """What this person writes in the card's thread goes to the shopper, for a while.

        Returns:
            False: it does already, and goes on for as long again.

        Raises:
            DeskRefused: the card is closed, or not theirs.
        """
        with locked_card(self.db, card_id) as (_, card, _dialogue):
            refuse_others(card, staff, now)
            if card.state != "taken":
                raise DeskRefused("not_taken")
            was_live = card.live_until is not None and now < card.live_until
            card.live_until = now + LIVE_FOR
            touch(card, staff.id, staff.name, now)
            return not was_live

    def end_live(self, card_id: str, staff: Staff, now: datetime) -> bool:
        """The thread is internal again; False: it is already."""
        with locked_card(self.db, card_id) as (_, card, _dialogue):
            if card.live_until is None:
                return False
            card.live_until = None
            card.revision += 1
            return True

    def relay(self, card_id: str, key: str, staff: Staff, text: str, now: datetime) -> bool:
        """A message of the staff in the card's thread; True: the thread is live and it was sent.

        Only who switched the thread live speaks to the shopper; what colleagues write stays inside.
        """
        with locked_card(self.db, card_id) as (session, card, dialogue):
            if turn_of_client(session, dialogue.dialogue_id, key):
                return True
            live = card.live_until is not None and now < card.live_until
            if card.state != "taken" or not live or card.staff != staff.id:
                return False
            _say(session, dialogue, key, staff, text, now)
            card.live_until = now + LIVE_FOR
            touch(card, staff.id, staff.name, now)
            return True

    def reject(self, card_id: str, key: str, staff: Staff, reply_id: str, now: datetime) -> bool:
        """This reply is not right for this question; the next model learns it.

        Returns:
            False: somebody said so before.

        Raises:
            DeskRefused: the card is closed, or a colleague has it.
        """
        with locked_card(self.db, card_id) as (session, card, _dialogue):
            if reply_id in card.rejected:
                return False
            refuse_others(card, staff, now)
            shown = open_question(session, card)
            if shown is not None:
                write_review(
                    session,
                    Review(
                        review_id=f"{key}:rejected",
                        impression_id=shown.impression_id,
                        staff=staff.name,
                        verdict="rejected",
                        reply_id=reply_id,
                        text=None,
                        reviewed_at=now,
                    ),
                )
            card.rejected = [*card.rejected, reply_id]
            if card.state == "open":
                card.revision += 1  # looking through replies takes the dialogue from nobody
            else:
                touch(card, staff.id, staff.name, now)
            return True

    def done(self, card_id: str, staff: Staff, now: datetime) -> bool:
        """Close the card; the shopper's next question is the clerk's again.

        Returns:
            False: they closed it already.

        Raises:
            DeskRefused: a colleague closed it, or has it.
        """
        with locked_card(self.db, card_id) as (session, card, dialogue):
            if card.state == "closed" and card.staff == staff.id:
                return False
            refuse_others(card, staff, now)
            dialogue.state = moved(dialogue.state, "close")
            close_card(session, card, "done", staff.id, staff.name, now)
            return True


def _say(
    session: Session,
    dialogue: Dialogue,
    key: str,
    staff: Staff,
    text: str,
    now: datetime,
    *,
    answers: bool = True,
) -> None:
    session.flush()
    connection = session.connection()
    turn = add_turn(
        connection, dialogue.dialogue_id, "staff", text, now, client_id=key, author=staff.name
    )
    dialogue.last_at = now
    deliver_turn(connection, dialogue, turn, now)
    note_turn(connection, turn, now, answers=answers)


def _learn(
    session: Session,
    card: DeskCard,
    key: str,
    staff: Staff,
    text: str,
    reply_id: str | None,
    now: datetime,
) -> None:
    """What the staff sent is what the clerk should have said."""
    shown = open_question(session, card)
    if shown is None:
        return
    right = reply_id is not None and reply_id == shown.reply_id
    write_review(
        session,
        Review(
            review_id=f"{key}:review",
            impression_id=shown.impression_id,
            staff=staff.name,
            verdict="approved" if right else "corrected",
            reply_id=reply_id,
            text=None if reply_id else text,
            reviewed_at=now,
        ),
    )
