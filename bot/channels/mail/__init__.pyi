from .compose import MailIdentity as MailIdentity, MailWriter as MailWriter
from .read import IncomingMail as IncomingMail, read_mail as read_mail
from .routers import MAIL_ROUTERS as MAIL_ROUTERS
from .send import SmtpServer as SmtpServer
from .worker import MailWorker as MailWorker
