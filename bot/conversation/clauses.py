"""Splits a message into its questions: "how much is delivery, and can I pay by invoice?"."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from bot.languages import LanguagePack, all_packs

MOST: Final = 3  # questions answered at once; who asks more is answered as a whole
LEAST_LETTERS: Final = 3


def questions_in(text: str) -> list[str]:
    """The questions of a message, in order; a single one where it cannot be split.

    >>> questions_in("do you ship to germany and how long does it take")
    ['do you ship to germany', 'how long does it take']
    >>> questions_in("怎么退货？运费谁出？")
    ['怎么退货', '运费谁出']
    >>> questions_in("a backpack and a lamp")
    ['a backpack and a lamp']
    """
    ends = _ends(all_packs())
    parts = [part for part in (each.strip(" ,，.。!！;；") for each in ends.split(text)) if part]
    long_enough = [part for part in parts if sum(map(str.isalnum, part)) >= LEAST_LETTERS]
    return long_enough if 1 < len(long_enough) <= MOST else [text]


@cache
def _ends(packs: tuple[LanguagePack, ...]) -> re.Pattern[str]:
    """Question marks, and words that begin another question."""
    words = _any(pack.another_question for pack in packs)
    return re.compile(rf"[?？]+|{words}", re.IGNORECASE)


def _any(patterns: Iterable[str]) -> str:
    return "|".join(pattern for pattern in patterns if pattern) or "(?!)"
