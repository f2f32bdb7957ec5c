"""A message that was changed or taken back where it was written: who read it is told."""

from datetime import datetime

from sqlmodel import Session, select

from feedback.db import Database, Dialogue, DialogueTurn, OutboxMessage, find
from feedback.desk.cards import deliver_turn, note_turn, open_card_of
from feedback.desk.outgoing import Outgoing, put_message
from feedback.dialogues import add_turn, turn_of_client


class Corrections:
    """Changes what was said, in the dialogue and for its reader."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def by_shopper(
        self, dialogue_id: str, client_id: str, text: str, told: str, now: datetime
    ) -> bool:
        """The shopper's message says `text` now; a colleague who has the dialogue reads `told`."""
        with self.db.transaction() as session:
            turn = _changed(session, dialogue_id, client_id, text)
            if turn is None:
                return False
            card = open_card_of(session, dialogue_id)
            if card is not None:
                card.revision += 1
            if card is not None and card.state == "taken" and card.channel and card.ts:
                message = Outgoing(
                    key=f"changed:{turn.turn_id}:{now.timestamp()}",
                    lane=card.channel,
                    thread_ts=card.ts,
                    kind="words",
                    payload={"text": told},
                    dialogue_id=dialogue_id,
                )
                put_message(session, message, now)
            return True

    def by_staff(
        self, dialogue_id: str, client_id: str, text: str, told: str, now: datetime
    ) -> bool:
        """What a colleague sent says `text` now.

        Where the channel can change what was shown, that is changed; else the shopper reads `told`.
        """
        with self.db.transaction() as session:
            turn = _changed(session, dialogue_id, client_id, text)
            dialogue = find(session, Dialogue, dialogue_id, lock=True)
            if turn is None or dialogue is None:
                return False
            sent = session.exec(
                select(OutboxMessage).where(OutboxMessage.message_key == f"turn:{turn.turn_id}")
            ).first()
            if sent is not None and sent.state == "waiting" and sent.attempts == 0:
                return True  # it leaves with the new words
            if sent is not None and sent.channel == "slack" and sent.ts:
                message = Outgoing(
                    key=f"changed:{turn.turn_id}:{now.timestamp()}",
                    lane=sent.lane,
                    thread_ts=sent.thread_ts,
                    kind="staff_turn",
                    payload={"turn_id": turn.turn_id, "ts": sent.ts},
                    dialogue_id=dialogue_id,
                    speaker="staff",
                )
                put_message(session, message, now)
                return True
            session.flush()
            connection = session.connection()
            author = turn.author or ""
            said = add_turn(connection, dialogue_id, "staff", told, now, author=author)
            dialogue.last_at = now
            deliver_turn(connection, dialogue, said, now)
            note_turn(connection, said, now)
            return True


def _changed(session: Session, dialogue_id: str, client_id: str, text: str) -> DialogueTurn | None:
    """The turn, which says `text` from now on; None: there is none, or it said so before."""
    turn = turn_of_client(session, dialogue_id, client_id)
    if turn is None or turn.text == text:
        return None
    turn.text = text
    return turn
