"""The tables of mail: where a dialogue's answers go, and how far a mailbox of replies is read."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class MailAddress(SQLModel, table=True):
    """Where a shopper wants the staff's answers of one dialogue, as they agreed in the chat.

    The only table that holds an address in the clear: without it nothing could be sent. The row
    goes when they end it, when mail comes back, and with age.
    """

    __tablename__: ClassVar[str] = "mail_address"

    dialogue_id: str = Field(primary_key=True, foreign_key="dialogue.dialogue_id")
    address: str = Field(sa_type=Words)
    reply_key: str = Field(unique=True)  # names the dialogue in the address that answers go to
    locale: str
    answers: bool = False  # every answer that is not read in the chat
    transcript: bool = False  # the whole dialogue, once
    mailed_turn: int = Field(default=0, sa_type=BigInteger)  # the newest that was sent
    attempts: int = 0  # that failed, one after another
    due_at: datetime = Field(sa_type=Instant)  # not before: a lease, or the pause after a failure
    agreed_at: datetime = Field(sa_type=Instant, index=True)


class ReadMailbox(SQLModel, table=True):
    """How far the mailbox is read to which shoppers reply, and when it is looked at next."""

    __tablename__: ClassVar[str] = "read_mailbox"

    mailbox: str = Field(primary_key=True)  # `user@host/folder`
    validity: int = Field(default=0, sa_type=BigInteger)  # the server's: mails are numbered anew
    uid: int = Field(default=0, sa_type=BigInteger)  # the newest mail that was looked at
    stuck_at: int = Field(default=0, sa_type=BigInteger)  # the mail that failed; 0: the server did
    failures: int = 0  # of it, one after another
    due_at: datetime = Field(sa_type=Instant)  # not before: for one process at a time
