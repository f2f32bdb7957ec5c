"""Experiments: the log of shares, who is left out, one person on two channels, exchange rates."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sharechange",
        sa.Column("experiment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("challenger_version", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("experiment", "since", name=op.f("pk_sharechange")),
    )
    op.create_table(
        "uncounted",
        sa.Column("shopper_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("shopper_id", name=op.f("pk_uncounted")),
    )
    op.create_table(
        "rate",
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("base", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("currency", "base", "since", name=op.f("pk_rate")),
    )
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("person_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("exposure", schema=None) as batch_op:
        batch_op.drop_column("person_id")
    op.drop_table("rate")
    op.drop_table("uncounted")
    op.drop_table("sharechange")
