"""Table of read mailboxes: the place up to which replies by mail were read."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "read_mailbox",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("stuck_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name="pk_read_mailbox"),
    )


def downgrade() -> None:
    op.drop_table("read_mailbox")
