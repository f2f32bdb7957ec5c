"""What the desk shows, made ready from what the store holds. Pure but for the book's facts."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from feedback.models import Impression, Reply
from feedback.staff import RecentAnswer, WaitingDialogue

SLOT = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)?)\}")
BEST = 3  # of the candidates; a fourth has never been worth the space in three lines

REASONS = {
    "asked_for_person": "Asked for a person",
    "no_fitting_reply": "No reply fits",
    "unsure": "The clerk is not sure",
    "outdated_reply": "The reply is no longer in the book",
    "abuse": "Abuse",
    "missing_fact": "A fact of the shop is missing",
    "order_needs_person": "The order was not found",
    "thumbs_down": "Thumbs down",
}


class Suggestion(NamedTuple):
    """A reply of the book that fits; `ready` when nothing in it is left to fill in."""

    reply_id: str
    text: str
    score: float | None
    ready: bool


class Waiting(NamedTuple):
    """A dialogue in the queue."""

    dialogue_id: str
    state: str
    reason: str
    channel: str
    since: str
    turns: list[dict[str, str]]
    suggestions: list[Suggestion]


class Recent(NamedTuple):
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
    replies: Iterable[Reply],
    facts: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> list[Waiting]:
    """The queue, the longest waiting first. `facts` is by language."""
    texts = _texts(replies)
    return [
        Waiting(
            dialogue_id=one.dialogue.dialogue_id,
            state=one.dialogue.state,
            reason=_reason(one.reason),
            channel=one.dialogue.channel,
            since=ago(one.dialogue.last_at, now),
            turns=[
                {"speaker": turn.speaker, "text": turn.text, "author": turn.author or ""}
                for turn in one.turns
            ],
            suggestions=_suggestions(one.candidates, texts, one.dialogue.locale, facts),
        )
        for one in found
    ]


def show_recent(found: Iterable[RecentAnswer], now: datetime) -> list[Recent]:
    """The newest answers."""
    return [
        Recent(
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


def fill_facts(text: str, facts: Mapping[str, str]) -> str:
    """`text` with the shop's facts put in; slots of orders stay for the staff to fill.

    >>> fill_facts("Within {policy.return_days} days: {order.number}", {"return_days": "30"})
    'Within 30 days: {order.number}'
    """

    def value(match: re.Match[str]) -> str:
        room, _, name = match[1].partition(".")
        if room == "products":
            return ""
        return facts.get(name, match[0]) if room == "policy" else match[0]

    return SLOT.sub(value, text).strip()


def ago(moment: datetime, now: datetime) -> str:
    """How long `moment` is past, in the largest unit that fits."""
    seconds = max(0, int((now - moment).total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _suggestions(
    candidates: Iterable[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, str]],
    locale: str,
    facts: Mapping[str, Mapping[str, str]],
) -> list[Suggestion]:
    known = [one for one in candidates if one.get("reply_id") in texts][:BEST]
    return [_suggestion(one, texts[one["reply_id"]], locale, facts) for one in known]


def _suggestion(
    candidate: Mapping[str, Any],
    by_locale: Mapping[str, str],
    locale: str,
    facts: Mapping[str, Mapping[str, str]],
) -> Suggestion:
    text = by_locale.get(locale) or next(iter(by_locale.values()))
    filled = fill_facts(text, facts.get(locale, {}))
    score = candidate.get("score")
    return Suggestion(
        reply_id=str(candidate["reply_id"]),
        text=filled,
        score=float(score) if score is not None else None,
        ready=not SLOT.search(filled),
    )


def _texts(replies: Iterable[Reply]) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {}
    for reply in replies:
        texts.setdefault(reply.reply_id, {})[reply.locale] = reply.text
    return texts


def _sure(impression: Impression) -> str:
    """How sure the clerk was; keyword search and fixed rules do not know."""
    if impression.served_by == "model":
        return f"{impression.confidence:.0%} sure"
    return "keyword search" if impression.served_by == "keywords" else "by rule"


def _reason(reason: str | None) -> str:
    if not reason:
        return "Waiting"
    return REASONS.get(reason, reason.replace("_", " ").capitalize())
