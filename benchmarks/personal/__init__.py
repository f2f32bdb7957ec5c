"""Recall of redaction: messages with planted personal values, drawn by Faker in many locales."""

from benchmarks.personal.messages import KINDS, Planted, planted
from benchmarks.personal.score import Score, gone, score

__all__ = ["KINDS", "Planted", "Score", "gone", "planted", "score"]
