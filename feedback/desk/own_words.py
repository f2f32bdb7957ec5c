"""Own words: what the staff wrote to shoppers that no reply of the book says, with the question.

What is written so again and again is a reply the book lacks: `shopclerk propose` groups it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from feedback.db import Database, DialogueTurn, Impression, Order, Reply
from feedback.knowledge import StaffReply
from feedback.redaction import redact

SLOT: Final = re.compile(r"\\\{[\w.\\]+\\\}")  # as `re.escape` writes `{policy.return_days}`
ANNOUNCED: Final = "took:"  # how the line that tells who took over is keyed
BATCH: Final = 500  # ids a statement


def read_own_words(db: Database, since: datetime) -> list[StaffReply]:
    """The staff's own words since then, each with the question it answered; no personal data.

    The question is the one that was handed over, not what the shopper said while they waited.
    """
    with db.reading() as session:
        staffed = select(DialogueTurn.dialogue_id).where(
            DialogueTurn.speaker == "staff", col(DialogueTurn.at) >= since
        )
        turns = session.exec(
            select(DialogueTurn)
            .where(col(DialogueTurn.dialogue_id).in_(staffed))
            .order_by(col(DialogueTurn.turn_id))
        ).all()
        handed = _handed_over(session, [turn.impression_id for turn in turns if turn.impression_id])
        known = _known_values(session, turns)
        book = [_pattern(text) for text in session.exec(select(Reply.text))]
    of_dialogue: defaultdict[str, list[DialogueTurn]] = defaultdict(list)
    for turn in turns:
        of_dialogue[turn.dialogue_id].append(turn)
    return [
        one
        for dialogue_id, said in of_dialogue.items()
        for one in _cleaned(_answered(said, handed), known.get(dialogue_id, []))
        if not any(pattern.fullmatch(" ".join(one.text.split())) for pattern in book)
    ]


def _answered(
    turns: Sequence[DialogueTurn], handed: frozenset[str]
) -> Iterator[tuple[DialogueTurn, str]]:
    """Each first turn of the staff after a question, with the question."""
    texts = {turn.turn_id: turn.text for turn in turns}
    question, waits = "", False
    for turn in turns:
        if turn.speaker == "shopper" and not waits:
            question = turn.text
        elif turn.impression_id in handed:
            question, waits = texts.get(turn.answers_turn_id, question), True
        elif turn.speaker == "staff" and not (turn.client_id or "").startswith(ANNOUNCED):
            if question:
                yield turn, question
            question, waits = "", False


def _cleaned(
    answered: Iterable[tuple[DialogueTurn, str]], known: Sequence[str]
) -> Iterator[StaffReply]:
    for turn, question in answered:
        names = [*known, *(turn.author or "").split()]
        told, asked = redact(turn.text, names), redact(question, known)
        if not told.quarantined and not asked.quarantined:  # a person would have to look first
            yield StaffReply(told.text, asked.text)


def _handed_over(session: Session, ids: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for start in range(0, len(ids), BATCH):
        batch = col(Impression.impression_id).in_(ids[start : start + BATCH])
        passed_on = select(Impression.impression_id).where(Impression.kind == "handover", batch)
        found.update(session.exec(passed_on))
    return frozenset(found)


def _known_values(session: Session, turns: Sequence[DialogueTurn]) -> Mapping[str, list[str]]:
    """The numbers of the shoppers' orders and parcels, by dialogue."""
    ids = sorted({turn.dialogue_id for turn in turns})
    found: defaultdict[str, list[str]] = defaultdict(list)
    for start in range(0, len(ids), BATCH):
        rows = session.exec(
            select(Impression.dialogue_id, Order.number, Order.tracking)
            .join(Order, col(Order.shopper_id) == col(Impression.shopper_id))
            .where(col(Impression.dialogue_id).in_(ids[start : start + BATCH]))
            .distinct()
        )
        for dialogue_id, number, tracking in rows:
            found[dialogue_id] += [value for value in (number, tracking) if value]
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """Matches a reply of the book with whatever fills its slots."""
    return re.compile(SLOT.sub(".{1,300}", re.escape(" ".join(text.split()))))
