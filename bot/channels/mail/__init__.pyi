from .compose import MailIdentity as MailIdentity, MailWriter as MailWriter
from .fetch import (
    ImapMailbox as ImapMailbox,
    MailFetcher as MailFetcher,
    MailNotFetched as MailNotFetched,
)
from .read import IncomingMail as IncomingMail, read_mail as read_mail
from .routers import MAIL_ROUTERS as MAIL_ROUTERS
from .send import MailNotSent as MailNotSent, SmtpServer as SmtpServer
from .take import take_mail as take_mail
from .worker import MailWorker as MailWorker
