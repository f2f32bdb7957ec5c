"""Product looks: a card that the shopper clicks is what the dialogue is about from then on."""

from dataclasses import replace

from feedback.db import Database, Dialogue, find
from feedback.dialogues.state import memory_read, memory_stored


def remember_look(db: Database, dialogue_id: str, product_id: str) -> None:
    """Put the product of a clicked card into focus; nothing of a dialogue that was forgotten."""
    with db.transaction() as session:
        dialogue = find(session, Dialogue, dialogue_id, lock=True)
        if dialogue is None:
            return
        memory = memory_read(dialogue.memory)
        focus = memory.focus.looking_at(product_id)
        dialogue.memory = memory_stored(replace(memory, focus=focus))
