"""Turns of those who write passages: one at a time, each later than the one before."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from feedback.db import Passage, take_turns
from feedback.knowledge.upserts import later_than_all

WRITERS: Final = 7_301  # one at a time, so that `updated_at` never goes back for a reader


def turn_of(session: Session, now: datetime) -> datetime:
    """This writer's moment: later than whatever another has written."""
    take_turns(session, WRITERS)
    return later_than_all(session, Passage, now)
