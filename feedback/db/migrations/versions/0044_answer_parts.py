"""Parts of an answer: each of several candidates said in one, as learning reads it."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words


def upgrade() -> None:
    op.create_table(
        "answer_part",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("asked", WORDS(), nullable=True),
        sa.Column("reply_id", sa.String(), nullable=True),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=False),
        sa.Column("served_by", sa.String(), nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["impression_id"], ["impression.impression_id"], name="fk_answer_part_impression_id"
        ),
        sa.PrimaryKeyConstraint("impression_id", "place", name="pk_answer_part"),
    )


def downgrade() -> None:
    op.drop_table("answer_part")
