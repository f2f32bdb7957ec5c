"""Supersessions of replies: what was learned before one is kept, shown, and no longer believed.

A reply is superseded by another one, which takes over its questions and is said in its place from
that moment on; or by none: it is retired, and its questions go to a person; or its own words
change, and what shoppers made of the old ones stops counting.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, TypeVar

from sqlmodel import Session, col, delete, select, update

from feedback.db import Database, FeedbackError, Reply, ReplyVersion, Supersession
from feedback.knowledge.upserts import later_than_all

T = TypeVar("T")
Cause = Literal["staff", "corrections", "relabelled", "text", "fact", "retired"]
IMPORT: Final = "import"  # who changed a reply or a fact, where nobody is named
RELABELLED: Final = 5  # questions; fewer are slips that were put right
MOST_OF_TOPIC: Final = 0.8  # of a reply's questions: where more stay with it, it was divided


class CannotSupersede(FeedbackError):
    """A reply can not take another one's place."""


class Successions:
    """What supersessions, in the order of time, make of a label or a vote. Pure."""

    def __init__(self, rows: Iterable[Supersession]) -> None:
        """Those undone say nothing."""
        self._rows = sorted(
            (row for row in rows if row.undone_at is None), key=lambda each: each.since
        )

    def truth(self, reply_id: str | None, at: datetime | None) -> str | None:
        """The reply that a label of `at` stands for now; None as time: before everything.

        A label that was made after its reply had been superseded stands as it is.
        """
        for row in self._rows:
            if row.reply_id == reply_id and _moves(row) and (at is None or at < row.since):
                reply_id, at = row.successor, row.since
        return reply_id

    def voids(self, reply_id: str | None, locale: str, at: datetime) -> bool:
        """Whether what was made of the reply, as it was shown at that time, no longer counts."""
        return any(
            row.reply_id == reply_id and row.locale in ("", locale) and at < row.since
            for row in self._rows
        )

    def replaced(self) -> dict[str, str]:
        """Each reply that is said no more, with the one that is said instead."""
        gone = dict.fromkeys(row.reply_id for row in self._rows if row.successor)
        found = {reply_id: self.truth(reply_id, None) for reply_id in gone}
        return {before: now for before, now in found.items() if now and before != now}

    def gone(self) -> frozenset[str]:
        """Each reply that is said no more: another one in its place, or none."""
        moved = {row.reply_id for row in self._rows if _moves(row)}
        return frozenset(one for one in moved if self.truth(one, None) != one)

    def retired(self) -> dict[str, Supersession]:
        """Each reply that is said no more, and no other one in its place."""
        rows = {row.reply_id: row for row in self._rows if row.cause == "retired"}
        return {one: rows[one] for one in rows.keys() & self.gone()}


def _moves(row: Supersession) -> bool:
    """Whether the label goes to another reply, or to none; else the reply keeps it."""
    return row.successor is not None or row.cause == "retired"


def read_successions(session: Session) -> Successions:
    """All of the store's."""
    return Successions(session.exec(select(Supersession)).all())


