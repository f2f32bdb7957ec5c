"""Orders by the shop system whose ids they have, what of them is a sale, refunds by transaction.

Rows that exist keep their ids and get their order's source. An order that came from a file with no
system named belongs to the one system that the shop has, or to "orders", our own format.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MONEY = feedback.db.tables.columns.Money
INSTANT = feedback.db.tables.columns.Instant
# What can not be null is added as null, filled, and then closed.
FILLED = {
    "sale": sa.Boolean(),
    "gift_cards": MONEY(),
    "refunded": MONEY(),
    "versions": sa.JSON(),
}
PARTS = ("sums", "state", "email_hash", "tracking", "checkout", "lines", "refunds")
LINE_OF_ORDER = "fk_orderline_order_id"


def upgrade() -> None:
    _add_columns()
    _source_of_files()
    _fill_lines_and_refunds()
    _fill_orders()
    with op.batch_alter_table("orderline") as batch:
        batch.drop_constraint(LINE_OF_ORDER, type_="foreignkey")
        batch.drop_constraint("pk_orderline", type_="primary")
        batch.alter_column("source", existing_type=TEXT(), nullable=False)
    with op.batch_alter_table("shop_order") as batch:
        batch.drop_constraint("pk_shop_order", type_="primary")
        batch.create_primary_key("pk_shop_order", ["source", "order_id"])
        for name, kind in FILLED.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    with op.batch_alter_table("orderline") as batch:
        batch.create_primary_key("pk_orderline", ["source", "order_id", "position"])
        batch.create_foreign_key(
            "fk_orderline_source", "shop_order", ["source", "order_id"], ["source", "order_id"],
            ondelete="CASCADE",
        )  # fmt: skip
    with op.batch_alter_table("refund") as batch:
        batch.drop_constraint("pk_refund", type_="primary")
        batch.create_primary_key("pk_refund", ["source", "refund_id"])
        for name in ("source", "status"):
            batch.alter_column(name, existing_type=TEXT(), nullable=False)
    op.create_table(
        "redacted_order",
        sa.Column("source", TEXT(), nullable=False),
        sa.Column("order_id", TEXT(), nullable=False),
        sa.Column("redacted_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("source", "order_id", name=op.f("pk_redacted_order")),
    )


def _add_columns() -> None:
    with op.batch_alter_table("shop_order") as batch:
        batch.add_column(sa.Column("payment", TEXT(), nullable=False, server_default=""))
        batch.add_column(sa.Column("paid_currency", TEXT(), nullable=True))
        batch.add_column(sa.Column("paid_total", MONEY(), nullable=True))
        for name, kind in FILLED.items():
            batch.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("orderline") as batch:
        batch.add_column(sa.Column("source", TEXT(), nullable=True))
    with op.batch_alter_table("refund") as batch:
        batch.add_column(sa.Column("source", TEXT(), nullable=True))
        batch.add_column(sa.Column("status", TEXT(), nullable=True))
        batch.add_column(sa.Column("order_amount", MONEY(), nullable=True))


def _source_of_files() -> None:
    """Give orders out of files the source of the shop's only system, or our own."""
    op.execute(
        "UPDATE shop_order SET source = CASE"
        " WHEN (SELECT count(DISTINCT source) FROM shop_order WHERE source != 'import') = 1"
        " THEN (SELECT max(source) FROM shop_order WHERE source != 'import')"
        " ELSE 'orders' END WHERE source = 'import'"
    )


def _fill_lines_and_refunds() -> None:
    op.execute(
        "UPDATE orderline SET source ="
        " (SELECT source FROM shop_order WHERE shop_order.order_id = orderline.order_id)"
    )
    # A refund whose order never came belongs to the system of most orders. One that failed had
    # nothing as its amount.
    op.execute(
        "UPDATE refund SET source = coalesce("
        "(SELECT source FROM shop_order WHERE shop_order.order_id = refund.order_id),"
        " (SELECT source FROM shop_order GROUP BY source ORDER BY count(*) DESC, source LIMIT 1),"
        " 'orders'), status = CASE WHEN amount = 0 THEN 'failed' ELSE 'succeeded' END"
    )


def _fill_orders() -> None:
    op.execute(
        "UPDATE shop_order SET gift_cards = 0,"
        " sale = (cancelled_at IS NULL AND status NOT IN ('pending', 'cancelled') AND total > 0),"
        " refunded = coalesce((SELECT sum(amount) FROM refund"
        " WHERE refund.order_id = shop_order.order_id"
        " AND refund.currency = shop_order.currency), 0)"
    )
    # What is known is as new as the order's newest report.
    if op.get_bind().dialect.name == "sqlite":
        build, at = "json_object", "printf('%020d', updated_at)"
    else:
        build, at = "json_build_object", "lpad(updated_at::text, 20, '0')"
    versions = ", ".join(f"'{part}', {at}" for part in PARTS)
    op.execute(f"UPDATE shop_order SET versions = {build}({versions})")  # noqa: S608 - our own words


def downgrade() -> None:
    """Of two systems' orders with the same id one is kept: they did not fit before."""
    op.drop_table("redacted_order")
    op.execute(
        "DELETE FROM shop_order WHERE source > (SELECT min(source) FROM shop_order AS other"
        " WHERE other.order_id = shop_order.order_id)"
    )
    op.execute(
        "DELETE FROM orderline WHERE NOT EXISTS (SELECT 1 FROM shop_order WHERE"
        " shop_order.source = orderline.source AND shop_order.order_id = orderline.order_id)"
    )
    op.execute(
        "DELETE FROM refund WHERE source > (SELECT min(source) FROM refund AS other"
        " WHERE other.refund_id = refund.refund_id)"
    )
    op.execute("UPDATE refund SET amount = 0 WHERE status != 'succeeded'")
    with op.batch_alter_table("orderline") as batch:
        batch.drop_constraint("fk_orderline_source", type_="foreignkey")
        batch.drop_constraint("pk_orderline", type_="primary")
        batch.drop_column("source")
    with op.batch_alter_table("shop_order") as batch:
        batch.drop_constraint("pk_shop_order", type_="primary")
        batch.create_primary_key("pk_shop_order", ["order_id"])
        for name in ("payment", "paid_currency", "paid_total", *FILLED):
            batch.drop_column(name)
    with op.batch_alter_table("orderline") as batch:
        batch.create_primary_key("pk_orderline", ["order_id", "position"])
        batch.create_foreign_key(
            LINE_OF_ORDER, "shop_order", ["order_id"], ["order_id"], ondelete="CASCADE"
        )
    with op.batch_alter_table("refund") as batch:
        batch.drop_constraint("pk_refund", type_="primary")
        batch.create_primary_key("pk_refund", ["refund_id"])
        for name in ("source", "status", "order_amount"):
            batch.drop_column(name)
