"""Replies that were shown and refused: by a thumb, or by the staff."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from feedback.db import (
    Impression,
    Review,
)
from feedback.knowledge import Successions
from feedback.signals.policy_choice import chosen_by_policy
from feedback.signals.votes import Votes


class RefusedReply(NamedTuple):
    """A reply that was wrong: where, after which words, who said so."""

    words: str
    reply_id: str
    impression_id: str
    shopper_id: str
    locale: str
    by_staff: bool


def refused_shown(
    impressions: Iterable[Impression],
    before: Mapping[str, tuple[tuple[str, str], ...]],
    reviews: Mapping[str, Review],
    votes: Votes,
) -> Iterable[RefusedReply]:
    """Replies with a thumb down, or that the staff refused or corrected."""
    for impression in impressions:
        review = reviews.get(impression.impression_id)
        verdict = review.verdict if review else None
        disliked = (
            "down" in votes.thumbs.get(impression.impression_id, ())
            and chosen_by_policy(impression)
            and verdict != "approved"
        )
        said = before.get(impression.impression_id)
        if impression.reply_id and said and (disliked or verdict in ("rejected", "corrected")):
            by_staff = verdict in ("rejected", "corrected")
            yield _refusal(impression, impression.reply_id, said, by_staff=by_staff)


def is_of_candidate(review: Review) -> bool:
    """A verdict on a reply that was only looked at, as the desk's "Not right" gives it."""
    return review.verdict == "rejected" and review.reply_id is not None


def refused_candidates(
    judged: Iterable[Review],
    impressions: Iterable[Impression],
    before: Mapping[str, tuple[tuple[str, str], ...]],
    successions: Successions,
) -> Iterable[RefusedReply]:
    """Replies that were only ranked, and that the staff said are not right."""
    shown = {impression.impression_id: impression for impression in impressions}
    for review in judged:
        impression, said = shown.get(review.impression_id), before.get(review.impression_id)
        if not (is_of_candidate(review) and review.reply_id and said and impression):
            continue
        if not successions.voids(review.reply_id, impression.locale, review.reviewed_at):
            yield _refusal(impression, review.reply_id, said, by_staff=True)


def _refusal(
    impression: Impression, reply_id: str, said: tuple[tuple[str, str], ...], *, by_staff: bool
) -> RefusedReply:
    return RefusedReply(
        said[-1][1],
        reply_id,
        impression.impression_id,
        impression.shopper_id,
        impression.locale,
        by_staff,
    )
