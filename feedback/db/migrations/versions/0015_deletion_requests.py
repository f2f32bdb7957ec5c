"""What shop systems asked to delete, and by which numbers they name products."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "deletion_request",
        sa.Column("request_id", Text(), nullable=False),
        sa.Column("source", Text(), nullable=False),
        sa.Column("topic", Text(), nullable=False),
        sa.Column("shopper_ids", sa.JSON(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("asked_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("due_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("ended_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_deletion_request")),
    )
    with op.batch_alter_table("deletion_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deletion_request_due_at"), ["due_at"], unique=False)
    op.create_table(
        "product_number",
        sa.Column("source", Text(), nullable=False),
        sa.Column("number", Text(), nullable=False),
        sa.Column("product_id", Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name=op.f("pk_product_number")),
    )


def downgrade() -> None:
    op.drop_table("product_number")
    op.drop_table("deletion_request")
