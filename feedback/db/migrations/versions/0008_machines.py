"""Several machines: rates that all processes of a shop count together."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not logged: a count of the last minute is not worth a write to the disk.
    unlogged = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "ratewindow",
        sa.Column("who", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("who", "starts", name=op.f("pk_ratewindow")),
        prefixes=unlogged,
    )
    with op.batch_alter_table("ratewindow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratewindow_starts"), ["starts"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ratewindow", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratewindow_starts"))
    op.drop_table("ratewindow")
