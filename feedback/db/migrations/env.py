"""Alembic's entry: runs the revisions over the connection it is handed.

To write a revision, change what is in `feedback/db/tables`, migrate a scratch database to head and
call `alembic.command.revision(alembic_config(connection), message, autogenerate=True)`.
"""

from alembic import context
from sqlmodel import SQLModel

import feedback.db.tables  # noqa: F401 (its import fills the metadata)


def run() -> None:
    """Run inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite changes a table by rebuilding it
        compare_type=True,
    )
    context.run_migrations()


if __name__ == "env_py":  # Alembic's name for it; whoever else imports it only wants to read it
    run()
