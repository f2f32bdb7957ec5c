"""Targets of answer times: whose turn it is on a card, since when, and until when. Pure."""

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from feedback.db import DeskCard
from feedback.desk.office_hours import ALWAYS, OfficeHours, read_office_hours

WaitsFor = Literal["staff", "shopper", "nobody"]


class AnswerTargets(NamedTuple):
    """How soon the staff want to answer, in office time."""

    first: timedelta = timedelta(minutes=30)  # a dialogue that came to them
    next: timedelta = timedelta(hours=1)  # what the shopper writes afterwards
    hours: OfficeHours = read_office_hours(ALWAYS)


USUAL_TARGETS: Final = AnswerTargets()


class Standing(NamedTuple):
    """Whose turn it is on a card."""

    waits_for: WaitsFor  # who has to act: nobody on a closed card
    since: datetime  # of the wait; of the last act where nobody waits for the staff
    due: datetime | None = None  # until when the staff want to answer
    remind: datetime | None = None  # when half the time until then has passed
    snoozed: bool = False
    overdue: bool = False


def standing(card: DeskCard, now: datetime, targets: AnswerTargets) -> Standing:
    """Whose turn it is, since when, until when; a snooze puts the wait's beginning off."""
    if card.state == "closed":
        return Standing("nobody", card.acted_at)
    snoozed = card.snoozed_until is not None and card.snoozed_until > now
    if card.waiting_since is None:
        return Standing("shopper", card.acted_at, snoozed=snoozed)
    since = wait_began(card.waiting_since, card.snoozed_until)
    target = targets.first if card.first_answered_at is None else targets.next
    due = targets.hours.after(since, target)
    remind = targets.hours.after(since, target / 2)
    overdue = not snoozed and due is not None and due <= now
    return Standing("staff", since, due, remind, snoozed, overdue)


def wait_began(waiting_since: datetime, snoozed_until: datetime | None) -> datetime:
    """From when on a wait is counted: who snoozes it has looked at it, and it begins again then."""
    return max(waiting_since, snoozed_until or waiting_since)
