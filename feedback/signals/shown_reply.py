"""A shown reply: what was said before it, how it was chosen, and what people made of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ShownReply:
    """A reply shown, what was said before it, and what people made of it."""

    impression_id: str
    dialogue_id: str
    shopper_id: str
    arm: str
    version: int | None  # None: no model was asked
    kind: str
    reply_id: str | None
    by_policy: bool  # the reply was chosen for these very words
    believed: str | None  # the reply that was ranked first
    propensity: float  # with which the reply was chosen
    locale: str
    at: datetime
    turns: tuple[tuple[str, str], ...]
    known: tuple[str, ...]  # personal values of the shopper's orders
    verdict: str | None  # the staff's
    right: Mapping[str, str]  # the reply that each signal says was right, by the signal's name
    origin: str | None  # of the thumb or the press: a hash of its address
    pressed: int | None = None  # the place of the button that was pressed
    outdated: bool = False  # superseded since: what shoppers made of it no longer counts
