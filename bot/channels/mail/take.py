"""Takes a mail that came in, by whichever way: what it says is said to a person, no more."""

import structlog

from bot.channels.mail.read import IncomingMail
from bot.http import WebContext
from bot.languages import phrases_in
from feedback.desk import note_undelivered
from feedback.files import FileRefused, NewFile, TooManyFiles

log = structlog.get_logger()


def take_mail(context: WebContext, mail: IncomingMail) -> str:
    """What a mail came to, in a word. The same mail again comes to the same, and is said once."""
    replies = context.config.mail_replies
    key = replies.key_among(mail.recipients) if replies else None
    known = context.mail_addresses.of_key(key) if key else None
    if key is None or known is None:
        return "unknown"
    dialogue_id, address = known
    if mail.kind == "bounced":
        context.mail_addresses.end(key)
        note_undelivered(context.db, dialogue_id, context.clock())
        return "bounced"
    if mail.kind != "written":
        return mail.kind
    if mail.sender.casefold() != address.casefold():
        return "stranger"
    return _say(context, dialogue_id, mail)


def _say(context: WebContext, dialogue_id: str, mail: IncomingMail) -> str:
    client_id, kept = f"mail-{mail.mail_id}", 0
    for number, file in enumerate(mail.files):
        new = NewFile(
            f"{client_id}-{number}", dialogue_id, file.name, file.content, "shopper", client_id
        )
        try:
            context.files.keep(new, context.clock())
            kept += 1
        except (FileRefused, TooManyFiles) as error:
            log.info("mail.file_refused", reason=str(error))
    dialogue = context.store.dialogue(dialogue_id)
    if dialogue is None or not (mail.text or kept):
        return "empty"
    words = mail.text or phrases_in(dialogue.locale).mail.only_files
    context.clerk.hand_over(dialogue_id, "by_mail", client_id=client_id, said=words)
    context.notifier.wake(dialogue_id)
    return "taken"
