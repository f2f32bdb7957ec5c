"""A row that is written to see whether the store takes writes."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "write_probe",
        sa.Column("probe_id", sa.Integer(), nullable=False),
        sa.Column("filling", feedback.db.tables.columns.Words(), nullable=False),
        sa.PrimaryKeyConstraint("probe_id", name=op.f("pk_write_probe")),
    )


def downgrade() -> None:
    op.drop_table("write_probe")
