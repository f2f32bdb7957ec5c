"""A training example, and the weight of each signal that examples come from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

# How far each signal is believed: staff before shoppers, words before deeds. A sale counts the
# same whatever the basket was worth: one wedding order must not outvote a hundred small ones.
QUESTION: Final = 1.0
CORRECTED: Final = 3.0
APPROVED: Final = 2.0
SALE: Final = 1.5
THUMB: Final = 1.0
CHOICE: Final = 0.5

MOST_OF_SHOPPERS: Final = APPROVED  # what any signal of a shopper counts at most


@dataclass(frozen=True)
class Example:
    """A dialogue so far, and the reply that was right; None: no reply fits, hand over."""

    turns: tuple[tuple[str, str], ...]  # (speaker, text), oldest first; the last is the shopper's
    reply_id: str | None
    weight: float
    rejected: tuple[str, ...] = ()  # replies that were wrong here
    locale: str = "en"
    at: datetime | None = None
    signal: str = "question"  # or the name of a registered one
    pinned: bool = False  # the staff's word that no later model may answer it otherwise
    impression_id: str | None = None  # where it was seen; None for the staff's questions
    shoppers: tuple[str, ...] = ()  # whose words these are: whom erasing has to find
    believed: str | None = None  # the reply that the clerk put first for these words
    bought: bool = False  # by a shopper with an order
    origin: str | None = None  # where the signal came from: a hash of its address
