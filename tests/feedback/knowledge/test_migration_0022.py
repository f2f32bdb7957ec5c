"""What becomes of Chinese titles that stood in columns of their own."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from feedback.db.migrate import alembic_config, without_references
from feedback.db.tables.columns import to_micros
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import Translation
from tests.factories import NOW

PRODUCT = (
    "INSERT INTO product (product_id, title, title_zh, body, body_zh, vendor, category, tags,"
    " image, url, active, updated_at)"
    " VALUES (:id, :title, :title_zh, '', :body_zh, '', '', '[]', '', '', true, :at)"
)
VARIANT = (
    "INSERT INTO variant (variant_id, product_id, options, sku, price, currency)"
    " VALUES ('mug', 'mug', '{}', '', 125000, 'USD')"
)


def move_to(database: Any, revision: str) -> None:
    with database.engine.connect() as connection:
        config = alembic_config(connection)
        go = command.downgrade if revision == "0021" else command.upgrade
        with without_references(connection), connection.begin():
            go(config, revision)


@pytest.fixture
def database_before(empty_database: Any) -> Any:
    """Two products as revision 0021 kept them; one has a Chinese title, and one is offered."""
    empty_database.make_folder()
    with empty_database.engine.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0021")
        for number, title, chinese, body in (
            ("mug", "Mug", "杯子", "圆的"),
            ("hat", "Hat", "", ""),
        ):
            connection.execute(
                text(PRODUCT),
                {"id": number, "title": title, "title_zh": chinese, "body_zh": body,
                 "at": to_micros(NOW)},
            )  # fmt: skip
        connection.execute(text(VARIANT))
    return empty_database


class TestChineseTitles:
    def test_become_rows_by_locale(self, database_before: Any) -> None:
        """With their descriptions; variants stay, and a product without a title gets no row."""
        move_to(database_before, "head")
        hat, mug = Catalogue(database_before).products()

        assert ((), 0) == (hat.translations, len(hat.variants))
        assert ((Translation("zh", "杯子", "圆的"),), 1) == (mug.translations, len(mug.variants))

    def test_go_back_to_their_columns(self, database_before: Any) -> None:
        """A downgrade keeps them."""
        move_to(database_before, "0022")
        move_to(database_before, "0021")

        with database_before.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT title, title_zh, body_zh FROM product ORDER BY title")
            ).all()
            variants = connection.execute(text("SELECT count(*) FROM variant")).scalar_one()
        assert ([("Hat", "", ""), ("Mug", "杯子", "圆的")], 1) == (
            [tuple(r) for r in rows],
            variants,
        )
