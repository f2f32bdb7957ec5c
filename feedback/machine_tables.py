"""The tables of the machinery itself: what several processes must count together."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from feedback.columns import Instant


class RateWindow(SQLModel, table=True):
    """How often somebody, as a keyed hash, asked in one minute; deleted some minutes later.

    On PostgreSQL it is not logged: after a crash of the server everybody starts anew.
    """

    who: str = Field(primary_key=True)
    starts: datetime = Field(primary_key=True, sa_type=Instant, index=True)
    count: int = 0
