"""Near-duplicates among passages: the same words under the same heading are said once."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import Final

ALIKE: Final = 0.9  # share of words in common
LOOKED_AT: Final = 100  # earlier passages: a site of thousands of pages is folded in seconds
# A word of these turns a sentence round.
TURNS: Final = frozenset(
    re.findall(
        r"\w+",
        "not no never cannot don doesn t won without except unless only nor none free"
        " 不 没 無 无 非 勿 未 免 除",
    )
)
WORDS = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[\u3400-\u9fff]")
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


def copies_among(passages: Iterable[tuple[str, Sequence[str], str]]) -> dict[str, str]:
    """Passages that say what an earlier one says, and which one that is.

    Other numbers are never the same: 14 days and 30 days are a contradiction, no copy. Nor is what
    stands under another heading: "2 days" for Europe says nothing of America.

    Args:
        passages: Each its id, its headings and its text.

    >>> copies_among([("a", ["Gifts"], "We wrap gifts."), ("b", ["GIFTS"], "We wrap gifts!")])
    {'b': 'a'}
    """
    copies: dict[str, str] = {}
    same: dict[tuple[str, tuple[str, ...]], str] = {}
    kept: dict[tuple[str, tuple[str, ...]], deque[tuple[str, frozenset[str]]]] = defaultdict(
        lambda: deque(maxlen=LOOKED_AT)
    )
    for id_, headings, text in passages:
        said = tuple(WORDS.findall(text.casefold()))
        words = frozenset(said)
        place = headings[-1].casefold().strip() if headings else ""
        first = same.get((place, said))
        if first is None:
            alike = kept[place, tuple(NUMBERS.findall(text))]
            first = next((other for other, known in alike if _are_alike(words, known)), None)
            if first is None:
                alike.append((id_, words))
                same[place, said] = id_
                continue
        copies[id_] = first
    return copies


def _are_alike(words: frozenset[str], known: frozenset[str]) -> bool:
    differ = words ^ known
    return len(differ) <= (1 - ALIKE) * len(words | known) and not differ & TURNS
