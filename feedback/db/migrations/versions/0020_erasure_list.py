"""The list of erasures: what it takes to forget the same people in an older backup."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forgetting", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "shopper_hash",
                sqlmodel.sql.sqltypes.AutoString(),
                nullable=False,
                server_default="",
            )
        )
        for name in ("orders", "runs"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("cleaned_at", feedback.db.tables.columns.Instant(), nullable=True)
        )
    # Of whom was forgotten before the list there is nothing that could be done again.
    op.execute("UPDATE forgetting SET cleaned_at = erased_at")


def downgrade() -> None:
    with op.batch_alter_table("forgetting", schema=None) as batch_op:
        for name in ("cleaned_at", "runs", "orders", "shopper_hash"):
            batch_op.drop_column(name)
