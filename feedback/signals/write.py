"""Writes thumbs, clicks and reviews, inside a transaction that is already open."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from feedback.db import Click, Rating, Review, check_choice, insert_once, short_key
from feedback.dialogues import shown_impression
from feedback.signals.repeated_corrections import supersede_if_repeated

VERDICTS: Final = ("approved", "corrected", "rejected")
CLICK_KINDS: Final = ("product", "choice", "link")
THUMBS: Final = ("up", "down")


def write_rating(
    session: Session,
    *,
    impression_id: str,
    voter: str,
    value: str | None,
    comment: str | None,
    origin: str | None = None,
    now: datetime,
) -> None:
    """Write a voter's thumb over the one before; None takes it back."""
    if value is not None:
        check_choice("thumb", value, THUMBS)
    shown_impression(session, impression_id, lock=True)
    rating = session.get(Rating, (impression_id, voter))
    if value is None:
        if rating:
            session.delete(rating)
        return
    rating = rating or Rating(impression_id=impression_id, voter=voter, value=value, rated_at=now)
    rating.value, rating.comment, rating.rated_at = value, comment, now
    rating.origin = origin
    session.add(rating)


def write_click(
    session: Session,
    *,
    click_id: str,
    impression_id: str,
    kind: str,
    target: str,
    origin: str | None = None,
    now: datetime,
) -> None:
    """Write a click, unless the same target of the impression was clicked before."""
    check_choice("kind of click", kind, CLICK_KINDS)
    impression = shown_impression(session, impression_id)
    insert_once(
        session,
        Click(
            click_id=click_id,
            impression_id=impression_id,
            shopper_id=impression.shopper_id,
            kind=kind,
            target=short_key(target),
            origin=origin,
            clicked_at=now,
        ),
    )


def write_review(session: Session, review: Review) -> None:
    """Write a verdict, unless this review was written before.

    The same correction again and again is a change of policy: see `repeated_corrections`.
    """
    check_choice("verdict", review.verdict, VERDICTS)
    shown_impression(session, review.impression_id)
    if insert_once(session, review):
        supersede_if_repeated(session, review)
