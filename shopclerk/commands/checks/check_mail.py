"""`shopclerk check`: the mail server that answers go through, and the mailbox of replies."""

from bot.channels.mail import ImapMailbox, MailNotFetched, MailNotSent, SmtpServer
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings


def look_at_mail(settings: Settings) -> list[Finding]:
    """Sign in at each; nothing is sent, read or marked. Nothing where none is set."""
    findings = []
    if settings.smtp_url is not None:
        findings.append(_sending(settings.smtp_url.get_secret_value(), settings.mail_from))
    if settings.imap_url is not None:
        findings.append(_replies(settings.imap_url.get_secret_value(), settings))
    return findings


def _sending(url: str, sender: str) -> Finding:
    if "@" not in sender:
        return Finding("mail", False, "write who sends mail as SHOPCLERK_MAIL_FROM")
    try:
        SmtpServer(url).check()
    except MailNotSent as error:
        return Finding("mail", False, f"the server refuses ({error}); see SHOPCLERK_SMTP_URL")
    return Finding("mail", True, f"signed in; {sender} writes to shoppers")


def _replies(url: str, settings: Settings) -> Finding:
    mailbox = ImapMailbox(url)
    if settings.smtp_url is None or not settings.mail_reply_to:
        text = "SHOPCLERK_IMAP_URL needs SHOPCLERK_SMTP_URL and SHOPCLERK_MAIL_REPLY_TO"
        return Finding("mailbox", False, text)
    try:
        with mailbox.opened():
            return Finding("mailbox", True, f"{mailbox.name} is read once a minute")
    except MailNotFetched as error:
        text = f"{mailbox.name} cannot be read ({error}); see SHOPCLERK_IMAP_URL"
        return Finding("mailbox", False, text)
