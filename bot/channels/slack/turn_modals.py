"""Modals of whose turn it is: assign a card, snooze it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import Block, plain
from bot.channels.slack.modal_parts import modal, option
from feedback.desk import OfficeHours

SHORT: Final = (timedelta(hours=1), timedelta(hours=4))
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class SnoozeTime(NamedTuple):
    """A time that a card may be put off until."""

    until: datetime
    words: str


def assign_modal(about: Mapping[str, Any], assignee: str | None) -> Block:
    """Whose the card is; nobody's where the field is left empty."""
    element: Block = {"type": "users_select", "action_id": "value"}
    if assignee is not None and assignee.startswith(("U", "W")):
        element["initial_user"] = assignee
    field = {
        "type": "input",
        "block_id": "who",
        "optional": True,
        "label": plain("Whose is it?"),
        "hint": plain("They are told in the card's thread. Empty: nobody's again.", 150),
        "element": element,
    }
    return modal(action_ids.ASSIGN_MODAL, "Assign", "Assign", about, [field])


def snooze_modal(about: Mapping[str, Any], times: Sequence[SnoozeTime]) -> Block:
    """Until when the card is left out of the lists and of reminders."""
    options = [option(one.words, str(int(one.until.timestamp()))) for one in times]
    choose: Block = {
        "type": "input",
        "block_id": "until",
        "optional": True,
        "label": plain("Until when?"),
        "hint": plain("It comes back earlier when the shopper writes.", 150),
        "element": {"type": "radio_buttons", "action_id": "value", "options": options},
    }
    other: Block = {
        "type": "input",
        "block_id": "at",
        "optional": True,
        "label": plain("Or at another time"),
        "element": {"type": "datetimepicker", "action_id": "value"},
    }
    return modal(action_ids.SNOOZE_MODAL, "Snooze", "Snooze", about, [choose, other])


def snooze_times(now: datetime, zone: tzinfo, hours: OfficeHours) -> list[SnoozeTime]:
    """What is offered: in an hour, in four, when the office opens next day, and next Monday.

    >>> from datetime import UTC
    >>> from feedback.desk import read_office_hours
    >>> friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    >>> times = snooze_times(friday, UTC, read_office_hours("mon-fri 09:00-17:00"))
    >>> [time.words for time in times]
    ['In 1 hour, at 16:00', 'In 4 hours, at 19:00', 'Monday, 09 March, 09:00']
    """
    local = now.astimezone(zone)
    soon = [(now + wait, f"In {wait.seconds // 3600} hours, at ") for wait in SHORT]
    found = [
        SnoozeTime(at, f"{words}{at.astimezone(zone):%H:%M}".replace("1 hours", "1 hour"))
        for at, words in soon
    ]
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (1, 7 - local.weekday()):
        opens = hours.after(midnight + timedelta(days=days), timedelta(0))
        if opens is not None and all(opens != one.until for one in found):
            at = opens.astimezone(zone)
            found.append(SnoozeTime(opens, f"{DAYS[at.weekday()]}, {at:%d %B, %H:%M}"))
    return found


def read_when(view: Mapping[str, Any]) -> datetime | None:
    """The time that was chosen, the picked one before the offered ones."""
    values = (view.get("state") or {}).get("values") or {}
    picked = ((values.get("at") or {}).get("value") or {}).get("selected_date_time")
    offered = ((values.get("until") or {}).get("value") or {}).get("selected_option") or {}
    seconds = picked or offered.get("value")
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None


def read_who(view: Mapping[str, Any]) -> str:
    """The person who was chosen; "" where nobody was."""
    values = (view.get("state") or {}).get("values") or {}
    return str(((values.get("who") or {}).get("value") or {}).get("selected_user") or "")
