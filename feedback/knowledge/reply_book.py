"""The reply book: replies, the questions they answer, the shop's facts, imported dialogues."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select, update

from feedback.db import Cached, Database, Fact, PastDialogue, Question, Reply
from feedback.knowledge.book_problems import BookProblem, find_problems
from feedback.knowledge.importers.records import (
    DialogueLine,
    FactLine,
    QuestionLine,
    ReplyLine,
    TurnLine,
)
from feedback.knowledge.reply_versions import keep_versions
from feedback.knowledge.rewording import says_otherwise
from feedback.knowledge.supersessions import (
    IMPORT,
    read_successions,
    taken_over,
    void_votes,
    write_succession,
)
from feedback.knowledge.upserts import BATCH, later_than_all, stamps_of, upsert
from feedback.languages import LANGUAGES


class ReplyBook:
    """Reads and fills the book; what is put again under the same name replaces what was there."""

    def __init__(self, db: Database, *, look_every: float = 0.0) -> None:
        """Work on `db`; for its stamps it looks there at most every so many seconds."""
        self.db = db
        self.stamp = Cached(self._stamp, look_every)

    def put_replies(self, replies: Sequence[ReplyLine], now: datetime, by: str = IMPORT) -> int:
        """Write replies; those without a text are only for training and left out.

        Where a text says otherwise than before, what shoppers made of it stops counting.

        Returns:
            How many were written.
        """
        with self.db.transaction() as session:
            before = _texts_of(session, replies)
            void_votes(session, _said_otherwise(before, replies), "text", by, now)
            later = later_than_all(session, Reply, now)
            keep_versions(session, before, replies, by=by, at=later)
            rows = [
                {**reply._asdict(), "updated_at": later}
                for reply in replies
                if reply.text is not None
            ]
            return upsert(session, Reply, rows, key=("reply_id", "locale"))

    def put_questions(
        self, questions: Sequence[QuestionLine], now: datetime, by: str = IMPORT
    ) -> int:
        """Write questions; asked again with another reply, the newer reply holds.

        A reply that loses its questions to another one so is superseded by it.
        """
        rows: list[dict[str, Any]] = [
            {
                "question": line.question,
                "digest": _digest(line),
                "history": [turn._asdict() for turn in line.history],
                "locale": line.locale,
                "reply_id": line.reply_id,
                "added_at": now,
            }
            for line in questions
        ]
        with self.db.transaction() as session:
            known = {(row.digest, row.locale): row for row in labelled_questions(session)}
            for row in rows:
                old = known.get((row["digest"], row["locale"]))
                same = old is not None and old.reply_id == row["reply_id"]
                row["labelled_at"] = old.labelled_at if old is not None and same else now
            for before, after in _taken_over(known, rows).items():
                write_succession(session, before, after, "relabelled", by, now)
            return upsert(session, Question, rows, key=("digest", "locale"))

    def pin(self, question: str, locale: str, *, pinned: bool = True) -> None:
        """Say that no later model may answer a question otherwise, or that it may."""
        digest = _digest(QuestionLine(question, None))
        with self.db.transaction() as session:
            session.execute(
                update(Question)
                .where(col(Question.digest) == digest, col(Question.locale) == locale)
                .values(pinned=pinned)
            )

    def put_facts(self, facts: Sequence[FactLine], now: datetime, by: str = IMPORT) -> int:
        """Write facts of the shop; of replies that hold one that changed, old votes are void."""
        with self.db.transaction() as session:
            void_votes(session, _holding_changed(session, facts), "fact", by, now)
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
        """Every reply that may be said, in every language, by id: none superseded or retired."""
        with self.db.reading() as session:
            order = (col(Reply.reply_id), col(Reply.locale))
            gone = read_successions(session).gone()
            found = session.exec(select(Reply).order_by(*order))
            return [reply for reply in found if reply.reply_id not in gone]

    def gone(self) -> frozenset[str]:
        """The replies that are said no more: superseded or retired."""
        with self.db.reading() as session:
            return read_successions(session).gone()

    def texts(self, reply_id: str) -> list[Reply]:
        """A reply in every language it has, said or not."""
        if not reply_id.isprintable():
            return []  # from an address; PostgreSQL would refuse the query
        with self.db.reading() as session:
            theirs = select(Reply).where(Reply.reply_id == reply_id)
            return list(session.exec(theirs.order_by(col(Reply.locale))))

    def replaced(self) -> dict[str, str]:
        """Each reply that was superseded, with the one that is said in its place."""
        with self.db.reading() as session:
            return read_successions(session).replaced()

    def reply(self, reply_id: str, locale: str) -> Reply | None:
        """The reply in `locale`; else in English, else in any language; None where unknown."""
        with self.db.reading() as session:
            found = session.exec(select(Reply).where(Reply.reply_id == reply_id)).all()
        return min(found, key=lambda reply: _fallback_order(reply, locale), default=None)

    def questions(self) -> list[Question]:
        """Every question, oldest first, with the reply that its label stands for now."""
        with self.db.reading() as session:
            return labelled_questions(session)

    def problems(self) -> list[BookProblem]:
        """What is odd about replies, questions and facts, for a person to look at."""
        facts = {locale: self.facts(locale) for locale in LANGUAGES}
        return find_problems(self.replies(), self.questions(), facts)

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


def _digest(line: QuestionLine) -> str:
    """What two lines have in common that ask the same, after the same was said."""
    said = [line.question, *(f"{turn.speaker} {turn.text}" for turn in line.history)]
    return hashlib.sha256("\x1e".join(said).encode("utf-8", "ignore")).hexdigest()


def question_line(row: Question) -> QuestionLine:
    """A question of the store as a line of a file."""
    history = tuple(TurnLine(**turn) for turn in row.history)
    return QuestionLine(row.question, row.reply_id, row.locale, history)


def labelled_questions(session: Session) -> list[Question]:
    """Every question, oldest first, with the reply that its label stands for now; not to write."""
    successions = read_successions(session)
    found = list(session.exec(select(Question).order_by(col(Question.id))))
    for question in found:
        session.expunge(question)
        question.reply_id = successions.truth(question.reply_id, question.labelled_at)
    return found


def _texts_of(session: Session, replies: Sequence[ReplyLine]) -> dict[tuple[str, str], str]:
    """What the book says now under the names of these replies, in each language."""
    names = {reply.reply_id for reply in replies}
    return {
        (row.reply_id, row.locale): row.text
        for row in session.exec(select(Reply))
        if row.reply_id in names
    }


def _said_otherwise(
    before: Mapping[tuple[str, str], str], replies: Sequence[ReplyLine]
) -> list[tuple[str, str]]:
    """The replies, each in a language, that are about to say something else."""
    return [
        (reply.reply_id, reply.locale)
        for reply in replies
        if reply.text is not None
        and (old := before.get((reply.reply_id, reply.locale))) is not None
        and says_otherwise(old, reply.text)
    ]


def _holding_changed(session: Session, facts: Sequence[FactLine]) -> list[tuple[str, str]]:
    """The replies that hold a fact which is about to change."""
    before = {(row.name, row.locale): row.value for row in session.exec(select(Fact))}
    changed = {
        (f"{{policy.{fact.name}}}", fact.locale or "")
        for fact in facts
        if before.get((fact.name, fact.locale or ""), fact.value) != fact.value
    }
    if not changed:
        return []
    return [
        (row.reply_id, row.locale)
        for row in session.exec(select(Reply))
        if any(slot in row.text and locale in ("", row.locale) for slot, locale in changed)
    ]


def _taken_over(
    known: Mapping[tuple[str, str], Question], rows: Sequence[dict[str, Any]]
) -> dict[str, str]:
    """Replies whose questions are about to be another's."""
    now = {(row["digest"], row["locale"]): row["reply_id"] for row in rows}
    before = {key: known[key].reply_id for key in now if key in known}
    held = Counter(row.reply_id for row in known.values() if row.reply_id is not None)
    return taken_over(before, now, held)


def _fallback_order(reply: Reply, locale: str) -> tuple[bool, bool, str]:
    return reply.locale != locale, reply.locale != "en", reply.locale
