"""The registry of languages: all we have, by locale; English stands in for the others."""

import re
from typing import Final

from feedback.languages.chinese import CHINESE
from feedback.languages.english import ENGLISH
from feedback.languages.pack import Language

LANGUAGES: Final[dict[str, Language]] = {pack.locale: pack for pack in (ENGLISH, CHINESE)}


def language_in(locale: str) -> Language:
    """The language of a locale; English where we have none.

    >>> language_in("zh").name, language_in("xx").name
    ('中文', 'English')
    """
    return LANGUAGES.get(locale, ENGLISH)


# Japanese has letters of Chinese and its own; a text with these is no Chinese one.
KANA: Final = re.compile("[\u3041-\u30ff\uff66-\uff9d]")


def script_of(text: str) -> str | None:
    """The locale of the language whose own letters a text holds; None: only Latin ones, or none.

    Japanese is none of ours: it is not taken for Chinese.

    >>> script_of("Ridge 背包"), script_of("Ridge Backpack")
    ('zh', None)
    >>> script_of("注文した商品はどこですか") is None
    True
    """
    if "zh" in LANGUAGES and KANA.search(text):
        return None
    return next(
        (
            language.locale
            for language in LANGUAGES.values()
            if not language.is_latin and language.run.search(text)
        ),
        None,
    )
