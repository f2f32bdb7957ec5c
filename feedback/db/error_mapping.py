"""Maps the drivers' errors to errors that say what to do, for people who run the shop."""

from sqlalchemy.exc import DBAPIError

from feedback.db.errors import StoreAway, StoreDamaged, StoreFailing, StoreUnreadable

RESTORE = "Stop the bots and restore a backup: shopclerk restore FILE --replace."

# What a driver says, and what it means; the first that occurs in the message holds.
_SQLITE_FAILURES = (
    ("no such table", "it has no tables yet", "Start `shopclerk up` once: it makes them."),
    ("no such column", "its tables are of an older version", "Restart: the start migrates them."),
    ("unable to open", "it can not be opened", "Check that it is a file, in a folder you may use."),
    ("not a database", "the file is not a database", "Name another file, or restore a backup."),
    ("malformed", "the file is damaged", RESTORE),
    ("readonly", "it can only be read", "Give this user the right to write it and its folder."),
    ("full", "the disk is full", "Make room on it."),
    ("disk I/O", "the disk can not be read or written", "Check the disk and the permissions."),
    ("locked", "another process holds it", "End the other process, or try again."),
)
_POSTGRES_FAILURES = (
    ("No space left", "the disk is full", "Make room on it."),
    ("could not write", "the disk can not be read or written", "Check the server's disk."),
    ("invalid page", "a page of it is damaged", "Restore a backup."),
    ("password authentication", "the password is refused", "Check SHOPCLERK_DATABASE_URL."),
    ("statement timeout", "a statement took too long", "Look into pg_stat_activity who holds it."),
    (
        "no schema has been selected",
        "the schema that its address names in search_path is not there",
        "Make it: CREATE SCHEMA name; or leave `options` out of SHOPCLERK_DATABASE_URL.",
    ),
    ("does not exist", "it does not exist there", "Create it, or start `shopclerk up` once."),
)

_KINDS = {
    "the file is damaged": StoreDamaged,
    "the file is not a database": StoreDamaged,
    "the disk is full": StoreFailing,
    "the disk can not be read or written": StoreFailing,
    "it can only be read": StoreFailing,
}


def as_unreadable(failure: DBAPIError, where: str, *, is_sqlite: bool) -> StoreUnreadable | None:
    """What to tell people of `failure`; None where it is not the database's fault."""
    said = str(failure.orig)
    known = _SQLITE_FAILURES if is_sqlite else _POSTGRES_FAILURES
    for words, reason, remedy in known:
        if words in said:
            kind = _KINDS.get(reason, StoreUnreadable)
            return kind(where, reason, remedy)
    if is_sqlite or not (failure.connection_invalidated or _never_connected(failure)):
        return None
    reason = "the server does not answer"
    return StoreAway(where, reason, "Check that it runs and that its address holds.")


def _never_connected(failure: DBAPIError) -> bool:
    # Without a statement nothing was asked yet: it is the connection that failed.
    return failure.statement is None and type(failure.orig).__name__ in (
        "OperationalError",
        "ConnectionTimeout",
    )
