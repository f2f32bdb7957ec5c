"""Runs the Alembic migrations, from inside the process and from an installed wheel.

Alembic is loaded only when there is something to do: it costs a bot 11 MB and 0.2 s.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from feedback.db.errors import StoreUnreadable

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = Path(__file__).parent / "migrations" / "versions"

# Any number, the same for all of us: processes that start together wait for one another here.
ADVISORY_LOCK = 447_955


def revisions() -> list[str]:
    """The numbers of all revisions this program knows, oldest first."""
    return sorted(path.name.partition("_")[0] for path in REVISIONS.glob("[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """Whether the tables have their newest form already.

    Revisions are numbered, and each file's name begins with its own.
    """
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = revisions()[-1]
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(found) == [newest]


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings: the scripts inside this package, over an open connection."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "feedback.db:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade_to_head(connection: Connection, where: str) -> None:
    """Run the revisions that are missing, all or none.

    Raises:
        StoreUnreadable: a newer version of shopclerk has written here.
    """
    with connection.begin():
        if is_current(connection):
            return
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        with without_references(connection), connection.begin():
            if connection.dialect.name != "sqlite":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK}
                )
            command.upgrade(alembic_config(connection), "head")
    except CommandError as unknown:
        raise StoreUnreadable(
            where,
            f"its tables were made by another version of shopclerk ({unknown})",
            "Install that version or a newer one.",
        ) from unknown


@contextmanager
def without_references(connection: Connection) -> Iterator[None]:
    """On SQLite no row is asked for those it refers to; to be entered before a transaction.

    A rebuilt table would take the rows that refer to it along. Inside a transaction the setting has
    no effect any more, so it is given to the driver before.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    _driver(connection, "PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        _driver(connection, "PRAGMA foreign_keys=ON")


def _driver(connection: Connection, statement: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()
