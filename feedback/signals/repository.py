"""Repository of signals: records thumbs, clicks and reviews, one transaction each."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from feedback.db import Database, Impression, Review
from feedback.dialogues import shown_impression
from feedback.signals.write import write_click, write_rating, write_review

# (session, what was shown, voter, thumb, comment, now): called once the thumb is written.
OnThumb = Callable[[Session, Impression, str, str | None, str | None, datetime], None]


class Signals:
    """Writes the signals that are learned from."""

    def __init__(self, db: Database, on_thumb: OnThumb) -> None:
        """Write to `db`; `on_thumb` may do more in a thumb's transaction, as the desk does."""
        self._db = db
        self._on_thumb = on_thumb

    def rate(
        self,
        *,
        impression_id: str,
        voter: str,
        value: str | None,
        comment: str | None = None,
        origin: str | None = None,
        now: datetime,
    ) -> None:
        """Record a voter's thumb: the last one counts, None takes it back.

        `origin` is a keyed hash of where it came from: votes in a burst from one place are not
        learned from.

        Raises:
            BadChoice: `value` is neither "up" nor "down".
            UnknownImpression: nothing was shown under this id.
        """
        with self._db.transaction() as session:
            write_rating(
                session,
                impression_id=impression_id,
                voter=voter,
                value=value,
                comment=comment,
                origin=origin,
                now=now,
            )
            shown = shown_impression(session, impression_id)
            self._on_thumb(session, shown, voter, value, comment, now)

    def record_click(
        self,
        *,
        click_id: str,
        impression_id: str,
        kind: str,
        target: str,
        origin: str | None = None,
        now: datetime,
    ) -> None:
        """Record a shopper acting on an impression; the same target twice counts once.

        `origin` as in `rate`.

        Raises:
            BadChoice: there is no such kind of click.
            UnknownImpression: nothing was shown under this id.
        """
        with self._db.transaction() as session:
            write_click(
                session,
                click_id=click_id,
                impression_id=impression_id,
                kind=kind,
                target=target,
                origin=origin,
                now=now,
            )

    def review(
        self,
        *,
        review_id: str,
        impression_id: str,
        staff: str,
        verdict: str,
        reply_id: str | None = None,
        text: str | None = None,
        now: datetime,
    ) -> None:
        """Record a staff member's verdict; a repeat of `review_id` is recorded once.

        Raises:
            BadChoice: the verdict is not approved, corrected or rejected.
            UnknownImpression: nothing was shown under this id.
        """
        with self._db.transaction() as session:
            write_review(
                session,
                Review(
                    review_id=review_id,
                    impression_id=impression_id,
                    staff=staff,
                    verdict=verdict,
                    reply_id=reply_id,
                    text=text,
                    reviewed_at=now,
                ),
            )
