"""What makes a model earn its place: voters' addresses as hashes, pinned answers, trials."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "trial",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("champion", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("decided_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.Column("decided_by", feedback.db.tables.columns.Words(), nullable=True),
        sa.Column("reason", feedback.db.tables.columns.Words(), nullable=True),
        sa.Column("predicted", sa.JSON(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_trial")),
    )


def downgrade() -> None:
    op.drop_table("trial")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("pinned")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_column("origin")
