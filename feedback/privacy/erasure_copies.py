"""Copies of a shopper's words outside their own rows: Slack's in- and outbox, book, past reports.

`feedback.privacy.erasure` forgets a shopper; this finds the rest of them.
"""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, or_, select

from feedback.db import (
    DeskCard,
    Dialogue,
    DialogueTurn,
    InboxEvent,
    OutboxMessage,
    Proposal,
    Question,
    WeeklyReport,
)
from feedback.redaction import redact

QUOTED_CHARS: Final = 120  # a report quotes that much, see `feedback.report.behaviour`
ERASED: Final = "(erased)"
ENDED: Final = ("sent", "failed", "withheld")

WhoseSlack = Callable[[str, str], str]  # the shopper of a team's person


class SlackCopy(NamedTuple):
    """A message that stays in Slack until somebody deletes it there."""

    what: str  # thread (the shopper's own), message (ours), card (the staff's)
    channel: str
    ts: str


def slack_copies(session: Session, dialogue_ids: Collection[str]) -> list[SlackCopy]:
    """Where Slack holds what was said in these dialogues."""
    threads = session.exec(
        select(Dialogue.slack_channel, Dialogue.thread_ts).where(
            col(Dialogue.dialogue_id).in_(dialogue_ids)
        )
    )
    sent = session.exec(
        select(OutboxMessage.lane, OutboxMessage.ts).where(
            col(OutboxMessage.dialogue_id).in_(dialogue_ids)
        )
    )
    cards = session.exec(
        select(DeskCard.channel, DeskCard.ts).where(col(DeskCard.dialogue_id).in_(dialogue_ids))
    )
    found = {
        SlackCopy(what, channel, ts): None
        for what, rows in (("thread", threads), ("message", sent), ("card", cards))
        for channel, ts in rows
        if channel and ts
    }
    return list(found)


def inbox_of(
    session: Session, shopper_id: str, ids: Collection[str], whose: WhoseSlack | None = None
) -> list[InboxEvent]:
    """What Slack told of a shopper and was not worked off, or failed.

    Args:
        session: an open transaction.
        shopper_id: the shopper.
        ids: of their dialogues, replies and cards; and their threads, as `channel:ts`.
        whose: tells whose a message is that opens a thread, before it has a dialogue.
    """
    waiting = session.exec(select(InboxEvent).where(col(InboxEvent.state) != "done"))
    return [event for event in waiting if _is_theirs(event, shopper_id, ids, whose)]


def outbox_of(
    session: Session, dialogue_ids: Collection[str], ids: Collection[str]
) -> list[OutboxMessage]:
    """What was to be told in Slack of a shopper, sent or not."""
    rows = session.exec(
        select(OutboxMessage).where(
            or_(
                col(OutboxMessage.dialogue_id).in_(dialogue_ids),
                col(OutboxMessage.state).not_in(ENDED),
            )
        )
    )
    return [
        row
        for row in rows
        if row.dialogue_id in dialogue_ids
        or f"{row.lane}:{row.thread_ts}" in ids
        or _names(row.payload, ids)
    ]


def learned_questions(session: Session, turns: Sequence[DialogueTurn]) -> list[Question]:
    """Questions the staff took into the book out of these turns: the same words, written later."""
    said = {
        _plain(words): turn.at
        for turn in turns
        if turn.speaker == "shopper"
        for words in (turn.text, redact(turn.text).text)
    }
    return [
        question
        for question in session.exec(select(Question))
        if (at := said.get(_plain(question.question))) is not None and question.added_at >= at
    ]


def scrub_proposals(session: Session, turns: Sequence[DialogueTurn]) -> None:
    """Take the shopper's questions out of replies proposed for the book."""
    said = {_plain(redact(turn.text).text) for turn in turns if turn.speaker == "shopper"}
    for proposal in session.exec(select(Proposal)) if said else ():
        kept = [question for question in proposal.questions if _plain(question) not in said]
        if len(kept) < len(proposal.questions):
            proposal.questions = kept


def scrub_reports(session: Session, turns: Sequence[DialogueTurn], comments: Sequence[str]) -> int:
    """Take quotes of these turns and comments out of past reports; in how many there were any."""
    words = [turn.text for turn in turns if turn.speaker == "shopper"]
    quotes = {quote for word in (*words, *comments) for quote in _quotes(word)}
    changed = 0
    for weekly in session.exec(select(WeeklyReport)) if quotes else ():
        scrubbed = _without(weekly.report, quotes)
        if scrubbed != weekly.report:
            weekly.report = scrubbed
            session.add(weekly)
            changed += 1
    return changed


def _is_theirs(
    event: InboxEvent, shopper_id: str, ids: Collection[str], whose: WhoseSlack | None
) -> bool:
    body = event.body
    if event.lane in ids or _names(body, ids):
        return True
    team, user = body.get("team"), body.get("user")
    if whose is None or not team or not user:
        return False
    return whose(str(team), str(user)) == shopper_id


def _names(body: Any, ids: Collection[str]) -> bool:
    packed = json.dumps(body)
    return any(json.dumps(one)[1:-1] in packed for one in ids)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _quotes(text: str) -> set[str]:
    clean = redact(text).text.strip()
    flat = redact(" ".join(text.split())).text.strip()
    return {quote for quote in (clean, flat, clean[:QUOTED_CHARS], flat[:QUOTED_CHARS]) if quote}


def _without(value: Any, quotes: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, quotes) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, quotes) for inner in value]
    return ERASED if isinstance(value, str) and value.strip() in quotes else value
