"""What the clerk remembers of a dialogue: one versioned JSON value instead of a column each."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TO_JSON = {
    "sqlite": "UPDATE dialogue SET memory = json_object('version', 1, 'pending_reply_id',"
    " pending_reply_id, 'failed_lookups', failed_lookups)"
    " WHERE pending_reply_id IS NOT NULL OR failed_lookups > 0",
    "postgresql": "UPDATE dialogue SET memory = json_build_object('version', 1, 'pending_reply_id',"
    " pending_reply_id, 'failed_lookups', failed_lookups)"
    " WHERE pending_reply_id IS NOT NULL OR failed_lookups > 0",
}
FROM_JSON = {
    "sqlite": "UPDATE dialogue SET"
    " pending_reply_id = json_extract(memory, '$.pending_reply_id'),"
    " failed_lookups = coalesce(json_extract(memory, '$.failed_lookups'), 0)",
    "postgresql": "UPDATE dialogue SET pending_reply_id = memory ->> 'pending_reply_id',"
    " failed_lookups = coalesce(CAST(memory ->> 'failed_lookups' AS INTEGER), 0)",
}


def upgrade() -> None:
    op.add_column("dialogue", sa.Column("memory", sa.JSON(), nullable=False, server_default="{}"))
    op.execute(TO_JSON[op.get_bind().dialect.name])
    for name in ("pending_reply_id", "failed_lookups"):
        op.drop_column("dialogue", name)


def downgrade() -> None:
    op.add_column("dialogue", sa.Column("pending_reply_id", sa.String(), nullable=True))
    op.add_column(
        "dialogue", sa.Column("failed_lookups", sa.Integer(), nullable=False, server_default="0")
    )
    op.execute(FROM_JSON[op.get_bind().dialect.name])
    op.drop_column("dialogue", "memory")
