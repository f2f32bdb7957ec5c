"""The staff's word that a passage should have answered a question."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "pagelabel",
        sa.Column("impression_id", TEXT(), nullable=False),
        sa.Column("passage_id", TEXT(), nullable=False),
        sa.Column("question", feedback.db.tables.columns.Words(), nullable=True),
        sa.Column("staff", TEXT(), nullable=False),
        sa.Column("updated_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["impression_id"], ["impression.impression_id"], name=op.f("fk_pagelabel_impression_id")
        ),
        sa.PrimaryKeyConstraint("impression_id", "passage_id", name=op.f("pk_pagelabel")),
    )


def downgrade() -> None:
    op.drop_table("pagelabel")
