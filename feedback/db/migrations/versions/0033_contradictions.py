"""Sentences of pages that contradict each other, and which of them the staff let stand."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
WORDS = feedback.db.tables.columns.Words


def upgrade() -> None:
    op.create_table(
        "contradiction",
        sa.Column("contradiction_id", TEXT(), nullable=False),
        sa.Column("passage_id", TEXT(), nullable=False),
        sa.Column("said", WORDS(), nullable=False),
        sa.Column("other_id", TEXT(), nullable=False),
        sa.Column("said_by_other", WORDS(), nullable=False),
        sa.Column("dismissed_by", TEXT(), nullable=True),
        sa.Column("updated_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("contradiction_id", name=op.f("pk_contradiction")),
    )


def downgrade() -> None:
    op.drop_table("contradiction")
