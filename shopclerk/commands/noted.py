"""Audit log of commands: which was run, by whom, how it ended; never its arguments."""

from collections.abc import Sequence

import structlog

from feedback.db import FeedbackError
from feedback.desk import Audit, Deed
from shopclerk.settings import BadSettings, read_settings, started_by
from shopclerk.wiring import new_id, open_database, utc_now

log = structlog.get_logger()

NOTED = {
    "erase",
    "exclude",
    "export",
    "import",
    "promote",
    "propose",
    "reconcile",
    "retrain",
    "review",
    "rollback",
    "staff",
    "tidy",
    "train",
}


def is_noted(arguments: Sequence[str]) -> bool:
    """Whether the command changes something, or shows somebody's data."""
    name = arguments[0] if arguments else ""
    return "--help" not in arguments and (
        name in NOTED or (name == "report" and "--post" in arguments)
    )


def note(arguments: Sequence[str], *, done: bool) -> None:
    """One line; a store that cannot be written is said, and the command's own outcome stands."""
    subject = next((one for one in arguments[1:] if one.isdecimal()), "")  # a version's number
    by = started_by()
    try:
        database = open_database(read_settings())
        try:
            Audit(database).note(
                Deed(
                    by,
                    "job" if by.startswith("job:") else "owner",
                    f"command.{arguments[0]}",
                    subject,
                    "done" if done else "failed",
                ),
                key=new_id(),
                now=utc_now(),
            )
        finally:
            database.close()
    except (FeedbackError, BadSettings) as error:
        log.warning("audit.not_noted", action=arguments[0], reason=str(error))
