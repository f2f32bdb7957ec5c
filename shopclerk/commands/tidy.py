"""`shopclerk tidy`: the machinery's old records are deleted."""

from feedback.tidy import tidy
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now


def run() -> dict[str, int]:
    """Delete them; how many of each kind."""
    database = open_database(read_settings())
    try:
        return tidy(database, utc_now())
    finally:
        database.close()
