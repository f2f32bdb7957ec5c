"""What the shop owes people whose data it holds: redaction, erasure, export, retention, pruning."""

from feedback.redaction import Redacted, redact

__all__ = ["Redacted", "redact"]
