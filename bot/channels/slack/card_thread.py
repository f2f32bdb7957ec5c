"""The thread of a card: what the staff write there, and what of it goes to the shopper."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from bot.channels.slack.files import FetchedFile, keep_files, names_of
from bot.channels.slack.messages import Edit, Message
from bot.channels.slack.thread_notes import A_NOTE, note_in
from bot.languages import phrases_in
from feedback.db import DeskCard, DeskRefused
from feedback.desk import CardView, Corrections, Desk, Staff
from feedback.files import Files

SENT_BEFORE: Final = "The shopper has this already."


class Relayed(NamedTuple):
    """Whether a message reached the shopper, and what to tell who wrote it."""

    sent: bool
    told: str | None


class _Kept(NamedTuple):
    """Files that go with a message: their names, and what is told of those that do not."""

    names: str
    told: str


class CardThread:
    """Messages of the staff under cards."""

    def __init__(
        self,
        desk: Desk,
        files: Files,
        clock: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        """`wake` tells open web chats that a dialogue has something new."""
        self.desk = desk
        self._files = files
        self._clock = clock
        self._wake = wake

    def is_live_for(self, card: DeskCard, staff: Staff, now: datetime) -> bool:
        """Whether what this person writes in the card's thread goes to the shopper."""
        live = card.live_until is not None and now < card.live_until
        return card.state == "taken" and live and card.staff == staff.id

    def hear(
        self, card: DeskCard, message: Message, staff: Staff, files: Sequence[FetchedFile]
    ) -> Relayed:
        """A message of the staff in a card's thread that is live; what of it was sent."""
        key = message_key(message.channel, message.ts)
        kept = self._keep(files, card.dialogue_id, key)
        if not (text := message.text.strip() or kept.names):
            return Relayed(False, kept.told)
        sent = self.desk.relay(card.card_id, key, staff, text, self._clock())
        if sent:
            self._wake(card.dialogue_id)
        return Relayed(sent, kept.told if sent else None)

    def _keep(self, files: Sequence[FetchedFile], dialogue_id: str, key: str) -> _Kept:
        refused = keep_files(
            self._files,
            files,
            dialogue_id=dialogue_id,
            client_id=key,
            sender="staff",
            now=self._clock(),
        )
        gone = {file.file_id for file in refused}
        told = [f"{names_of([file])} did not go to the shopper. {file.refused}" for file in refused]
        return _Kept(names_of([one for one in files if one.file_id not in gone]), "\n".join(told))

    def correct(self, card: DeskCard, edit: Edit) -> None:
        """A colleague changed, or took back, what may have been sent to the shopper."""
        view = self.desk.view(card.card_id)
        words = phrases_in(view.locale if view else "en")
        gone = edit.deleted or note_in(edit.text) is not None  # a note is for the team alone
        text = words.withdrawn if gone else edit.text
        told = words.withdrawn if gone else words.corrected.format(text=edit.text)
        key = message_key(edit.channel, edit.ts)
        if Corrections(self.desk.db).by_staff(card.dialogue_id, key, text, told, self._clock()):
            self._wake(card.dialogue_id)

    def send_message(
        self, view: CardView, message: Message, staff: Staff, files: Sequence[FetchedFile]
    ) -> Relayed:
        """Send one internal message to the shopper, with its files; what to tell who sent it."""
        if note_in(message.text) is not None:
            return Relayed(False, A_NOTE)
        key = message_key(message.channel, message.ts)
        kept = self._keep(files, view.card.dialogue_id, key)
        text = message.text.strip() or kept.names
        if not text and kept.told:
            return Relayed(False, kept.told)
        if not text:
            return Relayed(False, "The text is empty; nothing was sent.")
        try:
            sent = self.desk.send(view.card.card_id, key, staff, text, self._clock())
        except DeskRefused as refused:
            return Relayed(False, str(refused))
        self._wake(view.card.dialogue_id)
        return Relayed(sent, kept.told or (None if sent else SENT_BEFORE))


def message_key(channel: str, ts: str) -> str:
    """Names a message of the staff, so that it reaches the shopper once, whichever way it goes."""
    return f"staff:{channel}:{ts}"
