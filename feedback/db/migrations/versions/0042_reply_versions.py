"""Versions of each reply: its earlier texts, and who wrote them."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "reply_version",
        sa.Column("number", feedback.db.tables.columns.BigKey, nullable=False),
        sa.Column("reply_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("text", WORDS(), nullable=False),
        sa.Column("by", WORDS(), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_reply_version"),
    )
    op.create_index("ix_reply_version_reply_id", "reply_version", ["reply_id"])
    op.execute(
        "INSERT INTO reply_version (reply_id, locale, text, by, at)"
        " SELECT reply_id, locale, text, 'before versions were kept', updated_at FROM reply"
    )


def downgrade() -> None:
    op.drop_table("reply_version")
