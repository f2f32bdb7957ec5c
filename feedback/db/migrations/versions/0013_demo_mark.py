"""Which store holds the demo shop: a mark, given to those that hold exactly what it came with."""

import hashlib
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Of the demo shop's replies and products, as every version before this one loaded them.
REPLIES: Final = "a5b612b56a0792423abb682e2a4bcd83b7a1ee81c30fa2fadd3aebe06bc9d935"
PRODUCTS: Final = "bdd7bf038bf9c2b49aa9e03698b46c58d2418dbd24b9f6ba60776afb8a1ae013"

# The demo checkout numbered its orders by the seconds since 2026 began; in a rush by a few more.
NUMBERED_SINCE: Final = 1_767_225_600
RUSH: Final = 3_600
MICROSECONDS: Final = 1_000_000


def upgrade() -> None:
    op.create_table(
        "demo_mark",
        sa.Column("mark", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("loaded_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_demo_mark")),
    )
    store = op.get_bind()
    if _holds_the_demo_shop(store):
        loaded_at = store.execute(sa.text("SELECT min(updated_at) FROM reply")).scalar_one()
        store.execute(
            sa.text("INSERT INTO demo_mark (mark, loaded_at) VALUES ('demo shop', :at)"),
            {"at": loaded_at},
        )
        store.execute(sa.text("UPDATE shop_order SET source = 'demo'"))


def downgrade() -> None:
    op.drop_table("demo_mark")


def _holds_the_demo_shop(store: sa.Connection) -> bool:
    """Whether every reply, product and order is the demo shop's own, and no shop reports here."""
    replies = store.execute(sa.text("SELECT reply_id, locale, text FROM reply"))
    if _digest("\t".join(row) for row in replies) != REPLIES:
        return False
    products = store.execute(sa.text("SELECT product_id, title FROM product"))
    if _digest("\t".join(row) for row in products) != PRODUCTS:
        return False
    shops = "SELECT count(*) FROM shop_connection WHERE source <> 'orders'"
    if store.execute(sa.text(shops)).scalar_one():
        return False
    orders = store.execute(sa.text("SELECT source, order_id, placed_at FROM shop_order"))
    return all(source == "orders" and _by_checkout(number, at) for source, number, at in orders)


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _by_checkout(number: str, placed_at: int) -> bool:
    if not (number.isascii() and number.isdecimal() and len(number) <= 20):
        return False
    return abs(placed_at // MICROSECONDS - NUMBERED_SINCE - int(number)) <= RUSH
