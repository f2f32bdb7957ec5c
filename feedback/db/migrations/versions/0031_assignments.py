"""Whose a card is, since when its shopper waits, and how long the waits before were."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

INSTANTS = (
    "waiting_since", "first_answered_at", "snoozed_until", "reminded_at", "escalated_at"
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("deskcard", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assignee", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("assignee_name", sa.Text(), nullable=True))
        for name in INSTANTS:
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
    # Who has taken a dialogue over has it; who waits has waited since the card was opened.
    op.execute(
        "UPDATE deskcard SET assignee = staff, assignee_name = staff_name WHERE state = 'taken'"
    )
    op.execute("UPDATE deskcard SET waiting_since = opened_at WHERE state = 'open'")
    op.create_table(
        "staffwait",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("dialogue_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.dialogue_id"], name=op.f("fk_staffwait_dialogue_id")
        ),
    )
    op.create_index(op.f("ix_staffwait_dialogue_id"), "staffwait", ["dialogue_id"])
    op.create_index(op.f("ix_staffwait_ended_at"), "staffwait", ["ended_at"])


def downgrade() -> None:
    op.drop_table("staffwait")
    with op.batch_alter_table("deskcard", schema=None) as batch_op:
        for name in ("assignee", "assignee_name", *INSTANTS):
            batch_op.drop_column(name)
