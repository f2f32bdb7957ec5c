"""The registry of language packs, by locale; English stands in for a language we have none of."""

from typing import Final

from bot.languages.chinese import CHINESE
from bot.languages.english import ENGLISH
from bot.languages.pack import LanguagePack
from bot.languages.phrases import Phrases

PACKS: Final[dict[str, LanguagePack]] = {pack.locale: pack for pack in (ENGLISH, CHINESE)}


def all_packs() -> tuple[LanguagePack, ...]:
    """Every pack; what is compiled from them is cached by this."""
    return tuple(PACKS.values())


def pack_in(locale: str) -> LanguagePack:
    """The pack of a language; English where we have none."""
    return PACKS.get(locale, ENGLISH)


def phrases_in(locale: str) -> Phrases:
    """The clerk's own words in a language; English where we have none.

    >>> phrases_in("zh").view, phrases_in("fr").view
    ('查看', 'View')
    """
    return pack_in(locale).phrases


def latin_pack(locale: str) -> LanguagePack:
    """The pack that reads a text's Latin words: the locale's own, or English."""
    pack = pack_in(locale)
    return pack if pack.language.is_latin else ENGLISH
