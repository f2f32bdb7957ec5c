"""Repository of dialogues: opens, reads, answers and hands on, one transaction each."""

from datetime import datetime
from functools import partial

from sqlalchemy import Text, cast
from sqlmodel import col, func, or_, select

from feedback.db import (
    ClerkIsSilent,
    Database,
    Dialogue,
    DialogueTurn,
    DialogueTurnRow,
    Exposure,
    Impression,
    ImpressionRow,
    find,
)
from feedback.dialogues.history import (
    AnsweredTurn,
    Earlier,
    ShownImpression,
    TalkSoFar,
    add_turn,
    talk_so_far,
)
from feedback.dialogues.hooks import DialogueHooks
from feedback.dialogues.identity import leave_out
from feedback.dialogues.rows import (
    DialogueThread,
    NewDialogue,
    PastTalk,
    add_dialogue,
    in_thread,
    known_dialogue,
    locked_dialogue,
    newest_dialogues,
    offers,
    past_talks,
    turn_of_client,
    turns_after,
)
from feedback.dialogues.state import AfterAnswer, StaffAct, moved
from feedback.dialogues.write_answer import Exchange, Shown, write_answer

__all__ = [
    "AnsweredTurn",
    "DialogueThread",
    "Earlier",
    "NewDialogue",
    "ShownImpression",
    "Store",
    "TalkSoFar",
]


