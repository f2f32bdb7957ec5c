"""Finds and opens dialogues, turns and impressions inside a session."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from feedback.db import (
    Dialogue,
    DialogueTurn,
    Exposure,
    Impression,
    Shopper,
    UnknownDialogue,
    UnknownImpression,
    find,
    insert_once,
    short_key,
)
from feedback.dialogues.exposure_traits import UNKNOWN, ExposureTraits
from feedback.dialogues.history import ShownImpression
from feedback.redaction import kept_page

_TURN_OF_CLIENT = (
    select(DialogueTurn)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .where(DialogueTurn.client_id == bindparam("client_id"))
)
_TURNS_AFTER = (
    select(DialogueTurn)
    .where(DialogueTurn.dialogue_id == bindparam("dialogue_id"))
    .where(col(DialogueTurn.turn_id) > bindparam("turn_id"))
    .order_by(col(DialogueTurn.turn_id))
)


class DialogueThread(NamedTuple):
    """Where a dialogue is held outside the web chat: a thread in Slack, of mails, of a phone.

    Replies leave one after another for each `channel`.
    """

    team: str  # whose account the clerk answers from: Slack's workspace, a mailbox
    channel: str  # where a reply is sent: a channel's id, an address
    thread_ts: str  # which talk there: Slack's ts, the first mail's id


@dataclass(frozen=True, kw_only=True)
class NewDialogue:
    """A dialogue to be opened: who speaks where, and what was known at that moment."""

    dialogue_id: str
    shopper_id: str
    channel: str
    locale: str
    arm: str  # counts at the shopper's first contact alone
    page: str | None = None
    thread: DialogueThread | None = None
    traits: ExposureTraits = UNKNOWN

    def row(self, now: datetime) -> Dialogue:
        """The dialogue as it is stored."""
        return Dialogue(
            dialogue_id=self.dialogue_id,
            shopper_id=self.shopper_id,
            channel=self.channel,
            locale=self.locale,
            arm=self.arm,
            page=kept_page(self.page),
            team=self.thread.team if self.thread else None,
            slack_channel=self.thread.channel if self.thread else None,
            thread_ts=self.thread.thread_ts if self.thread else None,
            started_at=now,
            last_at=now,
        )


def in_thread(session: Session, thread: DialogueThread | None) -> Dialogue | None:
    """The dialogue of a thread."""
    if thread is None:
        return None
    return session.exec(
        select(Dialogue)
        .where(Dialogue.team == thread.team)
        .where(Dialogue.slack_channel == thread.channel)
        .where(Dialogue.thread_ts == thread.thread_ts)
    ).first()


def known_dialogue(
    session: Session, dialogue_id: str, thread: DialogueThread | None
) -> Dialogue | None:
    """The dialogue under this id, or in this thread."""
    return find(session, Dialogue, dialogue_id) or in_thread(session, thread)


def newest_dialogues(session: Session, shopper_id: str, limit: int) -> list[Dialogue]:
    """A shopper's dialogues, the newest first."""
    return list(
        session.exec(
            select(Dialogue)
            .where(Dialogue.shopper_id == shopper_id)
            .order_by(col(Dialogue.last_at).desc())
            .limit(limit)
        )
    )


class PastTalk(NamedTuple):
    """A dialogue in a shopper's list of theirs."""

    dialogue_id: str
    state: str
    last_at: datetime
    first_words: str  # what the shopper began with


def past_talks(session: Session, shopper_id: str, limit: int) -> list[PastTalk]:
    """A shopper's dialogues of the web chat in which they said something, the newest first."""
    first = (
        select(func.min(DialogueTurn.turn_id))
        .where(DialogueTurn.dialogue_id == Dialogue.dialogue_id, DialogueTurn.speaker == "shopper")
        .correlate(Dialogue)
        .scalar_subquery()
    )
    found = session.exec(
        select(Dialogue.dialogue_id, Dialogue.state, Dialogue.last_at, DialogueTurn.text)
        .join(DialogueTurn, col(DialogueTurn.turn_id) == first)
        .where(Dialogue.shopper_id == shopper_id, Dialogue.channel == "web")
        .order_by(col(Dialogue.last_at).desc())
        .limit(limit)
    )
    return [PastTalk(*row) for row in found]


def add_dialogue(session: Session, new: NewDialogue, experiment: str, now: datetime) -> Dialogue:
    """Write a dialogue, its shopper and their exposure, each unless it is there.

    The arm is the one recorded at the shopper's first contact, whatever the dialogue says.
    """
    shopper_id, dialogue = new.shopper_id, new.row(now)
    insert_once(session, Shopper(shopper_id=shopper_id, created_at=now))
    insert_once(
        session,
        Exposure(
            experiment=experiment,
            shopper_id=shopper_id,
            arm=dialogue.arm,
            channel=dialogue.channel,
            exposed_at=now,
            **new.traits._asdict(),
        ),
    )
    dialogue.arm = session.get_one(Exposure, (experiment, shopper_id)).arm
    insert_once(session, dialogue)
    # Not ours, if another process has opened the same thread at this moment.
    opened = known_dialogue(session, new.dialogue_id, new.thread)
    if opened is None:
        raise UnknownDialogue(dialogue.dialogue_id)
    return opened


def locked_dialogue(session: Session, dialogue_id: str) -> Dialogue:
    """The dialogue, kept from other writers until the transaction ends.

    Raises:
        UnknownDialogue: there is none.
    """
    dialogue = find(session, Dialogue, dialogue_id, lock=True)
    if dialogue is None:
        raise UnknownDialogue(dialogue_id)
    return dialogue


def shown_impression(session: Session, impression_id: str, *, lock: bool = False) -> Impression:
    """The impression under this id.

    Raises:
        UnknownImpression: there is none.
    """
    impression = find(session, Impression, impression_id, lock=lock)
    if impression is None:
        raise UnknownImpression(impression_id)
    return impression


def offers(session: Session, dialogue_id: str) -> list[ShownImpression]:
    """What the dialogue has offered as buttons, oldest first."""
    found = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == dialogue_id, Impression.kind == "choices")
        .order_by(col(Impression.shown_at), col(Impression.impression_id))
    )
    return [
        ShownImpression(each.impression_id, each.kind, each.reply_id, each.locale, each.choices)
        for each in found
    ]


def turn_of_client(session: Session, dialogue_id: str, client_id: str) -> DialogueTurn | None:
    """The turn that the sender named `client_id`."""
    named = {"dialogue_id": dialogue_id, "client_id": short_key(client_id)}
    return session.exec(_TURN_OF_CLIENT, params=named).first()


def turns_after(session: Session, dialogue_id: str, turn_id: int) -> list[DialogueTurn]:
    """The dialogue's turns past `turn_id`, in order."""
    named = {"dialogue_id": dialogue_id, "turn_id": turn_id}
    return list(session.exec(_TURNS_AFTER, params=named))
