"""Impressions keep what another knowledge source than the reply book said."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "impression", sa.Column("citations", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    with op.batch_alter_table("impression", schema=None) as batch_op:
        batch_op.drop_column("citations")
