"""An index that holds all the report reads of an impression, in place of the one by dialogue."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (
    "dialogue_id", "shown_at", "kind", "served_by", "locale", "model_version", "impression_id",
)  # fmt: skip


def upgrade() -> None:
    op.create_index("impression_of_dialogue", "impression", list(COLUMNS))
    op.drop_index("ix_impression_dialogue_id", table_name="impression")


def downgrade() -> None:
    op.create_index("ix_impression_dialogue_id", "impression", ["dialogue_id"])
    op.drop_index("impression_of_dialogue", table_name="impression")
