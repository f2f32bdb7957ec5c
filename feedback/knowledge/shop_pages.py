"""Pages out of a shop system's own API: policies, pages, posts, texts of products."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import NamedTuple, Protocol

from feedback.db import FeedbackError
from feedback.knowledge.keep_in_step import MOST_PAGES, PageKeeper
from feedback.knowledge.sources import Sources, page_id_of


class ShopPage(NamedTuple):
    """A page as a shop system gives it; `url` is where shoppers read it."""

    url: str
    title: str
    html: str
    changed_at: datetime | None = None
    fields: tuple[tuple[str, str], ...] = ()  # named texts beside it, as HTML: metafields

    def document(self) -> bytes:
        """The page as a document of its own."""
        fields = "".join(f"<h2>{escape(name)}</h2>{text}" for name, text in self.fields)
        title, changed = escape(self.title), self.changed_at.isoformat() if self.changed_at else ""
        return (
            f'<title>{title}</title><meta property="article:modified_time" content="{changed}">'
            f"<main><h1>{title}</h1>{self.html}{fields}</main>"
        ).encode()


class ShopPages(Protocol):
    """A shop system's API, as far as it is asked for what the shop has written."""

    def pages(self) -> Iterator[ShopPage]:
        """Every page that shoppers may read.

        Raises:
            FeedbackError: the system does not answer, or not to all that it was asked.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def read_shop_pages(keeper: PageKeeper, sources: Sources, shop: ShopPages) -> str:
    """Read a shop's pages; those that are no longer there are gone. What went wrong, or ""."""
    source_id = keeper.source.source_id
    most = keeper.source.options.get("pages", MOST_PAGES)
    came: set[str] = set()
    try:
        for page in shop.pages():
            if len(came) == most:
                return f"More than {most} (--pages) pages; the rest is left out."
            came.add(page.url)
            sources.found(source_id, [page.url], 0, most)
            known = sources.page(page_id_of(source_id, page.url))
            keeper.keep(known, page.document(), "text/html; charset=utf-8")
    except FeedbackError as failed:  # what did not come may be there still
        return str(failed)
    for left in sources.pages(source_id):
        if left.url not in came and left.state != "gone":
            keeper.gone(left)
    return ""
