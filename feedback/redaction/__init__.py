"""Redaction: takes personal data out of text before anything is learned from it or shown."""

from feedback.redaction.checks import chinese_id_holds, luhn_holds
from feedback.redaction.layers import MAX_CHARS, Redacted, redact
from feedback.redaction.name_places import ALL_CLOSINGS as CLOSING_WORDS
from feedback.redaction.names import people_named
from feedback.redaction.pages import kept_page

__all__ = [
    "CLOSING_WORDS",
    "MAX_CHARS",
    "Redacted",
    "chinese_id_holds",
    "kept_page",
    "luhn_holds",
    "people_named",
    "redact",
]
