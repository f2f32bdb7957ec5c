"""A document as it was read: its passages, and what it says of itself."""

from datetime import datetime
from typing import NamedTuple

from feedback.db import FeedbackError
from feedback.knowledge.documents.cut import Cut


class ShopDocument(NamedTuple):
    """A page or file of the shop's, cut into passages.

    `links` are the addresses it leads to, as they are written in it; `base` is what they are
    relative to where it says so itself. `may_keep` and `may_follow` are its wishes to robots.
    """

    title: str
    language: str
    cuts: tuple[Cut, ...]
    dated_at: datetime | None = None
    links: tuple[str, ...] = ()
    base: str = ""
    may_keep: bool = True
    may_follow: bool = True


class Unreadable(FeedbackError):
    """A document has nothing that could be read; the message says why, and what to do."""
