"""Sources: what the owner named to be read, and what became of it page by page."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col, delete, update

from feedback.db import (
    Database,
    FeedbackError,
    Page,
    Passage,
    Source,
    find,
    from_micros,
    insert_once,
    to_micros,
)
from feedback.knowledge.upserts import batches

T = TypeVar("T", Source, Page)

SINCE: Final = "since"  # among a source's options: when the reading that goes on began
GIVEN_UP: Final = timedelta(days=1)  # an interrupted reading is then begun anew
KEPT_GONE: Final = timedelta(days=30)  # what is no longer said, for the desk to look back at


class UnknownSource(FeedbackError):
    """There is no such source or page."""

    def __init__(self, id_: str) -> None:
        """Name the id, cut short."""
        super().__init__(f"No source or page is called {id_!r:.60}; see the list at /desk/sources.")


class SourceCounts(NamedTuple):
    """A source with how many pages and passages it has, and how many pages failed."""

    source: Source
    pages: int
    passages: int
    failed: int


class Sources:
    """Reads and writes sources and their pages."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def name(self, kind: str, address: str, options: dict[str, int], now: datetime) -> Source:
        """The source of an address; named again it is active again, with the newer options."""
        id_ = key_of(address)
        with self.db.transaction() as session:
            fresh = Source(source_id=id_, kind=kind, address=address, options=options, added_at=now)
            if insert_once(session, fresh):
                return fresh
            known = session.get_one(Source, id_)
            known.kind, known.active = kind, True
            known.options = {**known.options, **options}
            return known

    def all(self) -> list[Source]:
        """Those that nobody took away, oldest first."""
        with self.db.reading() as session:
            query = select(Source).where(col(Source.active)).order_by(col(Source.added_at))
            return list(session.execute(query).scalars())

    def waiting(self) -> list[Source]:
        """Those to be read as soon as may be: new at the desk, or wanted again."""
        return [source for source in self.all() if source.state == "waiting"]

    def source(self, source_id: str) -> Source:
        """One of them.

        Raises:
            UnknownSource: there is none.
        """
        return self._one(Source, source_id)

    def counts(self) -> list[SourceCounts]:
        """All that are active, with their figures."""
        with self.db.reading() as session:
            pages = dict(_grouped(session, col(Page.state).in_(("read", "empty"))))
            failed = dict(_grouped(session, col(Page.problem) != ""))
            said = select(col(Page.source_id), func.count()).join(
                Passage, col(Passage.page_id) == col(Page.page_id)
            )
            said = said.where(col(Passage.active)).group_by(col(Page.source_id))
            passages = {row[0]: row[1] for row in session.execute(said)}
        return [
            SourceCounts(
                source, *(found.get(source.source_id, 0) for found in (pages, passages, failed))
            )
            for source in self.all()
        ]

    def pages(self, source_id: str) -> list[Page]:
        """A source's, by address."""
        with self.db.reading() as session:
            query = select(Page).where(col(Page.source_id) == source_id).order_by(col(Page.url))
            return list(session.execute(query).scalars())

    def page(self, page_id: str) -> Page:
        """One page.

        Raises:
            UnknownSource: there is none.
        """
        return self._one(Page, page_id)

    def found(self, source_id: str, urls: Iterable[str], depth: int, most: int) -> list[Page]:
        """Note pages that were found, unless there are `most` already; those that are new."""
        fresh: list[Page] = []
        with self.db.transaction() as session:
            counted = select(func.count()).where(
                col(Page.source_id) == source_id, col(Page.state) != "gone"
            )
            room = most - session.execute(counted).scalar_one()
            for url in urls:
                id_ = page_id_of(source_id, url)
                page = Page(page_id=id_, source_id=source_id, url=url, depth=depth)
                if len(fresh) < room and insert_once(session, page):
                    fresh.append(page)
        return fresh

    def put_page(self, page: Page) -> None:
        """Keep what became of a page; its passages are `Passages.put`'s."""
        with self.db.transaction() as session:
            session.merge(page)

    def begin(self, source: Source, now: datetime) -> datetime:
        """Begin to read a source, or go on where it was interrupted; since when it is being read.

        Pages looked at since then have had their turn.
        """
        begun = source.options.get(SINCE)
        if begun is None or now - from_micros(begun) > GIVEN_UP:
            begun = to_micros(now)
        options = {**source.options, SINCE: begun}
        self.put_state(source.source_id, "reading", options=options)
        return from_micros(begun)

    def finish(self, source: Source, problem: str, now: datetime, *, whole: bool) -> None:
        """Note that a source was read; `whole` False: the rest comes the next time."""
        kept = {name: value for name, value in source.options.items() if name != SINCE}
        more: dict[str, object] = {"options": kept} if whole else {}
        state = "read" if whole or not problem else "failed"
        self.put_state(source.source_id, state, problem, read_at=now, **more)

    def put_state(self, source_id: str, state: str, problem: str = "", **more: object) -> None:
        """Say how far the reading of a source is."""
        with self.db.transaction() as session:
            session.execute(
                update(Source)
                .where(col(Source.source_id) == source_id)
                .values(state=state, problem=problem, **more)
            )

    def take_away(self, source_id: str) -> None:
        """Say nothing of a source any more, and read it no more; `Passages.settle` comes next.

        Raises:
            UnknownSource: there is none.
        """
        self.source(source_id)
        with self.db.transaction() as session:
            session.execute(
                update(Source).where(col(Source.source_id) == source_id).values(active=False)
            )

    def put_page_active(self, page_id: str, active: bool) -> None:
        """Say nothing of a page any more, or say it again; `Passages.settle` comes next.

        Raises:
            UnknownSource: there is none.
        """
        self.page(page_id)
        with self.db.transaction() as session:
            session.execute(update(Page).where(col(Page.page_id) == page_id).values(active=active))

    def forget_gone(self, now: datetime) -> int:
        """Delete passages that left their page a month ago; how many."""
        with self.db.transaction() as session:
            query = select(col(Passage.passage_id)).where(
                ~col(Passage.here), col(Passage.updated_at) < now - KEPT_GONE
            )
            gone: Sequence[str] = session.execute(query).scalars().all()
            for batch in batches(list(gone)):
                session.execute(delete(Passage).where(col(Passage.passage_id).in_(batch)))
        return len(gone)

    def _one(self, table: type[T], id_: str) -> T:
        with self.db.reading() as session:
            found = find(session, table, id_)
        if found is None:
            raise UnknownSource(id_)
        return found


def page_id_of(source_id: str, url: str) -> str:
    """The id of a source's page."""
    return key_of(f"{source_id} {url}")


def key_of(text: str) -> str:
    """A short name for an address, the same each time."""
    return hashlib.sha256(text.encode("utf-8", "ignore")).hexdigest()[:16]


def _grouped(session: Session, wanted: ColumnElement[bool]) -> Iterable[tuple[str, int]]:
    query = select(col(Page.source_id), func.count()).where(wanted)
    return [(row[0], row[1]) for row in session.execute(query.group_by(col(Page.source_id)))]
