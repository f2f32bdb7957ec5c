"""World of a made-up shop: its shoppers' needs, its wares, and the history that is planted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from feedback.experiments import HOLDOUT


class Need(NamedTuple):
    """What a shopper comes for: their question, and the reply that fits it."""

    question: str
    reply_id: str
    locale: str
    reply: str


class Ware(NamedTuple):
    """Something to buy."""

    product_id: str
    title: str
    price: Decimal


class World(NamedTuple):
    """What the simulation is about."""

    needs: Sequence[Need]
    wares: Sequence[Ware]
    currency: str = "USD"
    cvr: float = 0.06  # of the holdout
    shares: Mapping[str, float] = {HOLDOUT: 0.5, "champion": 0.5}


def needs_of(
    replies: Mapping[tuple[str, str], str], questions: Iterable[tuple[str, str | None, str]]
) -> list[Need]:
    """Needs from a reply book's (id, language) → text, and questions (text, reply, language)."""
    return [
        Need(question, reply_id, locale, replies[reply_id, locale])
        for question, reply_id, locale in questions
        if reply_id and (reply_id, locale) in replies
    ]


class PlantedHistory(NamedTuple):
    """What is planted in the store, for the report to find."""

    experiment: str  # under which exposures are recorded; it salts the deal
    shoppers: int
    weeks: int  # over which they come
    uplift: float  # of the champion's conversion over the holdout's, as a fraction
    until: datetime  # the end of the last week
    seed: int = 1  # the same seed gives the same shop
