"""Trust: accounts of the desk, their logins, the audit log, and who was forgotten."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import feedback.db.tables.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "staffaccount",
        sa.Column("login", Text(), nullable=False),
        sa.Column("name", feedback.db.tables.columns.Words(), nullable=False),
        sa.Column("password_hash", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("made_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("changed_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("closed_at", feedback.db.tables.columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_staffaccount")),
    )
    op.create_table(
        "staffsession",
        sa.Column("session_hash", Text(), nullable=False),
        sa.Column("login", Text(), nullable=True),
        sa.Column("name", feedback.db.tables.columns.Words(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("csrf", Text(), nullable=False),
        sa.Column("made_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("until", feedback.db.tables.columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_staffsession")),
    )
    op.create_index(op.f("ix_staffsession_login"), "staffsession", ["login"])
    op.create_index(op.f("ix_staffsession_until"), "staffsession", ["until"])
    op.create_table(
        "auditentry",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_key", Text(), nullable=False),
        sa.Column("at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("actor", feedback.db.tables.columns.Words(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("action", Text(), nullable=False),
        sa.Column("subject", feedback.db.tables.columns.Words(), nullable=False),
        sa.Column("outcome", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_auditentry")),
        sa.UniqueConstraint("entry_key", name=op.f("uq_auditentry_entry_key")),
    )
    op.create_index(op.f("ix_auditentry_at"), "auditentry", ["at"])
    op.create_table(
        "forgetting",
        sa.Column("forgetting_id", Text(), nullable=False),
        sa.Column("erased_at", feedback.db.tables.columns.Instant(), nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("forgetting_id", name=op.f("pk_forgetting")),
    )
    op.create_index(op.f("ix_forgetting_erased_at"), "forgetting", ["erased_at"])


def downgrade() -> None:
    for name in ("forgetting", "auditentry", "staffsession", "staffaccount"):
        op.drop_table(name)
