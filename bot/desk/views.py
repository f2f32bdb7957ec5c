"""View models of the desk's pages. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.languages import ago
from feedback.db import Impression
from feedback.desk import RecentAnswer


class ShownFile(NamedTuple):
    """A file of a turn, with the addresses at which the staff see it."""

    name: str
    url: str
    thumbnail: str | None


class ShownTurn(NamedTuple):
    """A turn of a dialogue, or a note on it."""

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
