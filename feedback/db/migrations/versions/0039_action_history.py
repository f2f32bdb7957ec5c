"""Order actions: the shopper's history beside each, and the staff's word on what was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("action_run") as table:
        table.add_column(sa.Column("history", sa.JSON(), nullable=True))
    op.create_table(
        "action_label",
        sa.Column(
            "impression_id",
            sa.String(),
            sa.ForeignKey("impression.impression_id"),
            primary_key=True,
        ),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("staff", sa.String(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("action_label")
    with op.batch_alter_table("action_run") as table:
        table.drop_column("history")
