"""shop floor: kinds of checkout, connections, failed look-ups, proposals, data requests."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    with op.batch_alter_table("shop_order") as batch:
        batch.add_column(sa.Column("checkout", TEXT(), nullable=False, server_default=""))
    op.create_index(op.f("ix_product_updated_at"), "product", ["updated_at"])
    op.create_table(
        "shop_connection",
        sa.Column("source", TEXT(), nullable=False),
        sa.Column("heard_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.Column("reconciled_until", feedback.db.tables.columns.Instant(), nullable=True),
        sa.Column("removed_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_shop_connection")),
    )
    op.create_table(
        "failed_lookup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_hash", TEXT(), nullable=False),
        sa.Column("failed_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_lookup")),
    )
    op.create_index(op.f("ix_failed_lookup_key_hash"), "failed_lookup", ["key_hash"])
    op.create_table(
        "proposal",
        sa.Column("proposal_id", TEXT(), nullable=False),
        sa.Column("locale", TEXT(), nullable=False),
        sa.Column("text", feedback.db.tables.columns.Words(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("reply_id", TEXT(), nullable=True),
        sa.Column("decided_by", feedback.db.tables.columns.Words(), nullable=True),
        sa.Column("proposed_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("decided_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "data_request",
        sa.Column("source", TEXT(), nullable=False),
        sa.Column("request_id", TEXT(), nullable=False),
        sa.Column("shopper_ids", sa.JSON(), nullable=False),
        sa.Column("order_ids", sa.JSON(), nullable=False),
        sa.Column("asked_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("done_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", "request_id", name=op.f("pk_data_request")),
    )


def downgrade() -> None:
    for table in ("data_request", "proposal", "failed_lookup", "shop_connection"):
        op.drop_table(table)
    op.drop_index(op.f("ix_product_updated_at"), "product")
    with op.batch_alter_table("shop_order") as batch:
        batch.drop_column("checkout")
