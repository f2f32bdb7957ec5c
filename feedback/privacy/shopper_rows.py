"""Finds the rows that name a shopper: by their id, or by one of their dialogues or impressions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, SQLModel, col, delete, select

from feedback.db import DeskCard, Dialogue, DialogueTurn, Impression, Rating

# Ids of one statement: SQLite takes 32,766 values at most.
BATCH: Final = 500


@dataclass
class ShopperRows:
    """A shopper's dialogues, and what was said and shown in them."""

    shopper_id: str
    dialogues: list[Dialogue]
    turns: list[DialogueTurn]
    shown: list[Impression]
    cards: list[DeskCard]
    signals: Mapping[str, list[Any]]  # the rows of each signal's table, by its name in an export

    @property
    def dialogue_ids(self) -> list[str]:
        """The ids of their dialogues."""
        return [one.dialogue_id for one in self.dialogues]

    @property
    def shown_ids(self) -> list[str]:
        """The ids of what was shown to them."""
        return [one.impression_id for one in self.shown]

    @property
    def ids(self) -> set[str]:
        """What names them in Slack's in- and outbox."""
        threads = {f"{d.slack_channel}:{d.thread_ts}" for d in self.dialogues if d.thread_ts}
        cards = {card.card_id for card in self.cards}
        return {*self.dialogue_ids, *self.shown_ids, *cards, *threads}

    @property
    def comments(self) -> list[str]:
        """What was written with thumbs."""
        ratings = (row for rows in self.signals.values() for row in rows if isinstance(row, Rating))
        return [one.comment for one in ratings if one.comment]

    @property
    def judged(self) -> int:
        """How many impressions or dialogues a signal speaks of."""
        rows = (row for rows in self.signals.values() for row in rows)
        named = (
            (getattr(row, name, None) for name in ("impression_id", "dialogue_id")) for row in rows
        )
        return len({next((one for one in ids if one), None) for ids in named} - {None})

    def naming(self, table: type[SQLModel]) -> Iterator[tuple[str, Sequence[str]]]:
        """The columns by which a table names them, and the ids that are theirs."""
        found = {
            "impression_id": self.shown_ids,
            "dialogue_id": self.dialogue_ids,
            "shopper_id": [self.shopper_id],
        }
        return ((name, ids) for name, ids in found.items() if name in table.model_fields)


def rows_of_shopper(
    session: Session, shopper_id: str, signal_tables: Mapping[str, type[SQLModel]]
) -> ShopperRows:
    """All of them, and the rows of each signal that names one of them."""
    dialogues = rows_where(session, Dialogue, "shopper_id", [shopper_id])
    talks = [one.dialogue_id for one in dialogues]
    theirs = ShopperRows(
        shopper_id=shopper_id,
        dialogues=dialogues,
        turns=rows_where(session, DialogueTurn, "dialogue_id", talks),
        shown=rows_where(session, Impression, "shopper_id", [shopper_id]),
        cards=rows_where(session, DeskCard, "dialogue_id", talks),
        signals={},
    )
    theirs.signals = {
        name: _naming(session, table, theirs) for name, table in signal_tables.items()
    }
    return theirs


def delete_naming(session: Session, table: type[SQLModel], theirs: ShopperRows) -> None:
    """Delete the rows that name the shopper, a dialogue of theirs, or what they were shown."""
    for column, ids in theirs.naming(table):
        delete_where(session, table, column, ids)


def delete_where(session: Session, table: type[Any], column: str, values: Sequence[str]) -> None:
    """Delete the rows whose `column` has one of these values."""
    for batch in _batches(values):
        session.execute(delete(table).where(col(getattr(table, column)).in_(batch)))


def rows_where(session: Session, table: type[Any], column: str, values: Sequence[str]) -> list[Any]:
    """The rows whose `column` has one of these values."""
    found: list[Any] = []
    for batch in _batches(values):
        found += session.exec(select(table).where(col(getattr(table, column)).in_(batch)))
    return found


def _naming(session: Session, table: type[SQLModel], theirs: ShopperRows) -> list[Any]:
    found: dict[int, Any] = {}  # a session holds one object a row: found by two columns, it is one
    for column, ids in theirs.naming(table):
        found.update((id(row), row) for row in rows_where(session, table, column, ids))
    return list(found.values())


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
