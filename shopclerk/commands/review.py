"""`shopclerk review`: chooses today's answers for the staff to judge; the bot posts them."""

from zoneinfo import ZoneInfo

from feedback.desk import Sheets
from feedback.signals import gather
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now


def review() -> str:
    """Make today's sheet, once a day; returns what came of it."""
    settings = read_settings()
    now = utc_now()
    day = now.astimezone(ZoneInfo(settings.time_zone)).date().isoformat()
    database = open_database(settings)
    try:
        direct, assisted = settings.direct_window, settings.assisted_window
        found = gather(database, now=now, direct_window=direct, assisted_window=assisted)
        count = Sheets(database).make(
            day, now, direct_window=direct, assisted_window=assisted, torn=found.torn
        )
    finally:
        database.close()
    if not count:
        return f"Nothing to review on {day}: every answer of the last week was judged."
    where = "in the review channel" if settings.review_channel else "at /desk"
    return f"{count} answers to review on {day}, {where}."
