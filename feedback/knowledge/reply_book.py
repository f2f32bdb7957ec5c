"""The reply book: replies, the questions they answer, the shop's facts, imported dialogues."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import SQLModel, col, select, update

from feedback.db import Cached, Database, Fact, PastDialogue, Question, Reply
from feedback.knowledge.importers.records import DialogueLine, FactLine, QuestionLine, ReplyLine
from feedback.knowledge.upserts import BATCH, later_than_all, stamps_of, upsert


class ReplyBook:
    """Reads and fills the book; what is put again under the same name replaces what was there."""

    def __init__(self, db: Database, *, look_every: float = 0.0) -> None:
        """Work on `db`; for its stamps it looks there at most every so many seconds."""
        self.db = db
        self.stamp = Cached(self._stamp, look_every)

    def put_replies(self, replies: Sequence[ReplyLine], now: datetime) -> int:
        """Write replies; those without a text are only for training and left out.

        Returns:
            How many were written.
        """
        with self.db.transaction() as session:
            later = later_than_all(session, Reply, now)
            rows = [
                {**reply._asdict(), "updated_at": later}
                for reply in replies
                if reply.text is not None
            ]
            return upsert(session, Reply, rows, key=("reply_id", "locale"))

    def put_questions(self, questions: Sequence[QuestionLine], now: datetime) -> int:
        """Write questions; asked again with another reply, the newer reply holds."""
        rows = [
            {
                "question": line.question,
                "digest": hashlib.sha256(line.question.encode("utf-8", "ignore")).hexdigest(),
                "locale": line.locale,
                "reply_id": line.reply_id,
                "added_at": now,
            }
            for line in questions
        ]
        with self.db.transaction() as session:
            return upsert(session, Question, rows, key=("digest", "locale"))

    def pin(self, question: str, locale: str, *, pinned: bool = True) -> None:
        """Say that no later model may answer a question otherwise, or that it may."""
        digest = hashlib.sha256(question.encode("utf-8", "ignore")).hexdigest()
        with self.db.transaction() as session:
            session.execute(
                update(Question)
                .where(col(Question.digest) == digest, col(Question.locale) == locale)
                .values(pinned=pinned)
            )

    def put_facts(self, facts: Sequence[FactLine], now: datetime) -> int:
        """Write facts of the shop."""
        with self.db.transaction() as session:
            later = later_than_all(session, Fact, now)
            rows = [
                {
                    "name": fact.name,
                    "locale": fact.locale or "",
                    "value": fact.value,
                    "updated_at": later,
                }
                for fact in facts
            ]
            return upsert(session, Fact, rows, key=("name", "locale"))

    def put_past_dialogues(self, dialogues: Sequence[DialogueLine], now: datetime) -> int:
        """Write dialogues held elsewhere, to learn from."""
        rows = [
            {
                "id": dialogue.id,
                "turns": [turn._asdict() for turn in dialogue.turns],
                "accepted": dialogue.accepted,
                "imported_at": now,
            }
            for dialogue in dialogues
        ]
        with self.db.transaction() as session:
            return upsert(session, PastDialogue, rows, key=("id",))

    def replies(self) -> list[Reply]:
        """Every reply, in every language, by id."""
        with self.db.reading() as session:
            order = (col(Reply.reply_id), col(Reply.locale))
            return list(session.exec(select(Reply).order_by(*order)))

    def reply(self, reply_id: str, locale: str) -> Reply | None:
        """The reply in `locale`; else in English, else in any language; None where unknown."""
        with self.db.reading() as session:
            found = session.exec(select(Reply).where(Reply.reply_id == reply_id)).all()
        return min(found, key=lambda reply: _fallback_order(reply, locale), default=None)

    def questions(self) -> list[Question]:
        """Every question, oldest first."""
        with self.db.reading() as session:
            return list(session.exec(select(Question).order_by(col(Question.id))))

    def past_dialogues(self) -> Iterator[PastDialogue]:
        """Every imported dialogue, by id, a batch at a time."""
        last = ""
        while True:
            with self.db.reading() as session:
                batch = session.exec(
                    select(PastDialogue)
                    .where(col(PastDialogue.id) > last)
                    .order_by(col(PastDialogue.id))
                    .limit(BATCH)
                ).all()
            if not batch:
                return
            yield from batch
            last = batch[-1].id

    def facts(self, locale: str) -> dict[str, str]:
        """The shop's facts in `locale`; those without a language hold where it has none."""
        with self.db.reading() as session:
            found = session.exec(select(Fact).where(col(Fact.locale).in_(["", locale]))).all()
        return {fact.name: fact.value for fact in sorted(found, key=lambda fact: fact.locale)}

    def is_empty(self) -> bool:
        """Whether there is no reply yet."""
        with self.db.reading() as session:
            return session.exec(select(Reply).limit(1)).first() is None

    def replies_stamp(self) -> str:
        """Something that changes whenever a reply does: what a model holds of the book."""
        return self._stamp_of(Reply)

    def _stamp(self) -> str:
        """Something that changes whenever replies or facts do, for caches."""
        return self._stamp_of(Reply, Fact)

    def _stamp_of(self, *tables: type[SQLModel]) -> str:
        with self.db.statements(reading=True) as connection:
            return "-".join(str(part) for part in stamps_of(*tables).all(connection, {})[0])


def _fallback_order(reply: Reply, locale: str) -> tuple[bool, bool, str]:
    return reply.locale != locale, reply.locale != "en", reply.locale
