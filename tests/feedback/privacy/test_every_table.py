"""Walks every table: what names a shopper is exported, erased and emptied in time, or says why not.

A new table needs nothing here: as soon as it names a shopper, a dialogue or an impression, it gets
a row of Anna's, and these tests ask what became of it.
"""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Float, Table
from sqlmodel import SQLModel

from feedback.db.tables.columns import Base64, Instant, Money, Words
from feedback.privacy.erasure import Erasure
from feedback.privacy.prune import prune_old_rows
from feedback.privacy.retention import Keep, forget_old
from tests.factories import NOW, days

ROOTS = {"shopper": "shopper_id", "dialogue": "dialogue_id", "impression": "impression_id"}
# Who and what every row of these tests is about; no other column holds one of these values.
OF_ANNA: dict[str, Any] = {
    "shopper_id": "anna",
    "shopper_ids": ["anna"],
    "person_id": "anna",
    "voter": "anna",
    "dialogue_id": "talk-of-anna",
    "impression_id": "shown-to-anna",
}
NAMES = ("anna", "talk-of-anna", "shown-to-anna")
WORDS = "what anna wrote"

# Names a shopper after an erasure, by a random id that nothing is left to lead to.
STAYS = {
    "shopper": "the random id that exposure and orders point at; no identity leads to it",
    "exposure": "the arms stay honest only if everybody who was exposed is counted",
    "uncounted": "a robot or a colleague who is forgotten must not enter the figures",
    "shop_order": "the sum stays in the books; e-mail and tracking number are gone",
    "orderline": "part of the order's sum",
}
NOT_EXPORTED = {
    "presence": "which colleague had a page open in the last day; says nothing of the shopper",
    "snapshotshopper": "which training reads whom; what it reads is exported where it stands",
    "reviewitem": "that an answer was drawn for review says nothing of the shopper",
}
# Keeps free text of a shopper's row after the time for dialogues is over.
KEEPS_WORDS = {
    "answer_part.candidates": "ids of replies with their scores",
    "impression.candidates": "ids of replies with their scores",
    "impression.citations": "sentences of the shop's own pages",
    "click.target": "the product, the reply or the shop's address that was clicked",
    "orderline.title": "what the shop calls the product",
    "shop_order.versions": "times of reports",
    "data_request.shopper_ids": "a request is kept as proof that it was answered",
    "data_request.order_ids": "the same",
    "deletion_request.shopper_ids": "emptied when it is carried out, within 30 days",
}


def personal_tables() -> list[Table]:
    """Tables that name somebody, directly or by a row that does; parents first."""
    found: list[Table] = []
    for table in SQLModel.metadata.sorted_tables:
        parents = {key.column.table.name for key in table.foreign_keys}
        if naming(table) or parents & {one.name for one in found}:
            found.append(table)
    return found


def naming(table: Table) -> list[Column[Any]]:
    """The columns that name a shopper, a dialogue or an impression."""
    by_reference = {key.parent.name for key in table.foreign_keys if key.column.table.name in ROOTS}
    return [one for one in table.columns if one.name in OF_ANNA or one.name in by_reference]


def value(column: Column[Any], parents: dict[str, dict[str, Any]]) -> Any:
    """Something of Anna's for the column."""
    for key in column.foreign_keys:
        if (parent := parents.get(key.column.table.name)) is not None:
            return parent[key.column.name]
    if column.name in OF_ANNA:
        return OF_ANNA[column.name]
    if isinstance(column.type, Base64):
        return WORDS.encode()
    if isinstance(column.type, Words):
        return WORDS
    if isinstance(column.type, JSON):
        return [WORDS]
    if isinstance(column.type, Instant):
        return NOW
    if isinstance(column.type, Money):
        return Decimal(1)
    if isinstance(column.type, Boolean):
        return False
    return 1.0 if isinstance(column.type, Float) else _plain(column)


def _plain(column: Column[Any]) -> Any:
    if column.type.python_type is int:
        return 1
    return "sent" if column.name == "state" else f"{column.table.name}.{column.name}"


def rows(database, table: Table) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [dict(row) for row in session.connection().execute(table.select()).mappings()]


def names_anna(row: dict[str, Any], table: Table) -> bool:
    """Whether it does; a row that names nobody itself belongs to one that does."""
    names = [str(row[one.name]) for one in naming(table)]
    return not names or any(anna in name for name in names for anna in NAMES)


@pytest.fixture
def anna(database):
    """A row of Anna's in every table that names her, and what those rows refer to."""
    referred = {key.column.table for table in personal_tables() for key in table.foreign_keys}
    needed = referred.union(personal_tables())
    written: dict[str, dict[str, Any]] = {}
    with database.transaction() as session:
        for table in SQLModel.metadata.sorted_tables:
            if table in needed:
                row = {one.name: value(one, written) for one in table.columns}
                session.connection().execute(table.insert().values(row))
                written[table.name] = row
    return database


class TestEveryTable:
    def test_what_names_a_shopper_is_erased(self, anna):
        """
        No row names Anna, her dialogue or what she was shown, but those that say why they stay.
        """
        assert Erasure(anna).erase_shopper("anna", NOW) is not None

        left = {
            table.name
            for table in personal_tables()
            if any(names_anna(row, table) for row in rows(anna, table))
        }
        assert set(STAYS) == left

    @pytest.mark.filterwarnings("ignore:Pydantic serializer")  # JSON here has any shape
    def test_what_names_a_shopper_is_exported(self, anna):
        """
        Each table's row of hers is in the export, but those that say why not.
        """
        export: Any = Erasure(anna).export("anna")

        shown = {frozenset(row) for part in export.values() for row in part}
        missing = {
            table.name
            for table in personal_tables()
            if frozenset(table.columns.keys()) not in shown
        }
        assert set(NOT_EXPORTED) == missing

    def test_what_a_shopper_wrote_is_gone_in_time(self, anna):
        """
        A night after the time for dialogues has passed, no free text stands in a row of hers.
        """
        night = NOW + days(401)
        forget_old(anna, night, Keep())
        prune_old_rows(anna, night)

        left = {
            f"{table.name}.{column.name}"
            for table in personal_tables()
            for column in table.columns
            if isinstance(column.type, Words | JSON)
            and any(row[column.name] for row in rows(anna, table))
        }
        assert set(KEEPS_WORDS) == left
