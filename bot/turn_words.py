"""The words in which the staff read whose turn it is, in Slack and at the desk. Pure."""

from datetime import datetime, timedelta, tzinfo

from feedback.desk import Standing


def turn_words(turn: Standing, now: datetime, zone: tzinfo) -> str:
    """Whose turn it is, since when, and until when.

    >>> from datetime import UTC
    >>> since, due = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
    >>> turn_words(Standing("staff", since, due), since, UTC)
    'waits for us since 12:00, answer by Tue 3 Mar 09:00'
    """
    if turn.snoozed:
        return "snoozed"
    if turn.waits_for == "nobody":
        return "done"
    if turn.waits_for == "shopper":
        return "it is the shopper's turn"
    waits = f"waits for us since {day_time(turn.since, now, zone)}"
    if turn.due is None:
        return waits
    due = day_time(turn.due, now, zone)
    return f"overdue since {due}, {waits}" if turn.overdue else f"{waits}, answer by {due}"


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """A time of day in the shop's zone.

    >>> from datetime import UTC
    >>> clock_time(datetime(2026, 3, 2, 14, 5, tzinfo=UTC), UTC)
    '14:05'
    """
    return f"{moment.astimezone(zone):%H:%M}"


def day_time(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """A time of day, with its day where that is not today.

    >>> from datetime import UTC
    >>> day_time(datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 6, 17, tzinfo=UTC), UTC)
    'Mon 9 Mar 09:00'
    """
    local = moment.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def duration_words(length: timedelta) -> str:
    """A length of time, in the largest unit that fits.

    >>> [duration_words(timedelta(minutes=length)) for length in (95, 120, 5)]
    ['1 h 35 min', '2 h', '5 min']
    """
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not hours)
    return " ".join(parts)
