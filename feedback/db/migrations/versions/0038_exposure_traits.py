"""Exposures keep what was known at that moment, and whether a visitor moved a hand."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TRAITS = ("device", "page", "source", "language", "been_before")


def upgrade() -> None:
    for name in TRAITS:
        op.add_column("exposure", sa.Column(name, sa.String(), nullable=True))
    op.add_column("exposure", sa.Column("engaged", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        for name in ("engaged", *reversed(TRAITS)):
            batch_op.drop_column(name)
