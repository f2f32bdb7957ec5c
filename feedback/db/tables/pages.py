"""The tables of pages: sources the owner named, their pages, and the passages cut from them."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Base64, Instant, Words


class Source(SQLModel, table=True):
    """Something of the shop's that is read: a site, a page, a file, a folder, an API."""

    source_id: str = Field(primary_key=True)  # a short hash of its address
    kind: str  # site, page, file, folder, shopify, wordpress
    address: str = Field(sa_type=Words)  # as the owner named it
    options: dict[str, int] = Field(default_factory=dict, sa_type=JSON)  # limits of a site
    state: str = "waiting"  # waiting, reading, read, failed
    problem: str = Field(default="", sa_type=Words)  # what went wrong last, and the remedy
    active: bool = True  # False: the staff took it away; nothing of it is said
    added_at: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)  # gone over to its end


class Page(SQLModel, table=True):
    """A page or document of a source as it was read last."""

    page_id: str = Field(primary_key=True)  # a short hash of its source and address
    source_id: str = Field(foreign_key="source.source_id", index=True, ondelete="CASCADE")
    url: str = Field(sa_type=Words)  # a web address, or a path within the folder
    title: str = Field(default="", sa_type=Words)
    language: str = ""
    state: str = "waiting"  # waiting, read, empty, refused, gone
    problem: str = Field(default="", sa_type=Words)
    depth: int = 0  # links from the site's first page
    active: bool = True  # False: the staff took it away
    digest: str = ""  # of its content
    etag: str = Field(default="", sa_type=Words)
    last_modified: str = Field(default="", sa_type=Words)  # as the server wrote it
    dated_at: datetime | None = Field(default=None, sa_type=Instant)  # as it says of itself
    version: int = 0  # counts its changes
    missed: int = 0  # times in a row that it could not be had
    looked_at: datetime | None = Field(default=None, sa_type=Instant)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)


class Passage(SQLModel, table=True):
    """A few sentences of a page that belong together, and where in it they stand."""

    passage_id: str = Field(primary_key=True)  # a hash of page, headings and text
    page_id: str = Field(foreign_key="page.page_id", index=True, ondelete="CASCADE")
    position: int  # in its page
    headings: list[str] = Field(default_factory=list, sa_type=JSON)  # outermost first
    question: str = Field(default="", sa_type=Words)  # of a question-answer pair
    text: str = Field(sa_type=Words)
    sentences: list[str] = Field(default_factory=list, sa_type=JSON)
    leads: list[str] = Field(default_factory=list, sa_type=JSON)  # see `Cut.leads`
    language: str = ""
    version: int  # the page's in which it stood first
    here: bool = True  # False: no longer in the page
    copy_of: str | None = None  # the passage that says the same, and is said in its place
    active: bool = Field(default=True, index=True)  # may be said
    vector: bytes | None = Field(default=None, sa_type=Base64)  # float16, a vector a sentence
    vector_version: int | None = Field(default=None, index=True)  # the model's that made it
    updated_at: datetime = Field(sa_type=Instant, index=True)  # anything of it, or of its page


class Contradiction(SQLModel, table=True):
    """Two sentences of different pages that state another amount or time for the same."""

    contradiction_id: str = Field(primary_key=True)  # a hash of both
    passage_id: str
    said: str = Field(sa_type=Words)
    other_id: str  # the other passage
    said_by_other: str = Field(sa_type=Words)
    dismissed_by: str | None = None  # of the staff: both hold
    updated_at: datetime = Field(sa_type=Instant)
