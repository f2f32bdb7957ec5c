"""View models of the desk's pages. Pure but for the book's facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.handover_reasons import reason_words
from bot.knowledge import StaffSuggestion, suggest_replies
from bot.languages import ago
from feedback.db import DialogueTurn, Impression, Reply
from feedback.desk import RecentAnswer, WaitingDialogue


class QueueEntry(NamedTuple):
    """A dialogue in the queue."""

    dialogue_id: str
    state: str
    reason: str
    channel: str
    since: str
    turns: list["ShownTurn"]
    suggestions: list[StaffSuggestion]
    comment: str
    disliked: str


class ShownFile(NamedTuple):
    """A file of a turn, with the addresses at which the staff see it."""

    name: str
    url: str
    thumbnail: str | None


class ShownTurn(NamedTuple):
    """A turn of a dialogue in the queue."""

    speaker: str
    text: str
    author: str
    files: Sequence[ShownFile]


class JudgedAnswer(NamedTuple):
    """An answered question, to be judged."""

    impression_id: str
    question: str
    text: str
    reply_id: str
    kind: str
    arm: str
    sure: str
    since: str
    up: int
    down: int
    verdict: str | None


def show_waiting(
    found: Iterable[WaitingDialogue],
    replies: Sequence[Reply],
    facts: Mapping[str, Mapping[str, str]],
    now: datetime,
    files: Callable[[DialogueTurn], Sequence[ShownFile]] = lambda turn: (),
) -> list[QueueEntry]:
    """The queue, the longest waiting first. `facts` is by language, `files` tells a turn's."""
    return [
        QueueEntry(
            dialogue_id=one.dialogue.dialogue_id,
            state=one.dialogue.state,
            reason=_reason(one.reason),
            channel=one.dialogue.channel,
            since=ago(one.dialogue.last_at, now),
            turns=[
                ShownTurn(turn.speaker, turn.text, turn.author or "", files(turn))
                for turn in one.turns
            ],
            suggestions=suggest_replies(
                one.about,
                replies,
                facts.get(one.dialogue.locale, {}),
                locale=one.dialogue.locale,
            ),
            comment=one.comment or "",
            disliked=one.disliked or "",
        )
        for one in found
    ]


def show_recent(found: Iterable[RecentAnswer], now: datetime) -> list[JudgedAnswer]:
    """The newest answers."""
    return [
        JudgedAnswer(
            impression_id=one.impression.impression_id,
            question=one.question,
            text=one.impression.text,
            reply_id=one.impression.reply_id or "",
            kind=one.impression.kind,
            arm=one.impression.arm,
            sure=_sure(one.impression),
            since=ago(one.impression.shown_at, now),
            up=one.up,
            down=one.down,
            verdict=one.verdict,
        )
        for one in found
    ]


def _sure(impression: Impression) -> str:
    """How sure the clerk was; keyword search and fixed rules do not know."""
    if impression.served_by == "model":
        return f"{impression.confidence:.0%} sure"
    return "keyword search" if impression.served_by == "keywords" else "by rule"


def _reason(reason: str | None) -> str:
    return reason_words(reason) if reason else "Waiting"
