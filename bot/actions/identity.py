"""Identification of the shopper by e-mail, or by name and ZIP code, out of what they said."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from feedback.entities import read_order_words

_WORD: Final = r"[A-Za-z\u00c0-\u017f][A-Za-z\u00c0-\u017f'-]*"
_CUE: Final = re.compile(
    r"(?:name(?:'s| is|:)?|i am|i'm|this is|it's|my name|我叫|我是|姓名(?:是|:)?|名字(?:是|叫|:)?)"
    rf"\s*[:,]?\s*({_WORD})\s+({_WORD})",
    re.IGNORECASE,
)
_CAPITALISED: Final = re.compile(r"(?<![A-Za-z])([A-Z][a-z'-]+)\s+([A-Z][a-z'-]+)(?![A-Za-z])")
_BEFORE_ZIP: Final = re.compile(
    rf"({_WORD})\s+({_WORD})[\s,;.]*(?:and\s+)?(?:my\s+)?(?:zip(?:\s*code)?|post(?:al)?\s*code|邮编)?(?:\s*(?:is|:|是))?\s*(?:\d{{5}})",
    re.IGNORECASE,
)
_ZIP: Final = re.compile(r"(?<![A-Za-z0-9#-])(\d{5})(?:-\d{4})?(?![A-Za-z0-9-])")
_NO_NAME: Final = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "my",
        "the",
        "i",
        "i'm",
        "order",
        "want",
        "to",
        "please",
        "and",
        "a",
        "need",
        "would",
        "like",
        "zip",
        "code",
        "is",
        "name",
    ]
)
MAX_GUESSES: Final = 4  # pairs of words that may be a name, of one message


class NameAndZip(NamedTuple):
    """A name with a ZIP code."""

    first: str
    last: str
    postcode: str


def read_emails(texts: Sequence[str]) -> list[str]:
    """The e-mails in the texts, in their order."""
    return [email for text in texts if (email := read_order_words(text).email)]


def read_names(texts: Sequence[str]) -> list[NameAndZip]:
    """Names with a ZIP code, the likeliest first; the two may stand in different turns.

    >>> read_names(["I'm Ann Lee, zip 10001"])[0]
    NameAndZip(first='Ann', last='Lee', postcode='10001')
    """
    plain = [unicodedata.normalize("NFKC", text) for text in texts]
    postcodes = [found for text in plain for found in _ZIP.findall(text)]
    names = list(dict.fromkeys(pair for text in plain for pair in _names(text)))
    found = [NameAndZip(*name, postcode) for postcode in postcodes for name in names]
    return found[:MAX_GUESSES]


def _names(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_CUE, _BEFORE_ZIP, _CAPITALISED):
        for first, last in pattern.findall(text):
            if not {first.lower(), last.lower()} & _NO_NAME:
                yield first, last
