"""Times as the staff read them."""

from datetime import datetime


def ago(moment: datetime, now: datetime) -> str:
    """How long `moment` is past, in the largest unit that fits."""
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
