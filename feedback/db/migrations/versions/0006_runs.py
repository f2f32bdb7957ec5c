"""Retraining that resumes and tells where a version is from: its data, its code, whose words."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
ADDED = ("data_from", "data_until", "counts", "code_version", "config", "seed", "decision")
ADDED += ("trial_since", "doing", "done", "forgotten")


def upgrade() -> None:
    with op.batch_alter_table("retrainrun", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("data_from", feedback.db.tables.columns.Instant(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("data_until", feedback.db.tables.columns.Instant(), nullable=True)
        )
        batch_op.add_column(sa.Column("counts", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("code_version", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("config", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("seed", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("decision", TEXT(), nullable=True))
        batch_op.add_column(
            sa.Column("trial_since", feedback.db.tables.columns.Instant(), nullable=True)
        )
        batch_op.add_column(sa.Column("doing", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("done", sa.Float(), nullable=True))
        batch_op.add_column(
            sa.Column("forgotten", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index(batch_op.f("ix_retrainrun_state"), ["state"], unique=False)
    # Runs of before could not be gone on with: what a killed one left is a failure.
    op.execute(
        "UPDATE retrainrun SET state = 'failed', reason = 'ended midway' WHERE state = 'running'"
    )
    op.create_table(
        "snapshotshopper",
        sa.Column("run_id", TEXT(), nullable=False),
        sa.Column("shopper_id", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["retrainrun.run_id"],
            name=op.f("fk_snapshotshopper_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "shopper_id", name=op.f("pk_snapshotshopper")),
    )
    op.create_index(op.f("ix_snapshotshopper_shopper_id"), "snapshotshopper", ["shopper_id"])


def downgrade() -> None:
    op.drop_table("snapshotshopper")
    with op.batch_alter_table("retrainrun", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retrainrun_state"))
        for name in reversed(ADDED):
            batch_op.drop_column(name)
