"""Text as a reader sees it: no invisible characters, white space folded."""

import re
import unicodedata

SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    """Take out what nobody sees: zero-width and control characters, marks of direction.

    >>> visible("re\\u200bturn\\u00ad \\u202ewithin\\u00a0 30\\ndays\\U000e0041")
    'return within 30 days'
    """
    seen = "".join(" " if char.isspace() else char for char in text if _is_seen(char))
    return SPACES.sub(" ", seen).strip()


def _is_seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Cn")


def language_of(text: str, said: str = "") -> str:
    """A text's language: by its letters; else as the document says of itself, else English.

    >>> language_of("七天内可以退货"), language_of("Retours", "fr-CA"), language_of("Hi")
    ('zh', 'fr', 'en')
    """
    letters = [char for char in text[:20_000] if char.isalpha()]
    chinese = sum("\u3400" <= char <= "\u9fff" for char in letters)
    kana = sum("\u3040" <= char <= "\u30ff" for char in letters)
    if letters and kana / len(letters) > 0.05:
        return "ja"
    if letters and chinese / len(letters) > 0.2:
        return "zh"
    claimed = re.match(r"[a-z]{2,3}(?=$|[-_])", said.lower())
    return claimed[0] if claimed and claimed[0] not in ("zh", "ja") else "en"
