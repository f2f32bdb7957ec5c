"""Sources of knowledge, their pages, and the passages cut from them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
WORDS = feedback.db.tables.columns.Words
INSTANT = feedback.db.tables.columns.Instant


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("source_id", TEXT(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("address", WORDS(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("problem", WORDS(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("added_at", INSTANT(), nullable=False),
        sa.Column("read_at", INSTANT(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source")),
    )
    op.create_table(
        "page",
        sa.Column("page_id", TEXT(), nullable=False),
        sa.Column("source_id", TEXT(), nullable=False),
        sa.Column("url", WORDS(), nullable=False),
        sa.Column("title", WORDS(), nullable=False),
        sa.Column("language", TEXT(), nullable=False),
        sa.Column("state", TEXT(), nullable=False),
        sa.Column("problem", WORDS(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("digest", TEXT(), nullable=False),
        sa.Column("etag", WORDS(), nullable=False),
        sa.Column("last_modified", WORDS(), nullable=False),
        sa.Column("dated_at", INSTANT(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("looked_at", INSTANT(), nullable=True),
        sa.Column("changed_at", INSTANT(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.source_id"], name=op.f("fk_page_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_page")),
    )
    op.create_index(op.f("ix_page_source_id"), "page", ["source_id"])
    op.create_table(
        "passage",
        sa.Column("passage_id", TEXT(), nullable=False),
        sa.Column("page_id", TEXT(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("question", WORDS(), nullable=False),
        sa.Column("text", WORDS(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("language", TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("copy_of", TEXT(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("vector", feedback.db.tables.columns.Base64(), nullable=True),
        sa.Column("vector_version", sa.Integer(), nullable=True),
        sa.Column("updated_at", INSTANT(), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"], ["page.page_id"], name=op.f("fk_passage_page_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("passage_id", name=op.f("pk_passage")),
    )
    for name in ("page_id", "active", "vector_version", "updated_at"):
        op.create_index(op.f(f"ix_passage_{name}"), "passage", [name])


def downgrade() -> None:
    for table in ("passage", "page", "source"):
        op.drop_table(table)
