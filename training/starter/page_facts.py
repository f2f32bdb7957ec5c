"""What help pages state and what is asked of it, English and Chinese side by side: `pages/`.

A file of this folder is a trade's pages. Under a fact's headings stand ways to state it and what
shoppers type whose answer it is; a fact without questions is a sentence that answers nothing:

    @days: 2 = 2; 3 = 3                             a slot, as in the phrase files
    ## Orders / Ordering ahead = 订购 / 提前预订      the headings, outermost first
    * Please order {days} days before. = 请提前{days}天预订。
    ? is it too late for saturday = 周六还来得及吗
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from training.starter.phrases import (
    BadPhrase,
    Pair,
    Slots,
    Values,
    put,
    read_pair,
    read_slot,
    used,
    values_of,
)

FOLDER: Final = Path(__file__).parent / "pages"
MARKS: Final = ("*", "?")  # of a statement, of a question
WITHIN: Final = " / "  # between headings


@dataclass(frozen=True)
class PageFact:
    """One thing that a trade's pages state, in several wordings, and questions that it answers."""

    trade: str
    headings: tuple[Pair, ...]
    statements: tuple[Pair, ...] = ()
    questions: tuple[Pair, ...] = ()
    slots: Slots = field(default_factory=dict)  # those that its lines use; none once filled


def our_page_facts() -> list[PageFact]:
    """The facts of every trade that ships."""
    return [fact for path in sorted(FOLDER.glob("*.txt")) for fact in read_page_facts(path)]


def read_page_facts(path: Path) -> Iterator[PageFact]:
    """The facts of a file.

    Raises:
        BadPhrase: a line has no mark, no headings above it, no translation or unknown slots.
    """
    slots: Slots = {}
    fact: PageFact | None = None
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        mark = text[:1]
        if text.startswith("##"):
            if fact is not None:
                yield _whole(fact, slots)
            fact = PageFact(path.stem, _headings(path, number, text[2:], slots))
        elif mark == "@":
            slots |= read_slot(path, number, text)
        elif mark in {"", "#"}:
            continue
        elif mark not in MARKS or fact is None:
            raise BadPhrase(path, number, f"{text[:40]!r} has no mark, or no headings above it")
        else:
            pair = read_pair(path, number, text[1:], slots)
            if mark == "*":
                fact = replace(fact, statements=(*fact.statements, pair))
            else:
                fact = replace(fact, questions=(*fact.questions, pair))
    if fact is not None:
        yield _whole(fact, slots)


def filled(fact: PageFact, chance: np.random.Generator) -> PageFact:
    """The fact with one value for each slot, the same in all of its lines."""
    return filled_with(fact, values_of(fact.slots, chance))


def filled_with(fact: PageFact, values: Values) -> PageFact:
    """The fact with `values` in its slots: what differs between two of them is what is stated."""
    headings, statements, questions = (
        tuple(put(pair, values) for pair in pairs)
        for pairs in (fact.headings, fact.statements, fact.questions)
    )
    return PageFact(fact.trade, headings, statements, questions)


def _headings(path: Path, number: int, text: str, slots: Slots) -> tuple[Pair, ...]:
    english, chinese = (side.split(WITHIN) for side in read_pair(path, number, text, slots))
    if len(english) != len(chinese):
        raise BadPhrase(path, number, "its sides have unequal numbers of headings")
    return tuple(zip(map(str.strip, english), map(str.strip, chinese), strict=True))


def _whole(fact: PageFact, slots: Slots) -> PageFact:
    pairs = (*fact.headings, *fact.statements, *fact.questions)
    return replace(fact, slots=used([side for pair in pairs for side in pair], slots))
