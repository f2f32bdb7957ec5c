"""Internal notes in a card's thread: a message that begins with a note mark stands at the desk too.

Whatever the thread is, live or not, such a message never goes to the shopper.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from bot.channels.slack.files import names_of
from bot.channels.slack.messages import Edit, Message
from bot.channels.slack.text import cut
from bot.conversation import MAX_TEXT
from feedback.db import DeskCard
from feedback.desk import InternalNotes, thread_note_id

MARK: Final = re.compile(r"^\s*(?:(?:(?:internal\s+)?note|备注|備註)\s*[:：]|📝\s*[:：]?)\s*", re.I)
KEPT: Final = "memo"  # the reaction at a message that was kept
EMPTY: Final = "The note is empty: write it behind its mark."
A_NOTE: Final = "This is a note for the team: it does not go to the shopper."


def note_in(text: str) -> str | None:
    """What a note says; None: it is none, for it has no mark.

    >>> note_in("Note: gave her a discount in May")
    'gave her a discount in May'
    >>> note_in("📝 老顾客"), note_in("please note: we close at six")
    ('老顾客', None)
    """
    mark = MARK.match(text)
    return text[mark.end() :].strip() if mark else None


class ThreadNotes(NamedTuple):
    """Notes that are written in cards' threads."""

    notes: InternalNotes
    clock: Callable[[], datetime]

    def keep(self, card: DeskCard, message: Message, author: str) -> str | None:
        """Keep a message as a note, with the names of its files; what to tell who wrote it."""
        text = note_in(message.text) or names_of(message.files)
        if not text:
            return EMPTY
        note_id = thread_note_id(message.channel, message.thread_ts, message.ts)
        said = cut(text, MAX_TEXT)
        self.notes.add(card.dialogue_id, said, author, self.clock(), note_id=note_id)
        return None

    def change(self, edit: Edit) -> bool:
        """A message was changed or taken back. False: it was no note, and is none."""
        text = None if edit.deleted else note_in(edit.text)
        note_id = thread_note_id(edit.channel, edit.thread_ts, edit.ts)
        return self.notes.change(note_id, cut(text, MAX_TEXT) if text else None)
