"""Earlier turns of a dialogue, for who judges the answer to the newest."""

from typing import Final

from sqlmodel import Session, col, select

from feedback.db import DialogueTurn

TURNS: Final = 2  # a question and its answer: what a follow-up follows


def said_before(
    session: Session, turn: DialogueTurn, most: int = TURNS
) -> tuple[tuple[str, str], ...]:
    """The last turns before `turn` in its dialogue, oldest first: who, and what."""
    earlier = (
        select(DialogueTurn)
        .where(
            DialogueTurn.dialogue_id == turn.dialogue_id,
            col(DialogueTurn.turn_id) < (turn.turn_id or 0),
        )
        .order_by(col(DialogueTurn.turn_id).desc())
        .limit(most)
    )
    return tuple((each.speaker, each.text) for each in reversed(session.exec(earlier).all()))
