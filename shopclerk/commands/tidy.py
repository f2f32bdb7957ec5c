"""`shopclerk tidy`: what is older than it may be kept is deleted."""

from feedback.privacy import prune, retention
from feedback.privacy.retention import Keep
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now


def run() -> dict[str, int]:
    """Delete what was said, who said it and the machinery's own records; how many of each kind."""
    settings = read_settings()
    database, now = open_database(settings), utc_now()
    keep = Keep(settings.keep_dialogues, settings.keep_identities, settings.keep_audit)
    try:
        return {**retention.tidy(database, now, keep), **prune.tidy(database, now)}
    finally:
        database.close()
