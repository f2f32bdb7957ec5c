"""Rows of an answered question: its shopper, dialogue, turns and the impression.

What every simulated shopper leaves in the real tables, whoever they are: an honest one, or one of
an attack.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from feedback.db import Dialogue, DialogueTurn, Impression, Shopper
from feedback.experiments import CHAMPION
from feedback.knowledge import QuestionLine

REPLY_TEXT = "…"  # learning reads which reply it was, never its words


def write_answered(
    session: Session,
    shopper_id: str,
    line: QuestionLine,
    shown: dict[str, Any],
    at: datetime,
    arm: str = CHAMPION,
) -> Impression:
    """Write a new shopper's question and its answer; `shown` says what the impression holds.

    The dialogue is `d-SHOPPER` and the impression `i-SHOPPER`.
    """
    dialogue_id, impression_id = f"d-{shopper_id}", f"i-{shopper_id}"
    impression = Impression(
        impression_id=impression_id, dialogue_id=dialogue_id, shopper_id=shopper_id, arm=arm,
        text=REPLY_TEXT, locale=line.locale, shown_at=at, **shown,
    )  # fmt: skip
    before = [
        DialogueTurn(dialogue_id=dialogue_id, speaker=turn.speaker, text=turn.text, at=at)
        for turn in line.history
    ]
    asked = DialogueTurn(dialogue_id=dialogue_id, speaker="shopper", text=line.question, at=at)
    for row in (  # in the order in which they refer to one another
        Shopper(shopper_id=shopper_id, created_at=at),
        Dialogue(
            dialogue_id=dialogue_id, shopper_id=shopper_id, channel="web", locale=line.locale,
            arm=arm, started_at=at, last_at=at,
        ),
        impression,
        *before,
        asked,
    ):  # fmt: skip
        session.add(row)
        session.flush()
    session.add(
        DialogueTurn(
            dialogue_id=dialogue_id, speaker="clerk", text=REPLY_TEXT, at=at,
            answers_turn_id=asked.turn_id, impression_id=impression_id,
        )
    )  # fmt: skip
    return impression