class Supersessions:
    """Makes, shows and undoes them."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def all(self) -> list[Supersession]:
        """Every one, the newest first."""
        with self.db.reading() as session:
            newest = select(Supersession).order_by(col(Supersession.number).desc())
            return list(session.exec(newest))

    def supersede(self, reply_id: str, successor: str, *, staff: str, now: datetime) -> None:
        """From now on `successor` is said in the place of `reply_id`, and has its questions.

        Raises:
            CannotSupersede: one of them is not in the book, or said no more itself.
        """
        with self.db.transaction() as session:
            for name in (reply_id, successor):
                _check_known(session, name)
            if reply_id == successor:
                raise CannotSupersede(f"{reply_id!r:.60} can not take its own place.")
            successions = read_successions(session)
            if successor in successions.retired():
                raise CannotSupersede(f"{successor!r:.60} is retired; bring it back first.")
            instead = successions.replaced().get(successor, reply_id)
            if instead != reply_id:
                raise CannotSupersede(
                    f"{successor!r:.60} is said no more itself; choose {instead!r:.60}."
                )
            write_succession(session, reply_id, successor, "staff", staff, now)

    def retire(self, reply_id: str, *, staff: str, now: datetime) -> None:
        """From now on a reply is not said; who asks what it answered gets a person.

        Raises:
            CannotSupersede: it is not in the book, or said no more already.
        """
        with self.db.transaction() as session:
            _check_known(session, reply_id)
            if reply_id in read_successions(session).gone():
                raise CannotSupersede(f"{reply_id!r:.60} is said no more already.")
            row = Supersession(reply_id=reply_id, cause="retired", by=staff, since=now)
            session.add(row)
            _touch(session, [reply_id], now)

    def delete(self, reply_id: str) -> None:
        """Take the texts of a reply that is said no more out of the book, its versions with them.

        Raises:
            CannotSupersede: it is said still, or not in the book.
        """
        with self.db.transaction() as session:
            _check_known(session, reply_id)
            if reply_id not in read_successions(session).gone():
                raise CannotSupersede(f"{reply_id!r:.60} is still said; retire it first.")
            for table in (Reply, ReplyVersion):
                session.execute(delete(table).where(col(table.reply_id) == reply_id))

    def undo(self, number: int, *, staff: str, now: datetime) -> bool:
        """What was learned counts again; False: there is no such supersession, or it is undone."""
        with self.db.transaction() as session:
            row = session.get(Supersession, number, with_for_update=True)
            if row is None or row.undone_at is not None:
                return False
            row.undone_by, row.undone_at = staff, now
            _touch(session, [row.reply_id, row.successor or row.reply_id], now)
            return True


def write_succession(
    session: Session, reply_id: str, successor: str, cause: Cause, by: str, now: datetime
) -> None:
    """Write it, inside a transaction that is open; caches of the book are told."""
    session.add(Supersession(reply_id=reply_id, successor=successor, cause=cause, by=by, since=now))
    _touch(session, [reply_id, successor], now)


def void_votes(
    session: Session, changed: Iterable[tuple[str, str]], cause: Cause, by: str, now: datetime
) -> None:
    """What was made of these replies, each in a language, was made of other words."""
    for reply_id, locale in changed:
        session.add(Supersession(reply_id=reply_id, locale=locale, cause=cause, by=by, since=now))


def taken_over(
    before: Mapping[T, str | None], now: Mapping[T, str | None], held: Mapping[str, int]
) -> dict[str, str]:
    """Which replies lost their questions to one other, by questions that were labelled anew.

    Args:
        before: a question's reply before.
        now: its reply from now on.
        held: how many questions each reply had in all.

    >>> moved = {f"q{n}": "old" for n in range(5)}, {f"q{n}": "new" for n in range(5)}
    >>> taken_over(*moved, {"old": 6}), taken_over(*moved, {"old": 40})
    ({'old': 'new'}, {})
    """
    lost: dict[str, list[str]] = {}
    for question, reply_id in before.items():
        new = now.get(question)
        if reply_id is not None and new is not None and new != reply_id:
            lost.setdefault(reply_id, []).append(new)
    kept = {reply_id for reply_id in now.values() if reply_id is not None}
    return {
        reply_id: to[0]
        for reply_id, to in lost.items()
        if len(to) >= RELABELLED
        and len(set(to)) == 1
        and reply_id not in kept
        and len(to) >= MOST_OF_TOPIC * held.get(reply_id, 0)
    }


def _check_known(session: Session, reply_id: str) -> None:
    if session.exec(select(Reply).where(Reply.reply_id == reply_id)).first() is None:
        raise CannotSupersede(f"The book has no reply {reply_id!r:.60}.")


def _touch(session: Session, reply_ids: Sequence[str], now: datetime) -> None:
    """Tell the caches of the book."""
    later = later_than_all(session, Reply, now)
    session.execute(
        update(Reply).where(col(Reply.reply_id).in_(reply_ids)).values(updated_at=later)
    )
