"""Internal notes on a dialogue, and the presence of those who look at it."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", INSTANT(), nullable=False),
        sa.Column("writes_until", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_presence_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("dialogue_id", "staff", name="pk_presence"),
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.create_table(
        "internal_note",
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", WORDS(), nullable=False),
        sa.Column("at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_internal_note_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("note_id", name="pk_internal_note"),
    )
    op.create_index("ix_internal_note_dialogue_id", "internal_note", ["dialogue_id"])


def downgrade() -> None:
    op.drop_table("internal_note")
    op.drop_table("presence")
