"""Tokens: words, numbers and Chinese characters of a text, for matching against closed sets."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import Final

_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[\u4e00-\u9fff]|[,;.!?:()\n、。]|\"")
STOPS: Final = frozenset(",;.!?:()\n、。")
# One spelling of what is spelt in two ways, and of units.
_SAME: Final = {
    "grey": "gray",
    "colour": "color",
    "litre": "l",
    "liter": "l",
    "milliliter": "ml",
    "millilitre": "ml",
    '"': "inch",
    "inche": "inch",
    "pc": "piece",
    "feet": "ft",
    "foot": "ft",
    "lb": "pound",
    "gigabyte": "gb",
    "terabyte": "tb",
    "centimeter": "cm",
    "watt": "w",
    "hr": "hour",
}
CLOSE: Final = 0.84  # two spellings of a word of five letters or more: "thermostat", "termostat"
LONG: Final = 5


@cache
def tokens(text: str) -> tuple[str, ...]:
    """The tokens of a text; a plural counts as its singular.

    >>> tokens("Two 500ml Water Bottles, grey")
    ('two', '500', 'ml', 'water', 'bottle', ',', 'gray')
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return tuple(_one_spelling(token) for token in _TOKEN.findall(plain))


def _one_spelling(token: str) -> str:
    if len(token) > 3 and token.endswith("s") and not token.endswith(("ss", "us", "'s")):
        token = token[:-1]
    elif token.endswith("'s") and len(token) > 5:
        token = token[:-2]
    return _SAME.get(token, token)


@cache
def same_word(one: str, other: str) -> bool:
    """Whether two tokens are the same word, but for a slip of the pen in a long one.

    >>> same_word("thermostat", "termostat"), same_word("red", "rod")
    (True, False)
    """
    if one == other:
        return True
    if min(len(one), len(other)) < LONG or not (one.isalpha() and other.isalpha()):
        return False
    return one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= CLOSE


def find(phrase: Sequence[str], said: Sequence[str]) -> list[int]:
    """Where a phrase stands in what was said.

    >>> find(("water", "bottle"), tokens("the blue water bottle"))
    [2]
    """
    width = len(phrase)
    if not width:
        return []
    found = [
        place
        for place in range(len(said) - width + 1)
        if all(map(same_word, phrase, said[place : place + width]))
    ]
    return found or _joined(phrase, said)


def _joined(phrase: Sequence[str], said: Sequence[str]) -> list[int]:
    """Where it stands written together, or apart: "tshirt", "book shelf"."""
    whole = "".join(phrase)
    if len(whole) < LONG:
        return []
    found = []
    for place in range(len(said)):
        for width in (1, 2, 3):
            part = said[place : place + width]
            if width != len(phrase) and not STOPS & set(part) and "".join(part) == whole:
                found.append(place)
    return found


def clauses(said: Sequence[str], ends: frozenset[str]) -> list[tuple[int, int]]:
    """The stretches between marks and words that part them, as (first, behind the last).

    >>> clauses(tokens("the lamp, blue and small"), frozenset({"and"}))
    [(0, 2), (3, 4), (5, 6)]
    """
    parts, first = [], 0
    for place, token in enumerate([*said, ","]):
        if token in STOPS or token in ends:
            if place > first:
                parts.append((first, place))
            first = place + 1
    return parts
