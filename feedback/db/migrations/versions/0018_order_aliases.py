"""Other ids of an order, and the last order of each shop system that had something odd in it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_alias",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("alias", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("order_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("source", "alias", name=op.f("pk_order_alias")),
    )
    with op.batch_alter_table("shop_connection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("odd_at", feedback.db.tables.columns.Instant(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("odd_order", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("odd_fields", feedback.db.tables.columns.Words(), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("shop_connection", schema=None) as batch_op:
        for name in ("odd_fields", "odd_order", "odd_at"):
            batch_op.drop_column(name)
    op.drop_table("order_alias")