class Store:
    """Writes and reads dialogues of one experiment.

    Turns of a dialogue are written one transaction after another, so that their numbers become
    visible in order: who resumes after a number misses nothing.
    """

    def __init__(self, db: Database, experiment: str, hooks: DialogueHooks) -> None:
        """Work on `db`; exposures are recorded under `experiment`, and `hooks` are called."""
        self.db = db
        self._hooks = hooks
        self.experiment = experiment

    def open_dialogue(self, new: NewDialogue, now: datetime) -> Dialogue:
        """Open a dialogue, or return the one already open under this id or thread.

        The shopper's first contact records the exposure; after it the arm never changes, whatever
        `new` says.
        """
        with self.db.transaction() as session:
            return known_dialogue(session, new.dialogue_id, new.thread) or add_dialogue(
                session, new, self.experiment, now
            )

    def leave_out_robot(self, shopper_id: str, now: datetime) -> None:
        """Keep a program that speaks like a shopper out of every figure."""
        leave_out(self.db, [shopper_id], "bot", now)

    def leave_out_staff(self, shopper_id: str, now: datetime) -> None:
        """Keep somebody of the staff, who tries the clerk, out of every figure."""
        leave_out(self.db, [shopper_id], "staff", now)

    def dialogues_of(self, shopper_id: str, limit: int) -> list[Dialogue]:
        """A shopper's dialogues, the newest first."""
        with self.db.reading() as session:
            return newest_dialogues(session, shopper_id, limit)

    def past_talks(self, shopper_id: str, limit: int) -> list[PastTalk]:
        """A shopper's dialogues of the web chat in which they spoke, the newest first."""
        with self.db.reading() as session:
            return past_talks(session, shopper_id, limit)

    def arm_of(self, shopper_id: str) -> str | None:
        """The arm recorded at the shopper's first contact."""
        if not shopper_id.isprintable():
            return None
        with self.db.reading() as session:
            exposure = session.get(Exposure, (self.experiment, shopper_id))
            return exposure.arm if exposure else None

    def first_contact(self) -> datetime | None:
        """When the first dialogue that is kept was opened."""
        with self.db.reading() as session:
            return session.exec(select(func.min(col(Dialogue.started_at)))).one()

    def dialogue(self, dialogue_id: str) -> Dialogue | None:
        """The dialogue under this id."""
        with self.db.reading() as session:
            return find(session, Dialogue, dialogue_id)

    def dialogue_in(self, thread: DialogueThread) -> Dialogue | None:
        """The dialogue held in this thread."""
        with self.db.reading() as session:
            return in_thread(session, thread)

    def turns(self, dialogue_id: str, after: int = 0) -> list[DialogueTurn]:
        """The dialogue's turns whose number is over `after`, in order."""
        if not dialogue_id.isprintable():
            return []
        with self.db.reading() as session:
            return turns_after(session, dialogue_id, after)

    def turn(self, turn_id: int) -> DialogueTurn | None:
        """The turn of this number."""
        with self.db.reading() as session:
            return session.get(DialogueTurn, turn_id)

    def talk_so_far(self, dialogue_id: str, client_id: str, count: int) -> TalkSoFar | None:
        """The dialogue, its newest `count` turns, and what became of the message `client_id`."""
        with self.db.statements(reading=True) as connection:
            return talk_so_far(connection, dialogue_id, client_id, count)

    def record_answer(
        self,
        *,
        dialogue_id: str,
        shopper_text: str,
        client_id: str,
        shown: Shown,
        after: AfterAnswer,
        now: datetime,
    ) -> AnsweredTurn:
        """Write the shopper's turn, the clerk's turn and what it shows: all or nothing.

        A repeat of `client_id`, at the same moment even, gets the first answer and writes nothing.

        Raises:
            ClerkIsSilent: a person has the dialogue; the shopper's turn was written all the same.
            UnknownDialogue: there is no such dialogue.
        """
        answered = self.db.group_commit(
            partial(
                write_answer,
                exchange=Exchange(dialogue_id, shopper_text, client_id, shown, after),
                now=now,
                hooks=self._hooks,
            )
        )
        if answered is None:
            raise ClerkIsSilent(dialogue_id)
        return answered

    def told_an_end_since(self, dialogue_id: str, since: datetime) -> bool:
        """Whether the clerk has said since then that an order action came to an end."""
        told = or_(
            col(Impression.kind).in_(("done", "refused")),
            cast(col(Impression.details), Text).contains('"executed"'),
        )
        with self.db.reading() as session:
            said = select(Impression.impression_id).where(
                Impression.dialogue_id == dialogue_id, Impression.shown_at >= since, told
            )
            return session.exec(said.limit(1)).first() is not None

    def record_late_answer(
        self, dialogue_id: str, impression: ImpressionRow, now: datetime
    ) -> DialogueTurn | None:
        """Write what the clerk says unasked, as how an order action ended; once an impression.

        It is said whoever has the dialogue: it is news, and changes nobody's turn to speak. Of a
        dialogue that was forgotten nothing is written.
        """
        with self.db.transaction() as session:
            dialogue = find(session, Dialogue, dialogue_id, lock=True)
            if dialogue is None or find(session, Impression, impression.impression_id) is not None:
                return None
            impression.shopper_id, impression.arm = dialogue.shopper_id, dialogue.arm
            session.add(Impression(**dict(impression)))
            session.flush()
            turn = DialogueTurn(
                dialogue_id=dialogue_id,
                speaker="clerk",
                text=impression.text,
                impression_id=impression.impression_id,
                at=now,
            )
            session.add(turn)
            dialogue.last_at = now
            session.flush()
            self._hooks.deliver(session.connection(), dialogue, lambda: turn, now)
            self._hooks.said(session.connection(), turn, now)
            return turn

    def record_shopper_turn(
        self, dialogue_id: str, text: str, client_id: str, now: datetime
    ) -> DialogueTurnRow:
        """Write a shopper's turn that the clerk does not answer; a repeat is written once."""
        with self.db.transaction() as session:
            dialogue = locked_dialogue(session, dialogue_id)
            if known := turn_of_client(session, dialogue_id, client_id):
                return known
            connection = session.connection()
            turn = add_turn(connection, dialogue_id, "shopper", text, now, client_id=client_id)
            dialogue.last_at = now
            self._hooks.said(connection, turn, now)
            return turn

    def record_staff_turn(
        self, dialogue_id: str, text: str, author: str, now: datetime, client_id: str | None = None
    ) -> DialogueTurnRow:
        """Write a staff member's turn; from then on a person has the dialogue.

        `client_id` names the message where it may come twice, as Slack's events do.
        """
        with self.db.transaction() as session:
            dialogue = locked_dialogue(session, dialogue_id)
            known = turn_of_client(session, dialogue_id, client_id) if client_id else None
            if known:
                return known
            dialogue.state, dialogue.last_at = moved(dialogue.state, "take_over"), now
            connection = session.connection()
            turn = add_turn(
                connection, dialogue_id, "staff", text, now, client_id=client_id, author=author
            )
            self._hooks.deliver(connection, dialogue, lambda: turn, now)
            self._hooks.state_changed(session, dialogue, author, now)
            session.flush()
            self._hooks.said(connection, turn, now)
            return turn

    def hand_on(self, dialogue_id: str, act: StaffAct, now: datetime) -> None:
        """A person takes the dialogue over, gives it back to the clerk, or closes it.

        Raises:
            UnknownDialogue: there is no such dialogue.
        """
        with self.db.transaction() as session:
            dialogue = locked_dialogue(session, dialogue_id)
            dialogue.state, dialogue.handover_reason = moved(dialogue.state, act), None
            dialogue.last_at = now
            if act == "give_back":
                dialogue.memory = {}
            self._hooks.state_changed(session, dialogue, None, now)

    def offers(self, dialogue_id: str) -> list[ShownImpression]:
        """What the dialogue has offered as buttons, oldest first."""
        with self.db.reading() as session:
            return offers(session, dialogue_id)

    def impression(self, impression_id: str) -> Impression | None:
        """The impression under this id."""
        with self.db.reading() as session:
            return find(session, Impression, impression_id)

    def changed_since(self, moment: datetime) -> dict[str, datetime]:
        """Dialogues in which something was said or changed hands after `moment`, and when."""
        with self.db.reading() as session:
            changed = select(Dialogue.dialogue_id, Dialogue.last_at)
            return dict(session.exec(changed.where(col(Dialogue.last_at) > moment)).all())
