"""Keeps what is known of a source in step with it: new, changed and gone pages (crawler)."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from feedback.db import Page, Source
from feedback.knowledge.documents.document import ShopDocument, Unreadable
from feedback.knowledge.documents.read import MOST_BYTES, read_document
from feedback.knowledge.passages import Passages
from feedback.knowledge.sources import Sources

MOST_PAGES: Final = 500
MOST_DEPTH: Final = 6


class PageOutcome(NamedTuple):
    """What became of one page: new, changed, same, gone, moved, refused (with the reason)."""

    url: str
    became: str
    passages: int = 0
    reason: str = ""


class ReadingCounts(NamedTuple):
    """What became of a source's pages."""

    source: str
    pages: int
    new: int
    changed: int
    gone: int
    refused: int
    passages: int
    problem: str = ""

    def sentence(self) -> str:
        """The same in words."""
        told = (
            f"{self.source}: {self.pages} pages, {self.passages} passages"
            f" ({self.new} new, {self.changed} changed, {self.gone} gone, {self.refused} not read)"
        )
        return f"{told}. {self.problem}" if self.problem else told


Progress = Callable[[PageOutcome], None]


class PageKeeper:
    """Writes what was read of one source's pages, and counts what became of them."""

    def __init__(
        self,
        source: Source,
        sources: Sources,
        passages: Passages,
        *,
        clock: Callable[[], datetime],
        progress: Progress,
    ) -> None:
        """Keep pages of `source`; `progress` is told of each."""
        self.source = source
        self._sources, self._passages = sources, passages
        self._clock, self._progress = clock, progress
        self._outcomes: list[PageOutcome] = []

    def keep(
        self,
        page: Page,
        content: bytes,
        content_type: str = "",
        note_links: Callable[[ShopDocument], None] = lambda document: None,
        **marks: str,
    ) -> None:
        """Read a page that came.

        `note_links` is called before the page counts as read: whoever is interrupted in between
        reads it again. `marks` are what the server wants to be asked with the next time.
        """
        digest = hashlib.sha256(content).hexdigest()[:32]
        if page.state == "read" and digest == page.digest:
            self.same(page, **marks)
            return
        try:
            document = read_document(content, page.url, content_type)
        except Unreadable as why:
            self.refuse(page, str(why), state="empty", digest=digest)
            return
        note_links(document)
        if not document.may_keep:
            self.refuse(page, "it asks not to be kept (noindex).", state="empty", digest=digest)
            return
        self.keep_document(page, document, digest, **marks)

    def keep_document(self, page: Page, document: ShopDocument, digest: str, **marks: str) -> None:
        """Write a document that was read."""
        became = "changed" if page.version else "new"
        now = self._clock()
        changed = _with(
            page, state="read", problem="", missed=0, digest=digest, title=document.title,
            language=document.language, version=page.version + 1, looked_at=now, changed_at=now,
            dated_at=document.dated_at, **marks,
        )  # fmt: skip
        self._passages.put(changed, document.cuts, now)
        self._tell(PageOutcome(page.url, became, len(document.cuts)))

    def same(self, page: Page, **marks: str) -> None:
        """Note that a page has not changed."""
        self._sources.put_page(_with(page, problem="", missed=0, looked_at=self._clock(), **marks))
        self._tell(PageOutcome(page.url, "same"))

    def gone(self, page: Page) -> None:
        """Say nothing more of a page that is no longer there."""
        became = "gone" if page.state == "read" else "refused"
        self._silence(page, "gone")
        self._tell(PageOutcome(page.url, became, reason="it is not there."))

    def moved(self, page: Page, to: str) -> None:
        """A page that leads to another one of the site, which is read in its place."""
        self._silence(page, "moved")
        self._tell(PageOutcome(page.url, "moved", reason=f"it leads to {to}"))

    def refuse(self, page: Page, reason: str, *, state: str = "", digest: str = "") -> None:
        """Note why a page was not read; `state` empty: what was said of it before holds."""
        now = self._clock()
        changed = _with(page, problem=reason, missed=page.missed + 1, looked_at=now)
        if state and page.state == "read":
            self._passages.put(_with(changed, state=state, digest=digest), (), now)
        else:
            unread = "refused" if page.state == "waiting" else page.state
            self._sources.put_page(_with(changed, state=state or unread, digest=digest))
        self._tell(PageOutcome(page.url, "refused", reason=reason))

    def counts(self, problem: str = "") -> ReadingCounts:
        """What became of all of them so far."""
        became = [one.became for one in self._outcomes]
        return ReadingCounts(
            source=self.source.address,
            pages=len(became),
            new=became.count("new"),
            changed=became.count("changed"),
            gone=became.count("gone"),
            refused=became.count("refused"),
            passages=sum(one.passages for one in self._outcomes),
            problem=problem,
        )

    def _silence(self, page: Page, state: str) -> None:
        now = self._clock()
        changed = _with(page, state=state, problem="", looked_at=now, digest="", etag="",
                        last_modified="")  # fmt: skip
        if page.state == "read":
            self._passages.put(changed, (), now)
        else:
            self._sources.put_page(changed)

    def _tell(self, outcome: PageOutcome) -> None:
        self._outcomes.append(outcome)
        self._progress(outcome)


def read_files(keeper: PageKeeper, sources: Sources, root: Path, paths: Iterable[Path]) -> str:
    """Read a folder's files; those that are no longer there are gone. What went wrong, or ""."""
    source_id = keeper.source.source_id
    most = keeper.source.options.get("pages", MOST_PAGES)
    there = {path.relative_to(root).as_posix(): path for path in paths}
    sources.found(source_id, there, 0, most)
    left_out = set(there) - {page.url for page in sources.pages(source_id)}
    for page in sources.pages(source_id):
        path = there.get(page.url)
        if path is None:
            if page.state != "gone":
                keeper.gone(page)
            continue
        try:
            if path.stat().st_size > MOST_BYTES:
                raise Unreadable(
                    f"it has {path.stat().st_size >> 20} MB, more than the {MOST_BYTES >> 20} MB"
                    " that are read; divide it."
                )
            content = path.read_bytes()
        except (OSError, Unreadable) as why:
            keeper.refuse(page, getattr(why, "strerror", None) or str(why))
            continue
        keeper.keep(page, content)
    if left_out:
        return f"{len(left_out)} files are left out: more than {most} (--pages) in one folder."
    return ""


def _with(page: Page, **changes: object) -> Page:
    """A copy with other values."""
    return Page(**{**page.model_dump(), **changes})
