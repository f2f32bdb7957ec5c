"""Redaction: replaces personal data by typed placeholders, and says what a person has to look at.

Four layers, none enough alone: values we know, patterns with check digits and cues in a dozen
languages, phone numbers by their numbering plans, and a quarantine for what still looks like an
address or a long number. Placeholders keep the intent: "where is <ORDER>" is still about an order.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from feedback.redaction.accounts import HANDLES, SECRETS, UNSAID_HANDLE
from feedback.redaction.addresses import ADDRESSES, CHINESE_ADDRESSES, CUED_NUMBER
from feedback.redaction.names import without_names
from feedback.redaction.numbers import (
    BIRTHS,
    CARDS,
    CHINESE_MOBILE,
    DATE_FORMS,
    EMAILS,
    HOSTS,
    IDENTITY,
    ORDERS,
    PLATES,
    without_phones,
)
from feedback.redaction.rules import Text, applied, looked_at
from feedback.redaction.spoken import SPELLED_CUES, SPOKEN_EMAILS, in_digits

MAX_CHARS: Final = 4_000  # what is longer is cut: hostile input of 100,000 characters took 0.2 s
SHORTEST_KNOWN: Final = 3  # a shorter known value, "Li", would be cut out of other words

# Characters without a width that hide a value's letters from patterns; an emoji's joiner stays.
HIDDEN = re.compile("[\u00ad\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-"
                    "\u2069\ufeff]"
                    "|(?<=[\\w@.])\u200d(?=[\\w@.])")  # fmt: skip

SPACES = re.compile(r"[^\S\n]+")

FIRST_RULES: Final = (
    *EMAILS, *SPOKEN_EMAILS, *SECRETS, *HANDLES, *CARDS, *ORDERS, *IDENTITY, *BIRTHS, *PLATES,
    *HOSTS, CHINESE_MOBILE,
)  # fmt: skip
LATE_RULES: Final = (*ADDRESSES, *CHINESE_ADDRESSES)
DOUBTS: Final = (UNSAID_HANDLE, CUED_NUMBER)


class Redacted(NamedTuple):
    """A text without the personal data found; `quarantined`: a person has to look first."""

    text: str
    quarantined: bool


def redact(text: str, known: Iterable[str] = ()) -> Redacted:
    """Replace personal data by typed placeholders.

    Args:
        text: as people send it; cut at 4,000 characters, and quarantined then.
        known: values known to be personal, such as the shopper's name and the order's number.

    >>> redact("Mail anna.lee@home.example about order #10234, or call +1 415 555 2671").text
    'Mail <EMAIL> about order #<ORDER>, or call <PHONE>'
    """
    normal = _normal(text)
    kept = _without_known(normal[:MAX_CHARS], known)
    seen = looked_at(kept)
    if seen.asian or not seen.words.isdisjoint(SPELLED_CUES):
        kept = in_digits(kept)
        seen = looked_at(kept)
    kept = applied(FIRST_RULES, kept, seen)
    kept = without_phones(kept)
    kept = applied(LATE_RULES, kept, seen)
    kept = without_names(kept, seen)
    return Redacted(kept, len(normal) > MAX_CHARS or _is_suspicious(kept, seen))


def _normal(text: str) -> str:
    if not text.isascii():
        text = HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    return SPACES.sub(" ", text) if "  " in text or "\t" in text else text


def _without_known(text: str, known: Iterable[str]) -> str:
    for value in sorted({_normal(value).strip() for value in known}, key=len, reverse=True):
        if len(value) >= SHORTEST_KNOWN:
            text = re.sub(_whole(value), "<PERSONAL>", text, flags=re.IGNORECASE)
    return text


def _whole(value: str) -> str:
    """The value, not as a part of a longer Latin word or number."""
    before = r"(?<![A-Za-z0-9])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if value[-1].isascii() and value[-1].isalnum() else ""
    return before + re.escape(value) + after


DATE = re.compile(rf"\b(?:{DATE_FORMS})\b", re.I)

# What may still be an address or a number of somebody's.
SUSPICIOUS = re.compile(
    r"\b(?:apt|suite|unit|flat)\b\.?\s*#?\d|\b(?:zip(?: ?code)?|postcode|plz)\b\W{0,3}\d"
    r"|(?<!月)(?<!月\d)\d\s*(?:[号號](?![线色前后後之发發到码碼款店])|室|座|栋|棟|单元|單元)"
    r"|(?:\d[\s.-]?){7,}"
    r"|\b(?=[A-Z0-9]{9})(?!\d+x\d)(?=\d*[A-Z])(?:[A-Z]*\d){6}[A-Z0-9]*\b",
    re.I,
)


def _is_suspicious(text: str, seen: Text) -> bool:
    if any(rule.concerns(seen) and rule.pattern.search(text) for rule in DOUBTS):
        return True
    if not seen.digits or not SUSPICIOUS.search(text):
        return False
    return bool(SUSPICIOUS.search(DATE.sub("", text)))
