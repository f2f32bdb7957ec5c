"""Plans of experiments, as they were decided before looking."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plannedexperiment",
        sa.Column("experiment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decided_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("experiment", "since", name=op.f("pk_plannedexperiment")),
    )


def downgrade() -> None:
    op.drop_table("plannedexperiment")
