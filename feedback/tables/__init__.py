"""The tables. Read them in this order: book, people, talk, signals, sales, runs.

Types in annotations are read at run time, so these modules do without postponed annotations.
"""

from feedback.tables import (
    book,
    desk,
    machines,
    people,
    runs,
    sales,
    shop,
    signals,
    talk,
    trust,
)

__all__ = [
    "book",
    "desk",
    "machines",
    "people",
    "runs",
    "sales",
    "shop",
    "signals",
    "talk",
    "trust",
]
