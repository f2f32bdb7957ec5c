"""Daily review: a handful of answers, chosen to teach most, judged in a minute.

First what the clerk was least sure of, then what contradicts itself (sold though disliked, liked
though nothing was sold), then topics nobody asked about before, then any: a sheet of doubts alone
would never find what is confidently wrong.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, or_, select

from feedback.db import (
    Database,
    DialogueTurn,
    Impression,
    Period,
    Rating,
    Review,
    ReviewItem,
    ReviewSheet,
    find,
    insert_into,
)
from feedback.desk.outgoing import Outgoing, drop_overtaken, put_message
from feedback.dialogues import said_before, shown_impression
from feedback.sales import read_conversions
from feedback.signals import write_review

SIZE: Final = 8  # answers a sheet: a minute at some seven seconds each
LOOKED_BACK: Final = timedelta(days=7)  # newest answers looked at; what was reviewed is left out
POOL: Final = 2_000
WHYS: Final = ("unsure", "disagreement", "new_topic", "random")


class Item(NamedTuple):
    """One answer to judge."""

    position: int
    why: str
    impression: Impression
    question: str
    before: tuple[tuple[str, str], ...]  # what was said before it: who, and what
    verdict: str | None
    reply_id: str | None  # what it was corrected to
    staff: str | None


class SheetView(NamedTuple):
    """A day's review as it stands."""

    sheet: ReviewSheet
    items: tuple[Item, ...]


class Sheets:
    """Makes, shows and takes in daily reviews."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def make(
        self,
        day: str,
        now: datetime,
        *,
        direct_window: timedelta = timedelta(hours=24),
        assisted_window: timedelta = timedelta(days=7),
        size: int = SIZE,
        torn: Collection[str] = (),
    ) -> int:
        """Choose the answers of `day`; the same day again changes nothing.

        `torn` are impressions that contradict others, so that neither is learned from.

        Returns:
            How many answers the sheet has.
        """
        with self.db.transaction() as session:
            known = find(session, ReviewSheet, day)
            if known is not None:
                return len(_items(session, day))
            period = Period(now - LOOKED_BACK, now)
            sold = {
                each.impression_id
                for each in read_conversions(
                    session, period, direct_window=direct_window, assisted_window=assisted_window
                )
            }
            chosen = choose(_pool(session, period), sold=sold, size=size, torn=torn)
            insert = insert_into(session, ReviewSheet)
            row = {"day": day, "made_at": now, "revision": 1, "queued": 0}
            session.execute(insert.values(row).on_conflict_do_nothing())
            for position, (impression_id, why) in enumerate(chosen, start=1):
                session.add(
                    ReviewItem(day=day, position=position, impression_id=impression_id, why=why)
                )
            return len(chosen)

    def view(self, day: str) -> SheetView | None:
        """A day's review with its verdicts."""
        with self.db.reading() as session:
            sheet = find(session, ReviewSheet, day)
            return None if sheet is None else SheetView(sheet, _items(session, day))

    def judge(
        self,
        day: str,
        position: int,
        verdict: str,
        staff: str,
        now: datetime,
        *,
        reply_id: str | None = None,
    ) -> str | None:
        """Write a verdict, which becomes a training example; who was first, if somebody was."""
        with self.db.transaction() as session:
            sheet = find(session, ReviewSheet, day, lock=True)
            item = session.get(ReviewItem, (day, position))
            if sheet is None or item is None:
                return None
            shown_impression(session, item.impression_id, lock=True)
            before = _review_of(session, item.impression_id)
            if before is not None:
                return before.staff
            write_review(
                session,
                Review(
                    review_id=f"sheet:{day}:{position}",
                    impression_id=item.impression_id,
                    staff=staff,
                    verdict=verdict,
                    reply_id=reply_id,
                    text=None,
                    reviewed_at=now,
                ),
            )
            sheet.revision += 1
            return None

    def queue(self, channel: str, now: datetime) -> None:
        """Have sheets drawn that were made or judged since."""
        changed = select(ReviewSheet).where(col(ReviewSheet.revision) > col(ReviewSheet.queued))
        with self.db.reading() as session:
            if session.exec(changed.limit(1)).first() is None:
                return
        with self.db.transaction() as session:
            for sheet in session.exec(changed).all():
                sheet.queued = sheet.revision
                drawing = Outgoing(
                    key=f"sheet:{sheet.day}:{sheet.revision}",
                    lane=sheet.channel or channel,
                    kind="sheet",
                    payload={"day": sheet.day, "ts": sheet.ts},
                    thread_ts=sheet.ts,
                )
                if sheet.ts is not None:
                    drop_overtaken(session, drawing)
                put_message(session, drawing, now)

    def drawn(self, day: str, channel: str, ts: str) -> None:
        """Slack shows it as the message `ts`."""
        with self.db.transaction() as session:
            sheet = find(session, ReviewSheet, day, lock=True)
            if sheet is not None:
                sheet.channel, sheet.ts = channel, ts


