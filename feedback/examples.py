"""What the model may learn from: questions the staff labelled, and what people accepted.

Personal data is taken out first, no shopper counts more than a few times, and a thumbs-down keeps
everything that only shoppers vouch for out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from feedback.database import Database
from feedback.evidence import Evidence, Shown, read_evidence
from feedback.happenings import Stretch
from feedback.privacy import redact

MAX_TURNS: Final = 8  # as many as the model reads
PER_SHOPPER: Final = 10  # examples one shopper may add: nobody teaches the clerk alone

# How far each signal is believed: staff before shoppers, words before deeds.
QUESTION: Final = 1.0
CORRECTED: Final = 3.0
APPROVED: Final = 2.0
SALE: Final = 1.5
THUMB: Final = 1.0
CHOICE: Final = 0.5


@dataclass(frozen=True)
class Example:
    """A dialogue so far, and the reply that was right; None: no reply fits, hand over."""

    turns: tuple[tuple[str, str], ...]  # (speaker, text), oldest first; the last is the shopper's
    reply_id: str | None
    weight: float
    rejected: tuple[str, ...] = ()  # replies that were wrong here
    locale: str = "en"
    at: datetime | None = None
    signal: str = "question"  # question, corrected, approved, sale, thumb, choice
    shoppers: tuple[str, ...] = ()  # whose words these are: whom erasing has to find


@dataclass(frozen=True)
class _Candidate:
    example: Example
    shopper_id: str | None


def collect(
    db: Database,
    *,
    now: datetime,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
    per_shopper: int = PER_SHOPPER,
) -> list[Example]:
    """Everything worth learning from, strongest signal first where the same was said twice.

    Args:
        db: the store.
        now: the end of what is read.
        direct_window: from a click to its purchase, as in the report.
        assisted_window: from a dialogue to an order, as in the report.
        per_shopper: the most examples one shopper may add.
    """
    evidence = read_evidence(
        db,
        Stretch(None, now),
        direct_window=direct_window,
        assisted_window=assisted_window,
    )
    learned = _capped(_from_shown(evidence), per_shopper)
    examples = [*_from_questions(evidence), *learned]
    return _with_rejected(_folded(examples), evidence)


def _from_questions(evidence: Evidence) -> Iterator[Example]:
    for question in evidence.questions:
        cleaned = redact(question.question)
        if not cleaned.quarantined:
            yield Example(
                turns=(("shopper", cleaned.text),),
                reply_id=question.reply_id,
                weight=QUESTION,
                locale=question.locale,
                at=question.added_at,
            )


def _from_shown(evidence: Evidence) -> Iterator[_Candidate]:
    for shown in evidence.shown:
        found = _accepted(shown, evidence)
        turns = clean_turns(shown.turns, shown.known) if found else None
        if found and turns:
            yield _Candidate(
                replace(found, turns=turns, shoppers=(shown.shopper_id,)), shown.shopper_id
            )


def _accepted(shown: Shown, evidence: Evidence) -> Example | None:
    """The strongest signal that names the right reply; None where there is none."""
    base = Example((), shown.reply_id, 0.0, locale=shown.locale, at=shown.at)
    if shown.verdict == "corrected" and shown.corrected_to:
        wrong = (shown.reply_id,) if shown.reply_id not in (None, shown.corrected_to) else ()
        return replace(
            base,
            reply_id=shown.corrected_to,
            weight=CORRECTED,
            rejected=tuple(reply_id for reply_id in wrong if reply_id),
            signal="corrected",
        )
    if shown.verdict in ("corrected", "rejected"):
        return None  # wrong, and nobody said what would have been right
    if shown.verdict == "approved" and shown.reply_id:
        return replace(base, weight=APPROVED, signal="approved")
    if shown.dialogue_id in evidence.disliked_dialogues:
        return None
    if shown.reply_id and shown.dialogue_id in evidence.sold_dialogues:
        return replace(base, weight=SALE, signal="sale")
    if shown.reply_id and shown.liked:
        return replace(base, weight=THUMB, signal="thumb")
    if shown.chosen:
        return replace(base, reply_id=shown.chosen, weight=CHOICE, signal="choice")
    return None


def clean_turns(
    turns: Iterable[tuple[str, str]], known: Iterable[str]
) -> tuple[tuple[str, str], ...] | None:
    """The last turns without personal data; None where a person would have to look first."""
    values = tuple(known)
    cleaned = []
    for speaker, text in list(turns)[-MAX_TURNS:]:
        result = redact(text, values)
        if result.quarantined:
            return None
        cleaned.append((speaker, result.text))
    return tuple(cleaned) or None


def _capped(candidates: Iterable[_Candidate], most: int) -> Iterator[Example]:
    by_shopper: defaultdict[str | None, list[Example]] = defaultdict(list)
    for candidate in candidates:
        by_shopper[candidate.shopper_id].append(candidate.example)
    for theirs in by_shopper.values():
        yield from sorted(theirs, key=_strength, reverse=True)[:most]


def _folded(examples: Iterable[Example]) -> list[Example]:
    """The same dialogue with the same reply once, under its strongest signal."""
    kept: dict[tuple[object, ...], Example] = {}
    for example in examples:
        key = (example.turns, example.reply_id, example.locale)
        before = kept.get(key)
        if before is None:
            kept[key] = example
            continue
        strongest = max(before, example, key=_strength)
        wrong = dict.fromkeys([*before.rejected, *example.rejected])
        both = dict.fromkeys([*before.shoppers, *example.shoppers])
        kept[key] = replace(strongest, rejected=tuple(wrong), shoppers=tuple(both))
    return list(kept.values())


def _with_rejected(examples: list[Example], evidence: Evidence) -> list[Example]:
    """Add the replies that were refused for the same question elsewhere."""
    refused: defaultdict[str, list[str]] = defaultdict(list)
    for question, reply_id in evidence.refused:
        refused[redact(question).text].append(reply_id)
    joined = []
    for example in examples:
        elsewhere = refused.get(example.turns[-1][1], ())
        wrong = dict.fromkeys([*example.rejected, *elsewhere])
        wrong.pop(example.reply_id or "", None)
        joined.append(replace(example, rejected=tuple(wrong)))
    return joined


def _strength(example: Example) -> tuple[float, datetime | None]:
    return example.weight, example.at
