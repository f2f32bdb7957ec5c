"""History of a question: the turns before one that means nothing by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("history", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("question", "history")
