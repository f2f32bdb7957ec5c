"""The tables. Read them in this order: knowledge, pages, people, dialogues, signals, sales, runs.

Types in annotations are read at run time, so these modules do without postponed annotations.
"""

from feedback.db.tables import (
    actions,
    attention,
    audit,
    desk,
    dialogues,
    files,
    knowledge,
    mail,
    pages,
    people,
    processes,
    runs,
    sales,
    shop_connections,
    signals,
)

__all__ = [
    "actions",
    "attention",
    "audit",
    "desk",
    "dialogues",
    "files",
    "knowledge",
    "mail",
    "pages",
    "people",
    "processes",
    "runs",
    "sales",
    "shop_connections",
    "signals",
]
