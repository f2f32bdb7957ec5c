"""Who has read how far, who is typing, and how a dialogue was graded at its end."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "attention",
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("shopper_read", sa.BigInteger(), nullable=False),
        sa.Column("staff_read", sa.BigInteger(), nullable=False),
        sa.Column("typing_until", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_attention_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("dialogue_id", name="pk_attention"),
    )
    op.create_table(
        "survey",
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("comment", WORDS(), nullable=True),
        sa.Column("at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_survey_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("dialogue_id", name="pk_survey"),
    )
    op.create_index("ix_survey_at", "survey", ["at"])


def downgrade() -> None:
    op.drop_table("survey")
    op.drop_table("attention")
