"""Opinions of shoppers in a report: replies they disliked, and their comments."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel import Session, col, select

from feedback.db import AnswerPart, Impression, Period, Rating
from feedback.redaction import redact
from feedback.report.parts import ShopperQuote
from feedback.report.sentiment import sentiment

SHOWN: Final = 5  # examples of each kind
LONGEST: Final = 120  # characters of an example


def disliked(session: Session, period: Period) -> tuple[ShopperQuote, ...]:
    """Replies with more thumbs down than up, and a question each was the wrong answer to.

    On an answer to several questions a thumb says not which reply it means.
    """
    divided = select(AnswerPart.impression_id)
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    texts: dict[str, str] = {}
    for reply_id, text, value in session.exec(
        select(Impression.reply_id, Impression.text, Rating.value)
        .join(Rating, col(Rating.impression_id) == col(Impression.impression_id))
        .where(period.holds(Rating.rated_at))
        .where(col(Impression.reply_id).is_not(None))
        .where(col(Impression.impression_id).not_in(divided))
    ):
        votes[str(reply_id)][value] += 1
        texts[str(reply_id)] = text
    worse = [each for each, counts in votes.items() if counts["down"] > counts["up"]]
    worse.sort(key=lambda each: (votes[each]["up"] - votes[each]["down"], each))
    return tuple(
        ShopperQuote(redact(texts[each]).text[:LONGEST], votes[each]["down"], each)
        for each in worse[:SHOWN]
    )


def comments_of(session: Session, period: Period) -> list[tuple[str, str, str]]:
    """(text, thumb, reply) of comments, the newest first, personal data removed."""
    rows = session.exec(
        select(Rating.comment, Rating.value, Impression.reply_id)
        .join(Impression, col(Impression.impression_id) == col(Rating.impression_id))
        .where(period.holds(Rating.rated_at))
        .where(col(Rating.comment).is_not(None))
        .order_by(col(Rating.rated_at).desc())
    )
    clean = ((redact(comment or ""), value, reply_id or "") for comment, value, reply_id in rows)
    return [
        (redacted.text.strip(), value, reply_id)
        for redacted, value, reply_id in clean
        if redacted.text.strip() and not redacted.quarantined
    ]


def unkind(comments: Sequence[tuple[str, str, str]]) -> Iterable[ShopperQuote]:
    """Some of the comments that complain."""
    found = [each for each in comments if sentiment(each[0], each[1]) == "negative"]
    for text, _, reply_id in found[:SHOWN]:
        yield ShopperQuote(text[:LONGEST], 1, reply_id)
