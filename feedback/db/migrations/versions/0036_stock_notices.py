"""Notices that a product is to be had again."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_notice",
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("shopper_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name="fk_stock_notice_dialogue_id"
        ),
        sa.PrimaryKeyConstraint("notice_id", name="pk_stock_notice"),
    )
    for column in ("dialogue_id", "shopper_id", "product_id"):
        op.create_index(f"ix_stock_notice_{column}", "stock_notice", [column])


def downgrade() -> None:
    op.drop_table("stock_notice")
