"""Mail: the addresses to which answers go."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "mail_address",
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("address", WORDS(), nullable=False),
        sa.Column("reply_key", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("transcript", sa.Boolean(), nullable=False),
        sa.Column("mailed_turn", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT(), nullable=False),
        sa.Column("agreed_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_mail_address_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("dialogue_id", name="pk_mail_address"),
        sa.UniqueConstraint("reply_key", name="uq_mail_address_reply_key"),
    )
    op.create_index("ix_mail_address_agreed_at", "mail_address", ["agreed_at"])


def downgrade() -> None:
    op.drop_table("mail_address")
