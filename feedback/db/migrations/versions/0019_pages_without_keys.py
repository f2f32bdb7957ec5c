"""Pages that dialogues were opened on lose their queries, logins and keys."""

import sqlalchemy as sa
from alembic import op

from feedback.redaction import kept_page

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BATCH = 1_000


def upgrade() -> None:
    connection = op.get_bind()
    dialogue = sa.table("dialogue", sa.column("dialogue_id"), sa.column("page"))
    rows = connection.execute(
        sa.select(dialogue.c.dialogue_id, dialogue.c.page).where(dialogue.c.page.is_not(None))
    ).all()
    changed = [
        {"id": dialogue_id, "kept": kept}
        for dialogue_id, page in rows
        if (kept := kept_page(page)) != page
    ]
    statement = (
        dialogue.update()
        .where(dialogue.c.dialogue_id == sa.bindparam("id"))
        .values(page=sa.bindparam("kept"))
    )
    for start in range(0, len(changed), BATCH):
        connection.execute(statement, changed[start : start + BATCH])


def downgrade() -> None:
    """What was taken away is gone."""
