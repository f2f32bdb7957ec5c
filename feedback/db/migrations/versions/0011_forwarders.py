"""Who sends X-Forwarded-For without being a trusted proxy, for `shopclerk check`."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forwarder",
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seen_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_forwarder")),
    )


def downgrade() -> None:
    op.drop_table("forwarder")
