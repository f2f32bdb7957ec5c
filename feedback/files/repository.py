"""Repository of files: keeps what was checked, opens it, and tells which turn it came with."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, delete, select, update

from feedback.db import (
    Database,
    Dialogue,
    FeedbackError,
    SharedFile,
    UnknownDialogue,
    find,
    short_key,
)
from feedback.files.check import CheckedFile, checked_file

MOST_OF_A_DIALOGUE: Final = 40
LONGEST_NAME: Final = 100  # characters
UNSENT_KEPT: Final = timedelta(days=1)  # chosen, and never sent

Sender = Literal["shopper", "staff"]
Scan = Callable[[bytes], None]  # raises FileRefused


class NewFile(NamedTuple):
    """A file as somebody sends it.

    `client_id` names the turn it belongs to, as turns are named; None where the turn follows.
    """

    file_id: str
    dialogue_id: str
    name: str
    content: bytes
    sender: Sender
    client_id: str | None = None


class KeptFile(NamedTuple):
    """What is known of a kept file without opening it."""

    file_id: str
    dialogue_id: str
    sender: str
    client_id: str | None
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None

    @property
    def is_picture(self) -> bool:
        """Whether it has a thumbnail."""
        return self.width is not None


class OpenedFile(NamedTuple):
    """A kept file's bytes."""

    name: str
    media_type: str
    content: bytes


class TooManyFiles(FeedbackError):
    """A dialogue holds as many files as it may."""

    def __init__(self) -> None:
        super().__init__(
            f"A dialogue holds at most {MOST_OF_A_DIALOGUE} files; describe the rest in words."
        )


class UnknownFile(FeedbackError):
    """A file was not sent in this dialogue, or is gone."""

    def __init__(self, file_id: str) -> None:
        super().__init__(f"No file {file_id!r:.60} waits in this dialogue; send it once more.")


class Files:
    """Keeps and opens the files of dialogues."""

    def __init__(self, db: Database, scan: Scan | None = None) -> None:
        """Work on `db`; `scan` looks at each file as it comes."""
        self._db = db
        self._scan = scan

    def keep(self, new: NewFile, now: datetime) -> KeptFile:
        """Check a file and keep it; the same `file_id` again is the same file.

        Raises:
            FileRefused: it is too large, of another kind, broken, or unsafe.
            TooManyFiles: the dialogue has enough of them.
            UnknownDialogue: there is no such dialogue.
        """
        checked = checked_file(new.content)
        if self._scan is not None:
            self._scan(new.content)
        with self._db.transaction() as session:
            if find(session, Dialogue, new.dialogue_id, lock=True) is None:
                raise UnknownDialogue(new.dialogue_id)
            if (known := session.get(SharedFile, new.file_id)) is not None:
                return _kept(known)
            if _count(session, new.dialogue_id) >= MOST_OF_A_DIALOGUE:
                raise TooManyFiles
            row = _row(new, checked, now)
            session.add(row)
            session.flush()
            return _kept(row)

    def attach(self, dialogue_id: str, client_id: str, file_ids: Iterable[str]) -> None:
        """Send the shopper's waiting files with the turn `client_id`; doing it again changes none.

        Raises:
            UnknownFile: one is not the shopper's, not of this dialogue, or went with another turn.
        """
        message = short_key(client_id)
        with self._db.transaction() as session:
            for file_id in dict.fromkeys(file_ids):
                if not file_id.isprintable():
                    raise UnknownFile(file_id)
                free = col(SharedFile.client_id).is_(None) | (SharedFile.client_id == message)
                changed = session.execute(
                    update(SharedFile)
                    .where(
                        col(SharedFile.file_id) == file_id,
                        col(SharedFile.dialogue_id) == dialogue_id,
                        col(SharedFile.sender) == "shopper",
                        free,
                    )
                    .values(client_id=message)
                    .returning(col(SharedFile.file_id))
                )
                if changed.first() is None:
                    raise UnknownFile(file_id)

    def open(self, file_id: str, *, thumbnail: bool = False) -> OpenedFile | None:
        """The file, or a small picture of it; None where there is none."""
        content = SharedFile.thumbnail if thumbnail else SharedFile.content
        with self._db.reading() as session:
            found = session.exec(
                select(SharedFile.name, SharedFile.media_type, content).where(
                    SharedFile.file_id == file_id
                )
            ).first()
        if found is None or found[2] is None:
            return None
        return OpenedFile(*found)

    def sent_in(self, dialogue_id: str) -> dict[str, list[KeptFile]]:
        """The files of a dialogue by the `client_id` of the turn they came with."""
        with self._db.reading() as session:
            return files_sent(session, dialogue_id)


def files_sent(session: Session, dialogue_id: str) -> dict[str, list[KeptFile]]:
    """`Files.sent_in` in a session of the caller's."""
    sent: dict[str, list[KeptFile]] = {}
    found = session.exec(
        select(*_DESCRIBED)
        .where(SharedFile.dialogue_id == dialogue_id)
        .where(col(SharedFile.client_id).is_not(None))
        .order_by(col(SharedFile.at), col(SharedFile.file_id))
    ).all()
    for row in found:
        file = KeptFile(*row)
        sent.setdefault(file.client_id or "", []).append(file)
    return sent


def forget_files_before(session: Session, before: datetime) -> int:
    """Delete files that came before a moment; how many."""
    return _forget(session, col(SharedFile.at) < before)


def forget_unsent(session: Session, now: datetime) -> int:
    """Delete files that were chosen a day ago and never sent; how many."""
    old = col(SharedFile.at) < now - UNSENT_KEPT
    return _forget(session, old & col(SharedFile.client_id).is_(None))


_DESCRIBED = tuple(col(getattr(SharedFile, name)) for name in KeptFile._fields)


def _forget(session: Session, which: Any) -> int:
    gone = session.execute(delete(SharedFile).where(which).returning(col(SharedFile.file_id)))
    return len(gone.all())


def _count(session: Session, dialogue_id: str) -> int:
    of_dialogue = select(func.count()).select_from(SharedFile)
    return session.exec(of_dialogue.where(SharedFile.dialogue_id == dialogue_id)).one()


def _kept(row: SharedFile) -> KeptFile:
    return KeptFile(*(getattr(row, name) for name in KeptFile._fields))


def _row(new: NewFile, checked: CheckedFile, now: datetime) -> SharedFile:
    return SharedFile(
        file_id=new.file_id,
        dialogue_id=new.dialogue_id,
        sender=new.sender,
        client_id=short_key(new.client_id) if new.client_id else None,
        name=_plain_name(new.name, checked.suffix),
        media_type=checked.media_type,
        size=len(checked.content),
        width=checked.width,
        height=checked.height,
        content=checked.content,
        thumbnail=checked.thumbnail,
        at=now,
    )


def _plain_name(name: str, suffix: str) -> str:
    """A file's name without folders, signs nobody sees, and what it pretends to be.

    >>> _plain_name("C:\\\\photos\\\\my cup.png", ".jpg"), _plain_name("../../..", ".pdf")
    ('my cup.jpg', 'file.pdf')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable())
    stem = plain.rpartition(".")[0] or plain
    return f"{stem.strip(' .')[:LONGEST_NAME] or 'file'}{suffix}"
