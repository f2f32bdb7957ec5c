"""Crawls a site: sitemap, robots.txt, links, politely, going on where it was interrupted."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from feedback.db import FeedbackError, Page
from feedback.knowledge.documents.document import ShopDocument
from feedback.knowledge.keep_in_step import MOST_DEPTH, MOST_PAGES, PageKeeper
from feedback.knowledge.sites.addresses import (
    is_below,
    is_same_host,
    is_site,
    is_worth_reading,
    normal_url,
)
from feedback.knowledge.sites.fetch import Fetched, Fetcher, Gone, NoAnswer, NotFetched, TooBusy
from feedback.knowledge.sites.sitemap import RobotRules, read_robots, urls_in_sitemaps
from feedback.knowledge.sources import Sources

DELAY_S: Final = 0.25  # between two pages, where robots.txt wants no more
MOST_SILENT: Final = 5  # pages in a row without an answer: the site is down
SITE_S: Final = 3_600.0  # then the rest is left for the next time


class SiteReader:
    """Reads one site, or one page of it."""

    def __init__(
        self,
        fetcher: Fetcher,
        sources: Sources,
        keeper: PageKeeper,
        *,
        since: datetime,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        delay_s: float = DELAY_S,
    ) -> None:
        """Read the keeper's source.

        Args:
            fetcher: fetches its pages.
            sources: its pages as they were left.
            keeper: takes in what was read.
            since: pages looked at after this moment have had their turn.
            sleep: waits.
            monotonic: measures how long it takes.
            delay_s: politeness, where robots.txt wants no more.
        """
        self._fetcher, self._sources, self._keeper = fetcher, sources, keeper
        self._since, self._sleep, self._monotonic = since, sleep, monotonic
        self._delay_s = delay_s
        self._source = keeper.source
        self._most = self._source.options.get("pages", MOST_PAGES)
        self._deepest = self._source.options.get("depth", MOST_DEPTH)
        self._robots = RobotRules("")
        self._waiting = deque[Page]()
        self._silent = 0  # pages in a row that did not come

    def read(self) -> str:
        """Read what is new or changed; what went wrong with the site as a whole, or ""."""
        start = self._source.address
        try:
            self._robots = read_robots(start, self._fetcher.get)
        except FeedbackError as failed:
            return f"Its robots.txt can not be read: {failed}"
        self._delay_s = max(self._delay_s, self._robots.delay_s or 0.0)
        self._sources.found(self._source.source_id, [start], 0, self._most)
        if self._is_whole_site:
            named = urls_in_sitemaps(start, self._robots, self._fetcher.get)
            self._note(named, start, depth=1)
        return self._go_through()

    @property
    def _is_whole_site(self) -> bool:
        return is_site(self._source.address) or "depth" in self._source.options

    def _go_through(self) -> str:
        until = self._monotonic() + SITE_S
        known = self._sources.pages(self._source.source_id)
        waiting = self._waiting
        waiting.extend(sorted((page for page in known if self._is_due(page)), key=_nearest))
        while waiting:
            page = waiting.popleft()
            try:
                self._read_page(page)
            except TooBusy as busy:
                self._keeper.refuse(page, str(busy))
                return f"{busy} {len(waiting)} pages wait."
            if self._silent > MOST_SILENT:
                return f"The site does not answer; {len(waiting)} pages are left for the next time."
            if self._monotonic() > until and waiting:
                return (
                    f"{len(waiting)} pages are left for the next time, after {SITE_S / 60:.0f} min."
                )
            self._sleep(self._delay_s)
        return ""

    def _is_due(self, page: Page) -> bool:
        looked = page.looked_at
        return page.active and (looked is None or looked < self._since)

    def _read_page(self, page: Page) -> None:
        if not self._robots.may_read(page.url):
            self._keeper.refuse(page, "the site's robots.txt forbids it.", state="refused")
            return
        try:
            # Known but never read, or not as this program reads: asked for as a whole.
            marks = (page.etag, page.last_modified) if page.state == "read" else ("", "")
            came = self._fetcher.get(page.url, etag=marks[0], last_modified=marks[1])
        except Gone:
            self._keeper.gone(page)
            return
        except TooBusy:
            raise
        except NotFetched as why:
            self._silent = self._silent + 1 if isinstance(why, NoAnswer) else 0
            self._keeper.refuse(page, str(why))
            return
        except FeedbackError as why:  # it leads to where we do not go
            self._keeper.refuse(page, str(why), state="refused")
            return
        self._silent = 0
        self._take(page, came)

    def _take(self, page: Page, came: Fetched) -> None:
        if not came.is_new:
            self._keeper.same(page)
        elif came.url != page.url and not is_worth_reading(came.url):
            reason = f"it leads to {came.url[:120]}, a login or the like."
            self._keeper.refuse(page, reason, state="refused")
        elif came.url != page.url and self._is_whole_site:
            self._waiting += self._note([came.url], page.url, depth=page.depth)
            self._keeper.moved(page, came.url)
        else:
            self._keeper.keep(
                page,
                came.content,
                came.content_type,
                partial(self._follow, page),
                etag=came.etag,
                last_modified=came.last_modified,
            )

    def _follow(self, page: Page, document: ShopDocument) -> None:
        """Note where a page leads."""
        if document.may_follow and page.depth < self._deepest:
            base = document.base or page.url
            self._waiting += self._note(document.links, base, depth=page.depth + 1)

    def _note(self, links: Iterable[str], base: str, *, depth: int) -> list[Page]:
        """Note pages that belong to the site, those of them that are new."""
        if not self._is_whole_site:
            return []
        urls = islice(self._wanted(links, base), self._most)
        return self._sources.found(self._source.source_id, urls, depth, self._most)

    def _wanted(self, links: Iterable[str], base: str) -> Iterator[str]:
        site = self._source.address
        for link in links:
            url = normal_url(link, base)
            if url is None or not is_same_host(url, site) or not is_worth_reading(url):
                continue
            if is_below(url, site) and self._robots.may_read(url):
                yield url


def _nearest(page: Page) -> tuple[int, str]:
    return page.depth, page.url
