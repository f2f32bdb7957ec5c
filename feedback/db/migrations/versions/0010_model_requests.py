"""What the staff ask of the model, for whoever may write the models to carry out."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "modelrequest",
        sa.Column("request_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("asked_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("taken_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.Column("finished_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("sentence", feedback.db.tables.columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_modelrequest")),
    )
    with op.batch_alter_table("modelrequest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_modelrequest_asked_at"), ["asked_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("modelrequest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_modelrequest_asked_at"))
    op.drop_table("modelrequest")
