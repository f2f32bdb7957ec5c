"""Language detection: by the letters and common words a shopper writes, else the session's."""

import re
from collections.abc import Iterable, Sequence

from feedback.languages import LANGUAGES, LATIN, script_of

LATIN_WORD = re.compile(f"[{LATIN}']{{2,}}")
LATIN_LETTER = re.compile(f"[{LATIN}A-Z\u00c0-\u024f]")
NOT_WORDS = re.compile(r"\S*(?:@|://)\S*")  # e-mail and web addresses are Latin in every language

# One or two Latin words are often a brand's name inside another language; three are a sentence.
LATIN_SENTENCE = 3


def normal_locale(locale: str) -> str:
    """The language of a locale as browsers send it.

    >>> normal_locale("zh-Hans-CN"), normal_locale("EN_us"), normal_locale("")
    ('zh', 'en', 'en')
    """
    language = re.split(r"[-_]", locale.strip().lower())[0]
    return language if language.isalpha() and 2 <= len(language) <= 3 else "en"


def reply_locale(texts: Iterable[str], *, session: str) -> str:
    """The language to reply in.

    Args:
        texts: The shopper's turns, newest first: "1001, a@b.com" alone has no language, so the turn
            before it decides.
        session: The session's language.

    >>> reply_locale(["1001 a@b.com", "我的订单到哪了"], session="en")
    'zh'
    >>> reply_locale(["where is my order"], session="zh")
    'en'
    >>> reply_locale(["Anna Weber, Lindenweg 4, Bremen", "我的地址变了"], session="zh")
    'zh'
    """
    names: list[str] = []  # words that no language has: of titles, people, streets
    for text in texts:
        if locale := script_of(text):
            return locale
        words = LATIN_WORD.findall(NOT_WORDS.sub(" ", text).lower())
        if len(words) < LATIN_SENTENCE:
            continue
        if any(word in each.common for word in words for each in LANGUAGES.values()):
            return _latin_locale(words, session)
        names = names or words
    return _latin_locale(names, session) if names else session


def _latin_locale(words: Sequence[str], session: str) -> str:
    """The language with the most common words here; the session's where they do not tell."""
    if session not in LANGUAGES:
        return session
    latin = [language for language in LANGUAGES.values() if language.is_latin]
    hits = {each.locale: sum(word in each.common for word in words) for each in latin}
    return max(hits, key=lambda locale: (hits[locale], locale == session, locale == "en"))


def is_foreign(text: str) -> bool:
    """Whether a text is written in letters of none of our languages.

    >>> is_foreign("注文した商品はどこですか"), is_foreign("Где мой заказ?"), is_foreign("我的订单")
    (True, True, False)
    """
    letters = [char for char in NOT_WORDS.sub(" ", text) if char.isalpha()]
    foreign = sum(not LATIN_LETTER.match(char) for char in letters)
    return script_of(text) is None and foreign * 2 > len(letters)
