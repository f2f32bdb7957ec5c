from .mailboxes import MailboxPlaces as MailboxPlaces, MailPlace as MailPlace
from .repository import (
    DueMail as DueMail,
    MailAddresses as MailAddresses,
    MailWish as MailWish,
    forget_mail_before as forget_mail_before,
)
