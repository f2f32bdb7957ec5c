"""Copies among passages: the same words in the same place are said once."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

FEW_PAGES: Final = 10  # of so few nothing stands on all of them because a template puts it there
# Words that change nothing. Any other may: "to Austria" and "to Belgium" differ in one, too.
FILLERS: Final = frozenset(
    ("a", "an", "the", "our", "your", "please", "also", "just", "simply", *"的了请請也")
)
WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+|\d+(?:[.,]\d+)*")


class PlacedText(NamedTuple):
    """A passage's words, and where they stand."""

    passage_id: str
    page_id: str
    title: str
    headings: Sequence[str]
    text: str


def copies_among(passages: Iterable[PlacedText]) -> dict[str, str]:
    """Passages that say what an earlier one says in the same place, and which one that is.

    The place is the nearest heading, else the page's title: "2 days" for Europe says nothing of
    America. Without a heading, what stands on more than half of the pages is a template's, and said
    once.

    >>> copies_among([PlacedText("a", "1", "Help", ["Gifts"], "We wrap gifts."),
    ...               PlacedText("b", "2", "FAQ", ["GIFTS"], "We wrap the gifts!")])
    {'b': 'a'}
    """
    listed = list(passages)
    texts = [_said(one.text) for one in listed]
    pages = len({one.page_id for one in listed})
    of_pages = {(one.page_id, said) for one, said in zip(listed, texts, strict=True)}
    on_pages = Counter(said for _, said in of_pages)
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    copies: dict[str, str] = {}
    for one, said in zip(listed, texts, strict=True):
        is_template = pages > FEW_PAGES and on_pages[said] > pages / 2
        place = one.headings[-1] if one.headings else "" if is_template else one.title
        known = first.setdefault((place.casefold().strip(), said), one.passage_id)
        if known != one.passage_id:
            copies[one.passage_id] = known
    return copies


def _said(text: str) -> tuple[str, ...]:
    """A text's words without those that change nothing."""
    return tuple(word for word in WORDS.findall(text.casefold()) if word not in FILLERS)
