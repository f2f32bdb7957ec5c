"""Pages quoted in answers, and what came of it: thumbs, clicks, hand-overs, sales."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import fmean
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Text, cast, select
from sqlmodel import Session, col

from feedback.db import Click, Impression, Period, Rating
from feedback.report.parts import PageRow, PassageRow
from feedback.sales import Conversion

MOST_READ: Final = 50_000  # answers, newest first
Place = tuple[str, str]  # of a page: its title and its address
Key = TypeVar("Key", bound=Hashable)


class Quoted(NamedTuple):
    """An answer that quotes the shop's pages."""

    impression_id: str
    dialogue_id: str
    shown_at: datetime
    propensity: float
    citations: list[dict[str, Any]]


def page_rows(
    session: Session, period: Period, converted: Iterable[Conversion] = ()
) -> tuple[PageRow, ...]:
    """The pages that were quoted, the most quoted first.

    An answer that quotes two pages counts for either. Handed over is an answer after which the
    shopper was given to a person in the same dialogue.
    """
    figures = _figures(session, period, converted, _page_of)
    rows = [PageRow(title=title, url=url, **found) for (title, url), found in figures.items()]
    return tuple(sorted(rows, key=lambda row: (-row.shown, row.title, row.url)))


def passage_rows(
    session: Session, period: Period, converted: Iterable[Conversion] = ()
) -> tuple[PassageRow, ...]:
    """The same by passage."""
    figures = _figures(session, period, converted, passage_of)
    rows = [PassageRow(passage_id=id_, **found) for id_, found in figures.items()]
    return tuple(sorted(rows, key=lambda row: (-row.shown, row.passage_id)))


def _page_of(citation: Mapping[str, Any]) -> Place:
    return str(citation.get("title", "")), str(citation.get("url", ""))


def passage_of(citation: Mapping[str, Any]) -> str:
    """The passage that a citation quotes."""
    return str(citation.get("id", "")).rpartition("#")[0]


def _figures(
    session: Session,
    period: Period,
    converted: Iterable[Conversion],
    key_of: Callable[[Mapping[str, Any]], Key],
) -> dict[Key, dict[str, Any]]:
    """What came of each of them, as the fields of its row."""
    quoted = quoted_answers(session, period)
    ids = [one.impression_id for one in quoted]
    clicked = set(_of(session, Click, ids, col(Click.kind) == "link"))
    ups = Counter(_of(session, Rating, ids, col(Rating.value) == "up"))
    downs = Counter(_of(session, Rating, ids, col(Rating.value) == "down"))
    handed = _handed_over(session, {one.dialogue_id for one in quoted})
    orders: dict[str, set[str]] = defaultdict(set)
    for each in converted:
        if each.kind == "assisted":
            orders[each.impression_id].add(each.order_id)
    counted: dict[Key, Counter[str]] = defaultdict(Counter)
    chances: dict[Key, list[float]] = defaultdict(list)
    bought: dict[Key, set[str]] = defaultdict(set)
    for one in quoted:
        for key in {key_of(citation) for citation in one.citations}:
            counted[key].update(
                shown=1,
                clicked=int(one.impression_id in clicked),
                up=ups[one.impression_id],
                down=downs[one.impression_id],
                handed_over=int(any(at > one.shown_at for at in handed.get(one.dialogue_id, ()))),
            )
            chances[key].append(one.propensity)
            bought[key] |= orders[one.impression_id]
    return {
        key: {**found, "orders": len(bought[key]), "propensity": round(fmean(chances[key]), 4)}
        for key, found in counted.items()
    }


def quoted_answers(session: Session, period: Period) -> list[Quoted]:
    """The answers of a period that quote pages, the newest first."""
    columns = (
        *(col(Impression.impression_id), col(Impression.dialogue_id), col(Impression.shown_at)),
        *(col(Impression.propensity), col(Impression.citations)),
    )
    query = (
        select(*columns)
        .where(period.holds(Impression.shown_at), cast(col(Impression.citations), Text) != "[]")
        .order_by(col(Impression.shown_at).desc())
        .limit(MOST_READ)
    )
    return [Quoted(*row) for row in session.execute(query)]


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
