"""Reads sources of every kind into passages: `shopclerk import knowledge`, and the schedule."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from feedback.db import Database, FeedbackError, Source
from feedback.knowledge.clustering import RepeatedReply
from feedback.knowledge.documents.read import KINDS
from feedback.knowledge.keep_in_step import PageKeeper, PageOutcome, ReadingCounts, read_files
from feedback.knowledge.passages import Passages
from feedback.knowledge.proposals import Proposals
from feedback.knowledge.shop_pages import ShopPages, read_shop_pages
from feedback.knowledge.sites.addresses import is_site, site_url
from feedback.knowledge.sites.crawl import DELAY_S, SiteReader
from feedback.knowledge.sites.fetch import Fetcher
from feedback.knowledge.sources import Sources
from feedback.languages import LANGUAGES

LEFT_FOLDERS: Final = {"node_modules", "__pycache__"}  # besides those that begin with a dot
MOST_PROPOSED: Final = 200  # of one source: nobody looks through a thousand
PROPOSED_CHARS: Final = 600  # longer answers are read better where they stand
SHOP: Final = "shop"  # the kind of a source whose address is a shop system's name
LOCAL: Final = "local"  # an option of a source: it may be in a private network


class NotThere(FeedbackError):
    """What was named is neither a file nor an address."""


class SourceReader:
    """Reads sources, each to its end or as far as it goes."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        delay_s: float = DELAY_S,
        progress: Callable[[PageOutcome], None] = lambda outcome: None,
        shops: Mapping[str, ShopPages] | None = None,
    ) -> None:
        """Read into `db`.

        Args:
            db: the store.
            clock: the time.
            sleep: waits, between pages and where a site asks for patience.
            monotonic: measures how long it takes.
            delay_s: between two pages of a site.
            progress: is told of each page.
            shops: the shop systems whose API gives pages, by name.
        """
        self._db, self._shops = db, shops or {}
        self.sources, self.passages = Sources(db), Passages(db)
        self._clock, self._sleep, self._monotonic = clock, sleep, monotonic
        self._delay_s, self._progress = delay_s, progress

    def name(self, what: str, options: dict[str, int]) -> Source:
        """The source that is meant: a shop system, a file or folder, else a web address.

        Raises:
            NotThere: it looks like a file's path, and there is no such file.
            NoWebAddress: it is no web address.
        """
        if what in self._shops:
            return self.sources.name(SHOP, what, options, self._clock())
        path = Path(what).expanduser()
        if "://" not in what and path.exists():
            kind = "folder" if path.is_dir() else "file"
            return self.sources.name(kind, str(path.resolve()), options, self._clock())
        if "://" not in what and (path.suffix.lower() in KINDS or what.startswith((".", "/", "~"))):
            raise NotThere(f"There is no file or folder {what!r:.100}; write its path from here.")
        url = site_url(what)
        kind = "site" if is_site(url) or "depth" in options else "page"
        return self.sources.name(kind, url, options, self._clock())

    def read(self, source: Source) -> ReadingCounts:
        """Read what is new, changed or gone in a source; what went wrong stands in its counts."""
        since = self.sources.begin(source, self._clock())
        keeper = PageKeeper(
            source, self.sources, self.passages, clock=self._clock, progress=self._progress
        )
        if source.kind in ("file", "folder"):
            problem = self._read_files(keeper, Path(source.address))
        elif source.kind == SHOP:
            problem = self._read_shop(keeper)
        else:
            problem = self._read_site(keeper, since)
        self.passages.settle(self._clock())
        self._propose_pairs(source)
        counts = keeper.counts(problem)
        is_whole = not problem or source.kind in ("file", "folder", SHOP)
        self.sources.finish(source, _told(counts), self._clock(), whole=is_whole)
        return counts

    def _propose_pairs(self, source: Source) -> None:
        """Propose a source's questions with answers for the reply book, where staff may edit them.

        As passages they answer at once.
        """
        pairs = self.passages.pairs_of(source.source_id, PROPOSED_CHARS)[:MOST_PROPOSED]
        groups = [RepeatedReply(one.text, 0, [one.question]) for one in pairs]
        locale_of = {one.text: one.language for one in pairs if one.language in LANGUAGES}
        Proposals(self._db).put(groups, locale_of, self._clock())

    def _read_files(self, keeper: PageKeeper, path: Path) -> str:
        if path.is_dir():
            return read_files(keeper, self.sources, path, documents_in(path))
        if path.is_file():
            return read_files(keeper, self.sources, path.parent, [path])
        # A disk that is not mounted is no deleted folder: what was read is said on.
        return f"{path} is not there; what was read of it before holds."

    def _read_shop(self, keeper: PageKeeper) -> str:
        name = keeper.source.address
        shop = self._shops.get(name)
        if shop is None:
            return f"The API of {name} is not set any more; what was read of it before holds."
        return read_shop_pages(keeper, self.sources, shop)

    def _read_site(self, keeper: PageKeeper, since: datetime) -> str:
        parts = urlsplit(keeper.source.address)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        local = [f"{parts.hostname}:{port}"] if keeper.source.options.get(LOCAL) else []
        fetcher = Fetcher(
            local=local, sleep=self._sleep, monotonic=self._monotonic, clock=self._clock
        )
        try:
            return SiteReader(
                fetcher, self.sources, keeper, since=since, sleep=self._sleep,
                monotonic=self._monotonic, delay_s=self._delay_s,
            ).read()  # fmt: skip
        finally:
            fetcher.close()


def documents_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that can be read, by path; links out of it are not followed."""
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in LEFT_FOLDERS and not name.startswith(".")
        )
        for name in sorted(names):
            path = Path(at, name)
            if path.suffix.lower() in KINDS and not name.startswith(".") and not path.is_symlink():
                yield path


def _told(counts: ReadingCounts) -> str:
    """What the desk says of a source that gave nothing, or not all."""
    if counts.problem or counts.pages > counts.refused:
        return counts.problem
    return "None of it could be read; the page's own lines say why."
