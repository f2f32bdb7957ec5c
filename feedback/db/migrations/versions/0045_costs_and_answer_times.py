"""Cost of each product, and how long an answer took: for guardrails of the report."""

import sqlalchemy as sa
from alembic import op

import feedback.db.tables.columns

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

INDEX = "impression_of_dialogue"
BEFORE = (
    "dialogue_id", "shown_at", "kind", "served_by", "locale", "model_version", "impression_id",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "product_cost",
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("cost", feedback.db.tables.columns.Money(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("updated_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="pk_product_cost"),
    )
    op.add_column("impression", sa.Column("answer_ms", sa.Float(), nullable=True))
    op.drop_index(INDEX, table_name="impression")
    op.create_index(INDEX, "impression", [*BEFORE, "answer_ms"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="impression")
    op.create_index(INDEX, "impression", list(BEFORE))
    op.drop_column("impression", "answer_ms")
    op.drop_table("product_cost")
