"""Impressions keep what a reply asks for, is about, sums up and has carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "impression", sa.Column("details", sa.JSON(), nullable=False, server_default="{}")
    )


def downgrade() -> None:
    with op.batch_alter_table("impression", schema=None) as batch_op:
        batch_op.drop_column("details")
