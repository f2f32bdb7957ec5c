"""Supersessions of replies, and when each label of a question was made."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = feedback.db.tables.columns.Instant
WORDS = feedback.db.tables.columns.Words


def upgrade() -> None:
    op.create_table(
        "supersession",
        sa.Column("number", feedback.db.tables.columns.BigKey, nullable=False),
        sa.Column("reply_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("successor", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("by", WORDS(), nullable=False),
        sa.Column("since", INSTANT(), nullable=False),
        sa.Column("undone_by", WORDS(), nullable=True),
        sa.Column("undone_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_supersession")),
    )
    with op.batch_alter_table("question") as table:
        table.add_column(
            sa.Column("labelled_at", INSTANT(), server_default=sa.text("0"), nullable=False)
        )
    op.execute("UPDATE question SET labelled_at = added_at")
    with op.batch_alter_table("question") as table:
        table.alter_column("labelled_at", server_default=None)
    op.create_index(op.f("ix_supersession_reply_id"), "supersession", ["reply_id"])


def downgrade() -> None:
    with op.batch_alter_table("question") as table:
        table.drop_column("labelled_at")
    op.drop_table("supersession")
