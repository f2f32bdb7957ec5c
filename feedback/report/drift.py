"""Says whether shoppers ask otherwise than they did when the model learned: reasons to retrain.

Three looks at the last days beside the weeks before the champion's data was read: how often the
model was unsure, how many words it had not met, and what was asked about (the population stability
index of the replies that came first). Each has to be large, not only significant: with many
shoppers every difference is that.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from feedback.db import Database, Dialogue, DialogueTurn, Impression, Order, Rating, Review
from feedback.languages import LANGUAGES, Language

RECENT: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=28)
MOST: Final = 20_000  # answers read of each period: more make no figure better
FEWEST: Final = 200  # answers in either period; fewer say nothing

UNSURE: Final = 0.5  # of confidence
MORE_UNSURE: Final = 0.05  # points more of all answers
Z: Final = 3.09  # one-sided p = 0.001: it is looked at every hour
NEW_WORDS: Final = 0.05  # points more of all words
PSI: Final = 0.2  # the usual bound of "shifted"; under 0.1 nothing is said to have changed
SMOOTHING: Final = 0.5  # answers added to each topic, so that a new one is no infinity
HELD_EVERY: Final = 5


class Answered(NamedTuple):
    """One answer of the model: how sure it was, which reply came first, what was asked."""

    confidence: float
    topic: str
    question: str


@dataclass(frozen=True)
class Drift:
    """The three figures, and those of them that are reasons; none where there is too little."""

    answers: int
    unsure: float
    unsure_before: float
    new_words: float
    new_words_expected: float
    psi: float
    reasons: tuple[str, ...]


def drift(before: Sequence[Answered], recent: Sequence[Answered]) -> Drift | None:
    """Compare two periods; None where one has fewer than 200 answers."""
    if min(len(before), len(recent)) < FEWEST:
        return None
    was, now = (
        sum(one.confidence < UNSURE for one in answers) / len(answers)
        for answers in (before, recent)
    )
    expected, new = _new_words(before, recent)
    shift = psi(_topics(before), _topics(recent))
    reasons = []
    if now - was > MORE_UNSURE and _z(was, len(before), now, len(recent)) > Z:
        reasons.append(f"unsure of {now:.0%} of its answers, before of {was:.0%}")
    if new - expected > NEW_WORDS:
        reasons.append(f"{new:.0%} of the words are new, {expected:.0%} were expected")
    if shift > PSI:
        reasons.append(f"shoppers ask about other things (PSI {shift:.2f})")
    return Drift(len(recent), now, was, new, expected, shift, tuple(reasons))


def psi(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index of two counts of topics.

    >>> psi({"a": 50, "b": 50}, {"a": 50, "b": 50})
    0.0
    >>> round(psi({"a": 50, "b": 50}, {"a": 80, "b": 20}), 2)
    0.41
    """
    topics = sorted({*before, *now})
    totals = [sum(counts.values()) + SMOOTHING * len(topics) for counts in (before, now)]
    total = 0.0
    for topic in topics:
        p, q = (
            (counts.get(topic, 0) + SMOOTHING) / whole
            for counts, whole in zip((before, now), totals, strict=True)
        )
        total += (q - p) * math.log(q / p)
    return total


def read_drift(db: Database, *, learned_at: datetime, now: datetime) -> Drift | None:
    """The last week beside the four weeks before the champion's data was read."""
    with db.reading() as session:
        before = _answered(session, learned_at - BEFORE, learned_at)
        recent = _answered(session, max(learned_at, now - RECENT), now)
    return drift(before, recent)


def accepted_since(db: Database, since: datetime, *, window: timedelta) -> int:
    """How many dialogues were accepted since: by a thumb, by the staff, by a sale.

    Args:
        db: the store.
        since: when the last training read its data.
        window: from a dialogue to an order.
    """
    with db.reading() as session:
        liked = select(Impression.dialogue_id).join(
            Rating, col(Rating.impression_id) == col(Impression.impression_id)
        )
        judged = select(Impression.dialogue_id).join(
            Review, col(Review.impression_id) == col(Impression.impression_id)
        )
        sold = select(Dialogue.dialogue_id, Dialogue.last_at, Order.placed_at).join(
            Order, col(Order.shopper_id) == col(Dialogue.shopper_id)
        )
        down = set(session.exec(liked.where(Rating.value == "down")))
        up = session.exec(liked.where(Rating.value == "up", col(Rating.rated_at) > since))
        by_staff = session.exec(
            judged.where(col(Review.verdict).in_(["approved", "corrected"])).where(
                col(Review.reviewed_at) > since
            )
        )
        by_sale = (
            dialogue_id
            for dialogue_id, talked, bought in session.exec(
                sold.where(
                    col(Order.placed_at) > since,
                    col(Order.sale),
                    col(Order.total) - col(Order.gift_cards) > col(Order.refunded),
                )
            )
            if talked <= bought <= talked + window
        )
        return len(({*up, *by_sale} - down) | {*by_staff})


def _answered(session: Session, since: datetime, until: datetime) -> list[Answered]:
    """The model's newest answers of a period, with the question each answered."""
    said, asked = aliased(DialogueTurn), aliased(DialogueTurn)
    found = session.exec(
        select(Impression.confidence, Impression.candidates, Impression.reply_id, asked.text)
        .join(said, col(said.impression_id) == col(Impression.impression_id), isouter=True)
        .join(asked, col(asked.turn_id) == col(said.answers_turn_id), isouter=True)
        .where(Impression.served_by == "model")
        .where(col(Impression.shown_at) > since, col(Impression.shown_at) <= until)
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST)
    )
    return [
        Answered(sure, _first(candidates) or reply_id or "", question or "")
        for sure, candidates, reply_id, question in found
    ]


def _first(candidates: Sequence[Mapping[str, str]] | None) -> str | None:
    return candidates[0].get("reply_id") if candidates else None


def _topics(answers: Iterable[Answered]) -> Counter[str]:
    return Counter(one.topic for one in answers)


def _new_words(before: Sequence[Answered], recent: Sequence[Answered]) -> tuple[float, float]:
    """The share of words unknown: as would be expected, of a part held out of before; and now."""
    held = [one for place, one in enumerate(before) if place % HELD_EVERY == 0]
    known = {
        word
        for place, one in enumerate(before)
        if place % HELD_EVERY
        for word in words(one.question)
    }
    expected, now = (
        _share_new((word for one in part for word in words(one.question)), known)
        for part in (held, recent)
    )
    return expected, now


def words(text: str) -> list[str]:
    """The words of a question, three letters or more; pairs of letters where no spaces part words.

    >>> words("Where is my 2nd parcel? 订单在哪")
    ['where', 'parcel', '订单', '在哪']
    """
    return _word(tuple(LANGUAGES.values())).findall(text.lower())


@cache
def _word(languages: tuple[Language, ...]) -> re.Pattern[str]:
    parts = [
        f"[{one.script}]{{3,}}" if one.spaced else f"[{one.script}]{{1,2}}" for one in languages
    ]
    return re.compile("|".join(dict.fromkeys(parts)))


def _share_new(asked: Iterable[str], known: set[str]) -> float:
    counted = Counter(word in known for word in asked)
    return counted[False] / max(counted.total(), 1)


def _z(was: float, n_was: int, now: float, n_now: int) -> float:
    pooled = (was * n_was + now * n_now) / (n_was + n_now)
    spread = math.sqrt(max(pooled * (1 - pooled), 1e-9) * (1 / n_was + 1 / n_now))
    return (now - was) / spread
