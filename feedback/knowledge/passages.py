"""Passages: what the shop's pages and documents say, cut into pieces, with the model's vectors."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from feedback.db import Cached, Contradiction, Database, Page, PageLabel, Passage, Source
from feedback.knowledge.documents.cut import Cut
from feedback.knowledge.documents.fold import PlacedText, copies_among
from feedback.knowledge.page_labels import asked_of, carry_over
from feedback.knowledge.passage_writers import turn_of
from feedback.knowledge.upserts import batches, stamps_of, upsert

ASKED_ABOVE: Final = 3  # questions: more would drown the headings


class KnownPassage(NamedTuple):
    """A passage with the page it stands in.

    `url` is a web address, or a file's path within its folder. `leads` has an entry for each of the
    `sentences`: the sentence that introduces its list, or the header of its table, else "".
    `vector` holds float16 values, a vector for each of the `sentences` one after the other, made by
    the model version `vector_version`.
    """

    passage_id: str
    page_id: str
    source_id: str
    title: str
    url: str
    headings: list[str]
    question: str
    text: str
    sentences: list[str]
    leads: list[str]
    language: str
    dated_at: datetime | None
    version: int
    active: bool
    vector: bytes | None
    vector_version: int | None
    updated_at: datetime
    asked: tuple[str, ...] = ()  # what the staff say it answers

    @property
    def above(self) -> list[str]:
        """What stands above its sentences, outermost first; what it was said to answer is last."""
        asked = " ".join(self.asked[:ASKED_ABOVE])
        return [part for part in (self.title, *self.headings, asked) if part]

    @property
    def link(self) -> str:
        """Where a shopper can read it; "": a file has no address."""
        return self.url if self.url.startswith(("https://", "http://")) else ""


class PutCount(NamedTuple):
    """What became of a page's passages."""

    new: int
    kept: int
    gone: int


class Passages:
    """Reads and writes passages; what is no longer said stays for a while, not `active`."""

    def __init__(self, db: Database, *, look_every: float = 0.0) -> None:
        """Work on `db`; for its stamp it looks there at most every so many seconds."""
        self.db = db
        self.stamp = Cached(self._stamp, look_every)

    def changed_since(self, after: datetime | None) -> list[KnownPassage]:
        """Passages changed after a moment, oldest change first; None: those that may be said.

        Those that may be said no more are among the changed, not `active`.
        """
        if after is None:
            return self._read(and_(col(Passage.active)))
        return self._read(col(Passage.updated_at) > after)

    def known(self, passage_ids: Sequence[str]) -> list[KnownPassage]:
        """These, as far as they are known; every answer asks, so their questions stay unread."""
        return self._read(col(Passage.passage_id).in_(passage_ids), asked=False)

    def of_page(self, page_id: str) -> list[KnownPassage]:
        """A page's, in its order, whether they may be said or not."""
        found = self._read(and_(col(Passage.page_id) == page_id, col(Passage.here)))
        order = {id_: place for place, id_ in enumerate(self._order(page_id))}
        return sorted(found, key=lambda one: order.get(one.passage_id, 0))

    def pairs_of(self, source_id: str, most_chars: int) -> list[KnownPassage]:
        """A source's questions with answers that may be said and are no longer than `most_chars`.

        Without those that hold braces: in the reply book these would be slots.
        """
        wanted = and_(
            col(Passage.active),
            col(Page.source_id) == source_id,
            col(Passage.question) != "",
            func.length(col(Passage.text)) <= most_chars,
        )
        return [one for one in self._read(wanted) if "{" not in one.text]

    def put(self, page: Page, cuts: Sequence[Cut], now: datetime) -> PutCount:
        """Write what a page says now; what it says no more is not said any more either."""
        rows = {passage_id(page.page_id, cut): cut for cut in cuts}
        with self.db.transaction() as session:
            later = turn_of(session, now)
            session.merge(page)
            session.flush()
            known = _ids_here(session, page.page_id)
            said = [
                {
                    "passage_id": id_,
                    "page_id": page.page_id,
                    "position": place,
                    **cut._asdict(),
                    "language": cut.language or page.language,
                    "version": page.version,
                    "here": True,
                    "active": False,  # decided below
                    "updated_at": later,
                }
                for place, (id_, cut) in enumerate(rows.items())
            ]
            upsert(session, Passage, said, key=("passage_id",))
            gone = known - set(rows)
            for batch in batches(sorted(gone)):
                session.execute(
                    update(Passage)
                    .where(col(Passage.passage_id).in_(batch))
                    .values(here=False, updated_at=later)
                )
            carry_over(session, gone, {id_: cut.headings for id_, cut in rows.items()})
            _settle(session, later, col(Passage.page_id) == page.page_id)
        self.stamp.forget()
        return PutCount(len(set(rows) - known), len(known) - len(gone), len(gone))

    def settle(self, now: datetime) -> int:
        """Decide anew which passages may be said, and fold those that say the same.

        To be called when pages or sources were taken away or came back, and after an import.

        Returns:
            How many are folded into others.
        """
        with self.db.transaction() as session:
            later = turn_of(session, now)
            may = session.execute(
                select(
                    *(col(Passage.passage_id), col(Page.page_id), col(Page.title)),
                    *(col(Passage.headings), col(Passage.text), col(Passage.copy_of)),
                )
                .join(Page, col(Page.page_id) == col(Passage.page_id))
                .where(_is_sayable())
                .order_by(func.length(col(Page.url)), col(Page.url), col(Passage.position))
            ).all()
            copies = copies_among(PlacedText(*placed) for *placed, _ in may)
            for id_, *_, copy_of in may:
                if copies.get(id_) != copy_of:
                    session.execute(
                        update(Passage)
                        .where(col(Passage.passage_id) == id_)
                        .values(copy_of=copies.get(id_), updated_at=later)
                    )
            _settle(session, later)
        self.stamp.forget()
        return len(copies)

    def without_vector(self, version: int, limit: int) -> list[KnownPassage]:
        """Passages that may be said and whose vector is not of a model version; at most `limit`."""
        made_by = col(Passage.vector_version)
        missing = and_(col(Passage.active), made_by.is_(None) | (made_by != version))
        return self._read(missing, limit)

    def put_vectors(self, vectors: Mapping[str, bytes], version: int, now: datetime) -> None:
        """Keep vectors by passage, float16 values, made by a model version."""
        with self.db.transaction() as session:
            later = turn_of(session, now)
            for id_, vector in vectors.items():
                session.execute(
                    update(Passage)
                    .where(col(Passage.passage_id) == id_)
                    .values(vector=vector, vector_version=version, updated_at=later)
                )
        self.stamp.forget()

    def count(self) -> int:
        """How many may be said."""
        with self.db.reading() as session:
            counted = select(func.count()).select_from(Passage).where(col(Passage.active))
            return int(session.execute(counted).scalar_one())

    def _read(
        self, wanted: ColumnElement[bool], limit: int | None = None, *, asked: bool = True
    ) -> list[KnownPassage]:
        columns = (
            *(col(Passage.passage_id), col(Passage.page_id), col(Page.source_id)),
            *(col(Page.title), col(Page.url), col(Passage.headings), col(Passage.question)),
            *(col(Passage.text), col(Passage.sentences), col(Passage.leads)),
            *(col(Passage.language), col(Page.dated_at), col(Page.version), col(Passage.active)),
            *(col(Passage.vector), col(Passage.vector_version), col(Passage.updated_at)),
        )
        query = (
            select(*columns)
            .join(Page, col(Page.page_id) == col(Passage.page_id))
            .where(wanted)
            .order_by(col(Passage.updated_at), col(Passage.passage_id))
            .limit(limit)
        )
        with self.db.reading() as session:
            questions = asked_of(session) if asked else {}
            return [
                KnownPassage(*row)._replace(asked=tuple(questions.get(row.passage_id, ())))
                for row in session.execute(query)
            ]

    def _order(self, page_id: str) -> Iterable[str]:
        query = select(col(Passage.passage_id)).where(col(Passage.page_id) == page_id)
        with self.db.reading() as session:
            return session.execute(query.order_by(col(Passage.position))).scalars().all()

    def _stamp(self) -> str:
        with self.db.statements(reading=True) as connection:
            return "-".join(
                str(part)
                for part in stamps_of(Passage, PageLabel, Contradiction).all(connection, {})[0]
            )


