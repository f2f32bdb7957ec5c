"""Divided answers: each reply of an answer to several questions, as evidence by itself.

A thumb or a sale speaks for every part. A thumb down names none of them: it keeps the dialogue out
of what shoppers teach, and refuses no reply. What the staff correct is the answer as a whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from feedback.db import AnswerPart, Impression
from feedback.signals.registry import CORRECTED_SIGNAL
from feedback.signals.shown_reply import ShownReply

Parts = Mapping[str, Sequence[AnswerPart]]
Turns = tuple[tuple[str, str], ...]


def read_parts(session: Session) -> Parts:
    """The parts of each divided answer, by its impression, in the order in which they stand."""
    found: defaultdict[str, list[AnswerPart]] = defaultdict(list)
    kept = select(AnswerPart).where(col(AnswerPart.asked).is_not(None))
    for part in session.exec(kept.order_by(col(AnswerPart.impression_id), col(AnswerPart.place))):
        found[part.impression_id].append(part)
    return found


def replies_of(
    impression: Impression,
    turns: Turns,
    parts: Sequence[AnswerPart],
    tell: Callable[[Impression, Turns], ShownReply],
) -> Iterator[ShownReply]:
    """The reply that was shown after `turns`; of a divided answer each, and what it should be."""
    whole = tell(impression, turns)
    if not parts:
        yield whole
        return
    if (right := whole.right.get(CORRECTED_SIGNAL)) is not None:
        yield replace(whole, reply_id=None, by_policy=False, right={CORRECTED_SIGNAL: right})
    for part in parts:
        asked = (*turns[:-1], ("shopper", part.asked or ""))
        said = tell(_as_shown(impression, part), asked)
        own = {name: right for name, right in said.right.items() if name != CORRECTED_SIGNAL}
        yield replace(said, right=own)


def answering(parts: Sequence[AnswerPart], product_id: str, turns: Turns) -> Turns:
    """What was asked before a card was shown: of a divided answer the question of its part."""
    part = next((each for each in parts if product_id in each.products), None)
    return turns if part is None or not turns else (*turns[:-1], ("shopper", part.asked or ""))


def _as_shown(impression: Impression, part: AnswerPart) -> Impression:
    """A part as if it had been the whole answer: votes and verdicts on that are on it too."""
    return Impression(
        impression_id=impression.impression_id,
        dialogue_id=impression.dialogue_id,
        shopper_id=impression.shopper_id,
        arm=impression.arm,
        kind=impression.kind,
        reply_id=part.reply_id,
        text="",
        locale=impression.locale,
        candidates=part.candidates,
        confidence=part.confidence,
        propensity=part.propensity,
        served_by=part.served_by,
        model_version=part.model_version,
        shown_at=impression.shown_at,
    )
