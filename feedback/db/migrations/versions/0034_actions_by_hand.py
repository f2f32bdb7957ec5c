"""Order actions: by hand, with a colleague's change, undone, reminded of."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NEW = (
    sa.Column("customer_id", sa.String(), nullable=False, server_default=""),
    sa.Column("by_staff", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("policy", sa.Text(), nullable=False, server_default=""),
    sa.Column("undo", sa.JSON(), nullable=True),
    sa.Column("before", sa.JSON(), nullable=True),
    sa.Column("reminded_at", sa.BigInteger(), nullable=True),
)


def upgrade() -> None:
    with op.batch_alter_table("action_run") as table:
        for column in NEW:
            table.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("action_run") as table:
        for column in reversed(NEW):
            table.drop_column(column.name)
