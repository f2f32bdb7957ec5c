"""A period of time, and the SQL condition that a row falls into it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_
from sqlmodel import col


class Period(NamedTuple):
    """From `since` (None: the beginning) up to, not including, `until`."""

    since: datetime | None
    until: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        """The condition that a column of times lies in it."""
        before = col(column) < self.until
        return before if self.since is None else and_(before, col(column) >= self.since)
