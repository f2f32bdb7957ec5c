"""Pages quoted in answers, and what came of it: thumbs, clicks, hand-overs, sales."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Text, cast, select
from sqlmodel import Session, col

from feedback.db import Click, Impression, Period, Rating
from feedback.report.parts import PageRow
from feedback.sales import Conversion

MOST_READ: Final = 50_000  # answers, newest first
Place = tuple[str, str]  # of a page: its title and its address


def page_rows(
    session: Session, period: Period, converted: Iterable[Conversion] = ()
) -> tuple[PageRow, ...]:
    """The pages that were quoted, the most quoted first.

    An answer that quotes two pages counts for either. Handed over is an answer after which the
    shopper was given to a person in the same dialogue.
    """
    quoted = _quoted(session, period)
    ids = [impression_id for impression_id, _, _, _ in quoted]
    clicked = set(_of(session, Click, ids, col(Click.kind) == "link"))
    ups = Counter(_of(session, Rating, ids, col(Rating.value) == "up"))
    downs = Counter(_of(session, Rating, ids, col(Rating.value) == "down"))
    handed = _handed_over(session, {dialogue_id for _, dialogue_id, _, _ in quoted})
    orders: dict[str, set[str]] = defaultdict(set)
    for each in converted:
        if each.kind == "assisted":
            orders[each.impression_id].add(each.order_id)
    figures: dict[Place, Counter[str]] = defaultdict(Counter)
    bought: dict[Place, set[str]] = defaultdict(set)
    for impression_id, dialogue_id, shown_at, places in quoted:
        for place in places:
            found = figures[place]
            found["shown"] += 1
            found["clicked"] += impression_id in clicked
            found["up"] += ups[impression_id]
            found["down"] += downs[impression_id]
            found["handed_over"] += any(at > shown_at for at in handed.get(dialogue_id, ()))
            bought[place] |= orders[impression_id]
    rows = [
        PageRow(
            title=place[0],
            url=place[1],
            shown=found["shown"],
            clicked=found["clicked"],
            up=found["up"],
            down=found["down"],
            handed_over=found["handed_over"],
            orders=len(bought[place]),
        )
        for place, found in figures.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.shown, row.title, row.url)))


def _quoted(session: Session, period: Period) -> list[tuple[str, str, datetime, set[Place]]]:
    query = (
        select(
            col(Impression.impression_id),
            col(Impression.dialogue_id),
            col(Impression.shown_at),
            col(Impression.citations),
        )
        .where(period.holds(Impression.shown_at), cast(col(Impression.citations), Text) != "[]")
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_READ)
    )
    return [
        (id_, dialogue, at, {(str(c.get("title", "")), str(c.get("url", ""))) for c in citations})
        for id_, dialogue, at, citations in session.execute(query)
    ]


def _of(
    session: Session,
    table: type[Click] | type[Rating],
    ids: Sequence[str],
    wanted: ColumnElement[bool],
) -> list[str]:
    found: list[str] = []
    for at in range(0, len(ids), 500):
        query = select(col(table.impression_id)).where(
            col(table.impression_id).in_(ids[at : at + 500]),
            wanted,
        )
        found += session.execute(query).scalars()
    return found


def _handed_over(session: Session, dialogues: set[str]) -> dict[str, list[datetime]]:
    """When each dialogue was given to a person."""
    found: dict[str, list[datetime]] = defaultdict(list)
    ids = sorted(dialogues)
    for at in range(0, len(ids), 500):
        query = select(col(Impression.dialogue_id), col(Impression.shown_at)).where(
            col(Impression.dialogue_id).in_(ids[at : at + 500]), col(Impression.kind) == "handover"
        )
        for dialogue_id, moment in session.execute(query):
            found[dialogue_id].append(moment)
    return found
