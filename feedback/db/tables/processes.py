"""The tables that processes share: rate limits, requests to the model, probes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class RateWindow(SQLModel, table=True):
    """How often somebody, as a keyed hash, asked in one minute; deleted some minutes later.

    On PostgreSQL it is not logged: after a crash of the server all counts start at nothing.
    """

    who: str = Field(primary_key=True)
    starts: datetime = Field(primary_key=True, sa_type=Instant, index=True)
    count: int = 0


class ModelRequest(SQLModel, table=True):
    """What somebody asked of the model; carried out by the schedule, which may write the models.

    A bot may have them to read only, as compose gives them, and on a machine of its own.
    """

    request_id: str = Field(primary_key=True)
    act: str  # one of `feedback.db.model_requests.ACTS`
    version: int | None = None  # of promote and keep
    person: str  # the name of who asked
    asked_at: datetime = Field(sa_type=Instant, index=True)
    taken_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    refused: bool = False
    sentence: str | None = Field(default=None, sa_type=Words)  # what came of it, for people


class Forwarder(SQLModel, table=True):
    """A sender of X-Forwarded-For that is no trusted proxy; see `feedback.db.forwarders`."""

    address: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Instant)


class WriteProbe(SQLModel, table=True):
    """One row, written to see whether the store takes writes; see `feedback.db.health`."""

    __tablename__ = "write_probe"

    probe_id: int = Field(primary_key=True)
    filling: str = Field(sa_type=Words)  # empty, but for a moment
