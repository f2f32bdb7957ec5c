"""Redaction: takes personal data out of text before anything is learned from it or shown."""

from feedback.redaction.checks import chinese_id_holds, luhn_holds
from feedback.redaction.layers import MAX_CHARS, Redacted, redact

__all__ = ["MAX_CHARS", "Redacted", "chinese_id_holds", "luhn_holds", "redact"]