class Reviewable(NamedTuple):
    """An answer that nobody has judged, with what speaks for and against it."""

    impression_id: str
    reply_id: str
    confidence: float
    served_by: str
    liked: bool
    disliked: bool
    times_shown: int  # its reply, in the period


def choose(
    pool: Sequence[Reviewable],
    *,
    sold: Iterable[str],
    size: int = SIZE,
    torn: Collection[str] = (),
) -> list[tuple[str, str]]:
    """The answers that teach most, each with why; at most two of one reply.

    >>> sure = Reviewable("a", "returns", 0.99, "model", False, False, 50)
    >>> choose([sure, sure._replace(impression_id="b", confidence=0.71)], sold=[], size=2)
    [('b', 'unsure'), ('a', 'new_topic')]
    """
    sold_ids = set(sold)
    apart = [one for one in pool if one.impression_id in torn]
    contrary = [
        one
        for one in pool
        if (one.disliked and one.impression_id in sold_ids) or (one.liked and one.disliked)
    ]
    unsure = sorted((o for o in pool if o.served_by == "model"), key=lambda one: one.confidence)
    fresh = sorted(pool, key=lambda one: one.times_shown)
    # Any of the rest, spread evenly by a fixed step: no chance, so a sheet can be made again.
    step = max(1, len(pool) // max(1, size))
    anyone = [pool[place] for place in range(0, len(pool), step)]
    quotas = [
        ("disagreement", apart, max(1, size // 4)),
        ("unsure", unsure, (size + 1) // 2),
        ("disagreement", contrary, max(1, size // 4)),
        ("new_topic", fresh, max(1, size // 4)),
        ("random", [*anyone, *pool], size),
    ]
    chosen: dict[str, str] = {}
    of_reply: defaultdict[str, int] = defaultdict(int)
    for why, candidates, quota in quotas:
        taken = 0
        for one in candidates:
            if len(chosen) == size or taken == quota:
                break
            if one.impression_id in chosen or of_reply[one.reply_id] == 2:
                continue
            chosen[one.impression_id] = why
            of_reply[one.reply_id] += 1
            taken += 1
    return list(chosen.items())


def _pool(session: Session, period: Period) -> list[Reviewable]:
    reviewed = select(Review.impression_id)
    offered = select(ReviewItem.impression_id)
    shown = session.exec(
        select(Impression)
        .where(period.holds(Impression.shown_at))
        .where(col(Impression.reply_id).is_not(None))
        .where(or_(Impression.kind == "answer", Impression.kind == "products"))
        .where(col(Impression.impression_id).not_in(reviewed))
        .where(col(Impression.impression_id).not_in(offered))
        .order_by(col(Impression.shown_at).desc())
        .limit(POOL)
    ).all()
    ids = [one.impression_id for one in shown]
    thumbs: defaultdict[str, set[str]] = defaultdict(set)
    for start in range(0, len(ids), 500):
        some = col(Rating.impression_id).in_(ids[start : start + 500])
        for rating in session.exec(select(Rating).where(some)):
            thumbs[rating.impression_id].add(rating.value)
    times: defaultdict[str, int] = defaultdict(int)
    for one in shown:
        times[one.reply_id or ""] += 1
    return [
        Reviewable(
            impression_id=one.impression_id,
            reply_id=one.reply_id or "",
            confidence=one.confidence,
            served_by=one.served_by,
            liked="up" in thumbs[one.impression_id],
            disliked="down" in thumbs[one.impression_id],
            times_shown=times[one.reply_id or ""],
        )
        for one in shown
    ]


def _items(session: Session, day: str) -> tuple[Item, ...]:
    found = session.exec(
        select(ReviewItem).where(ReviewItem.day == day).order_by(col(ReviewItem.position))
    ).all()
    return tuple(item for each in found if (item := _item(session, each)))


def _item(session: Session, item: ReviewItem) -> Item | None:
    shown = session.get(Impression, item.impression_id)
    if shown is None:
        return None
    answer: Any = session.exec(
        select(DialogueTurn).where(DialogueTurn.impression_id == shown.impression_id)
    ).first()
    asked = session.get(DialogueTurn, answer.answers_turn_id) if answer else None
    review = _review_of(session, shown.impression_id)
    return Item(
        position=item.position,
        why=item.why,
        impression=shown,
        question=asked.text if asked else "",
        before=said_before(session, asked) if asked else (),
        verdict=review.verdict if review else None,
        reply_id=review.reply_id if review else None,
        staff=review.staff if review else None,
    )


def _review_of(session: Session, impression_id: str) -> Review | None:
    return session.exec(
        select(Review)
        .where(Review.impression_id == impression_id)
        .order_by(col(Review.reviewed_at).desc())
    ).first()
