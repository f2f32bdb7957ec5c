"""The table of files: pictures and documents that shoppers and staff send each other."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Base64, Instant, Words


class SharedFile(SQLModel, table=True):
    """A file of a dialogue, as it was kept: pictures are never the sender's own bytes.

    It lies in the store, not beside it: whoever is forgotten, backed up or moved to PostgreSQL
    takes their files along in the same transaction.
    """

    __tablename__: ClassVar[str] = "shared_file"
    model_config = {"ser_json_bytes": "base64"}  # as it is exported

    file_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    sender: str  # shopper, staff
    # The `client_id` of the turn it was sent with; None: chosen, and not sent yet.
    client_id: str | None = Field(default=None, sa_type=Words)
    name: str = Field(sa_type=Words)
    media_type: str
    size: int  # bytes
    width: int | None = None  # of a picture
    height: int | None = None
    content: bytes = Field(sa_type=Base64)
    thumbnail: bytes | None = Field(default=None, sa_type=Base64)  # of a picture
    at: datetime = Field(sa_type=Instant, index=True)
