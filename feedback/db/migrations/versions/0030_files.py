"""Files: pictures and documents that shoppers and staff send each other."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant
BASE64 = feedback.db.tables.columns.Base64


def upgrade() -> None:
    op.create_table(
        "shared_file",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("client_id", WORDS(), nullable=True),
        sa.Column("name", WORDS(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", BASE64(), nullable=False),
        sa.Column("thumbnail", BASE64(), nullable=True),
        sa.Column("at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_shared_file_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("file_id", name="pk_shared_file"),
    )
    op.create_index("ix_shared_file_dialogue_id", "shared_file", ["dialogue_id"])
    op.create_index("ix_shared_file_at", "shared_file", ["at"])


def downgrade() -> None:
    op.drop_table("shared_file")