def passage_id(page_id: str, cut: Cut) -> str:
    """The same words in the same place keep their id, and so their vector."""
    said = "\x1f".join([page_id, *cut.headings, cut.question, cut.text])
    return hashlib.sha256(said.encode("utf-8", "ignore")).hexdigest()[:24]


def _ids_here(session: Session, page_id: str) -> set[str]:
    query = select(col(Passage.passage_id)).where(
        col(Passage.page_id) == page_id, col(Passage.here)
    )
    return set(session.execute(query).scalars())


def _is_sayable() -> ColumnElement[bool]:
    """Whether a passage's page and source are read and nobody took them away."""
    return and_(
        col(Passage.here),
        exists(
            select(1)
            .select_from(Page)
            .join(Source, col(Source.source_id) == col(Page.source_id))
            .where(
                col(Page.page_id) == col(Passage.page_id),
                col(Page.active),
                col(Page.state) == "read",
                col(Source.active),
            )
            .correlate(Passage)
        ),
    )


def _settle(session: Session, later: datetime, which: ColumnElement[bool] | None = None) -> None:
    """Bring `active` in line; a copy speaks for itself where what it copies is silent."""
    for value, wanted in (
        (False, ~_may_be_said()),
        (True, _may_be_said()),
        (False, ~_may_be_said()),
    ):
        changed = update(Passage).where(col(Passage.active) != value, wanted)
        session.execute(
            (changed if which is None else changed.where(which))
            .values(active=value, updated_at=later)
            .execution_options(synchronize_session=False)
        )


def _may_be_said() -> ColumnElement[bool]:
    first = aliased(Passage)
    silent = ~exists(
        select(1)
        .select_from(first)
        .where(col(first.passage_id) == col(Passage.copy_of), col(first.active))
        .correlate(Passage)
    )
    return and_(_is_sayable(), col(Passage.copy_of).is_(None) | silent)
