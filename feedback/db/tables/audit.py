"""The tables of accounts, logins, the audit log and erasures."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import BigKey, Instant, Words


class StaffAccount(SQLModel, table=True):
    """A person who may log in at the desk; the password is kept as an argon2id hash only."""

    login: str = Field(primary_key=True)  # the name, case folded
    name: str = Field(sa_type=Words)  # as shoppers see it
    password_hash: str
    role: str  # staff, owner
    made_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)


class StaffSession(SQLModel, table=True):
    """A session of the desk; only a hash of its cookie is stored."""

    session_hash: str = Field(primary_key=True)  # SHA-256 of what the cookie holds
    login: str | None = Field(default=None, index=True)  # None: by the shop's one password
    name: str = Field(sa_type=Words)
    role: str
    csrf: str
    made_at: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant, index=True)


class AuditEntry(SQLModel, table=True):
    """Something that a member of the staff, a command or a job did; never what was written."""

    number: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    entry_key: str = Field(unique=True)  # the same deed again is one entry
    at: datetime = Field(sa_type=Instant, index=True)
    actor: str = Field(sa_type=Words)  # desk:mei, slack:U1, command:shop, job:retrain
    role: str  # staff, owner, job
    action: str  # desk.send, slack.approve, command.promote, job.report
    subject: str = Field(default="", sa_type=Words)  # the id of what it was done to
    outcome: str = "done"  # done, refused, failed
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})  # at the desk only


class Forgetting(SQLModel, table=True):
    """An entry of the list of erasures: enough to forget the same again in an older backup."""

    forgetting_id: str = Field(primary_key=True)
    erased_at: datetime = Field(sa_type=Instant, index=True)
    examples: int  # that the next training leaves out
    shopper_hash: str = ""  # SHA-256 of the shopper's random id; "" where only orders were unnamed
    # Source and id of each order that was made nameless.
    orders: list[list[str]] = Field(default_factory=list, sa_type=JSON)
    runs: list[str] = Field(default_factory=list, sa_type=JSON)  # whose data held their words
    cleaned_at: datetime | None = Field(default=None, sa_type=Instant)  # None: in versions still
