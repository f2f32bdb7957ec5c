"""Works off mails that are due, next to the chat."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.channels.mail.compose import MailWriter
from bot.channels.mail.send import MailNotSent, SmtpServer
from feedback.db import DialogueTurn
from feedback.desk import note_undelivered
from feedback.dialogues import Store
from feedback.files import Files, OpenedFile
from feedback.mail import DueMail, MailAddresses

log = structlog.get_logger()


@dataclass(frozen=True)
class MailWorker:
    """Sends each shopper what they agreed to."""

    store: Store
    server: SmtpServer
    writer: MailWriter
    clock: Callable[[], datetime]
    unread_for: timedelta  # an answer that is read in the chat by then is not mailed

    def look(self) -> None:
        """Send all that is due now."""
        addresses = MailAddresses(self.store.db)
        for mail in addresses.take_due(self.clock(), self.unread_for):
            turns = self.store.turns(mail.dialogue_id, after=mail.after)
            said = [turn for turn in turns if mail.transcript or _unread(turn, mail)]
            message = self.writer.write(mail, said, self.clock(), self._files(mail, said))
            sender = self.writer.envelope_sender(mail)
            try:
                if said:
                    self.server.send(message, envelope_sender=sender)
            except MailNotSent as error:
                given_up = addresses.failed(mail, self.clock())
                log.warning("mail.not_sent", reason=str(error), given_up=given_up)
                if given_up:
                    note_undelivered(self.store.db, mail.dialogue_id, self.clock())
                continue
            addresses.sent(mail, turns[-1].turn_id or 0 if turns else mail.after, self.clock())
            log.info("mail.sent", transcript=mail.transcript)

    def _files(self, mail: DueMail, turns: list[DialogueTurn]) -> list[OpenedFile]:
        files = Files(self.store.db)
        sent = files.sent_in(mail.dialogue_id)
        kept = [file for turn in turns for file in sent.get(turn.client_id or "", ())]
        opened = (files.open(file.file_id) for file in kept if file.sender == "staff")
        return [one for one in opened if one is not None]


def _unread(turn: DialogueTurn, mail: DueMail) -> bool:
    return turn.speaker == "staff" and (turn.turn_id or 0) > mail.read
