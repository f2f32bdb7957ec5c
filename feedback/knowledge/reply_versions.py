"""Versions of replies: what each said before, who wrote it and when."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from feedback.db import Database, ReplyVersion
from feedback.knowledge.importers.records import ReplyLine


def keep_versions(
    session: Session,
    before: Mapping[tuple[str, str], str],
    replies: Iterable[ReplyLine],
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep the texts that are new or other than `before`, in a transaction that is open."""
    for reply in replies:
        if reply.text is not None and before.get((reply.reply_id, reply.locale)) != reply.text:
            session.add(ReplyVersion(**reply._asdict(), by=by, at=at))


def versions_of(db: Database, reply_id: str) -> list[ReplyVersion]:
    """All versions of a reply in every language, the newest first."""
    with db.reading() as session:
        theirs = select(ReplyVersion).where(ReplyVersion.reply_id == reply_id)
        return list(session.exec(theirs.order_by(col(ReplyVersion.number).desc())))
