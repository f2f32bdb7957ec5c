"""Search terms: tokenizing, stop words and singulars, of questions and of products' texts."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from bot.languages import LanguagePack, all_packs, latin_pack
from feedback.languages import LATIN, simplified

KEPT: Final = 2_048  # texts, each of which several parts of an answer read
WORD: Final = re.compile(f"[{LATIN}]{{2,}}")


def query_words(text: str, locale: str = "en") -> list[str]:
    """The words worth searching for: Latin ones in the singular, unspaced ones in pairs.

    What says not what for is left out: of Latin words by the language of the shopper, since the
    German "hat" (has) is a hat to an English one.

    >>> query_words("do you have any wool socks?")
    ['wool', 'sock']
    >>> query_words("推荐一个双肩包")
    ['双肩', '肩包']
    """
    return list(_query_words(text, locale, all_packs()))


@lru_cache(KEPT)
def _query_words(text: str, locale: str, packs: tuple[LanguagePack, ...]) -> tuple[str, ...]:
    text = _plain(text)
    ignored = latin_pack(locale).stop_words
    latin = [word for word in WORD.findall(text) if word not in ignored]
    others = [
        part
        for pack in packs
        if not pack.language.is_latin
        for run in pack.language.run.findall(_stop_parts(pack.stop_parts).sub(" ", text))
        if run not in pack.stop_words
        for part in ([run] if pack.language.spaced else pairs(run))
    ]
    return (*(word for each in latin if (word := singular(each)) not in ignored), *others)


def indexed_words(text: str) -> Iterator[str]:
    """Every word by which a text is found."""
    text = _plain(text)
    yield from (singular(word) for word in WORD.findall(text))
    for pack in all_packs():
        if pack.language.is_latin:
            continue
        for run in pack.language.run.findall(text):
            # A lone character is a word too (包, 伞), found when it is all the shopper wrote.
            yield from {run} if pack.language.spaced else {*pairs(run), *run}


def name_words(title: str) -> frozenset[str]:
    """The words by which a title is called: as in a search, but no lone characters.

    >>> sorted(name_words("Ridge Backpack 22 L")), sorted(name_words("山脊包"))
    (['backpack', 'ridge'], ['山脊', '脊包'])
    """
    text = _plain(title)
    latin = [singular(word) for word in WORD.findall(text)]
    return frozenset(latin + _unspaced(text))


def last_word(title: str) -> str:
    """What a title ends in, measures aside: the kind of product; "" where it has no word.

    >>> last_word("Firefly Camp Lantern"), last_word("Ridge Backpack 22 L"), last_word("山脊双肩包")
    ('lantern', 'backpack', '肩包')
    """
    text = _plain(title)
    words = [singular(word) for word in WORD.findall(text)] or _unspaced(text)
    return words[-1] if words else ""


def _plain(text: str) -> str:
    """A text as it is compared: small letters, Traditional Chinese in Simplified."""
    return simplified(unicodedata.normalize("NFKC", text).lower())


def unspaced_runs(text: str, *, stop: bool = False) -> list[str]:
    """Runs of letters of scripts without spaces; `stop`: without what says not what for.

    >>> unspaced_runs("Ridge 山脊双肩包 22 升"), unspaced_runs("有双肩包吗", stop=True)
    (['山脊双肩包', '升'], ['双肩包'])
    """
    return list(_unspaced_runs(text, stop, all_packs()))


@lru_cache(KEPT)
def _unspaced_runs(text: str, stop: bool, packs: tuple[LanguagePack, ...]) -> tuple[str, ...]:
    text = _plain(text)
    return tuple(
        run
        for pack in packs
        if not pack.language.is_latin and not pack.language.spaced
        for run in pack.language.run.findall(
            _stop_parts(pack.stop_parts).sub(" ", text) if stop else text
        )
    )


def _unspaced(text: str) -> list[str]:
    return [
        part
        for pack in all_packs()
        if not pack.language.is_latin
        for run in pack.language.run.findall(text)
        for part in ([run] if pack.language.spaced else pairs(run))
    ]


def pairs(run: str) -> list[str]:
    """A run of letters without spaces, two by two."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@cache
def _stop_parts(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern or "(?!)")


def singular(word: str) -> str:
    """A word without the plural's ending.

    >>> singular("boxes"), singular("socks"), singular("dress")
    ('box', 'sock', 'dress')
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
