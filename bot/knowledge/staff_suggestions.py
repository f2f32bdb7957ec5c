"""Reply suggestions for the staff: the clerk's candidates, filled with the facts. Pure."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from feedback.db import Impression, Reply
from feedback.knowledge import SLOT

BEST: Final = 3  # of the candidates; a fourth has never been worth the space in three lines


class StaffSuggestion(NamedTuple):
    """A reply that may fit; `ready` when nothing in it is left to fill in."""

    reply_id: str
    text: str
    sure: float | None  # the probability that it is right; keyword search does not know
    ready: bool

    @property
    def sure_words(self) -> str:
        """How sure the clerk is, in words.

        >>> known = (0.623, 0.004, None)
        >>> [StaffSuggestion("a", "A", sure, True).sure_words for sure in known]
        ['62 % sure', 'under 1 % sure', 'keyword search']
        """
        if self.sure is None:
            return "keyword search"
        return f"{self.sure:.0%} sure".replace("%", " %") if self.sure >= 0.01 else "under 1 % sure"


def suggest_replies(
    shown: Impression | None,
    replies: Iterable[Reply],
    facts: Mapping[str, str],
    *,
    locale: str,
    without: Collection[str] = (),
    order: Mapping[str, str] = MappingProxyType({}),
) -> list[StaffSuggestion]:
    """The best replies of those the clerk chose from, best first.

    Args:
        shown: What was shown to the shopper, with its candidates.
        replies: The book.
        facts: The shop's facts in `locale`.
        locale: The language the shopper reads.
        without: Replies somebody said are not right here.
        order: What fills the slots of the shopper's order.
    """
    texts = texts_of(replies)
    candidates = list(shown.candidates) if shown else []
    known = [c for c in candidates if c.get("reply_id") in texts and c["reply_id"] not in without]
    best = _score(candidates[0]) if candidates else 0.0
    return [
        StaffSuggestion(
            str(candidate["reply_id"]),
            text := fill_facts(in_locale(texts[candidate["reply_id"]], locale), facts, order),
            _sure(shown, candidate, best),
            ready=not SLOT.search(text),
        )
        for candidate in known[:BEST]
    ]


def texts_of(replies: Iterable[Reply]) -> dict[str, dict[str, str]]:
    """Each reply's texts by language."""
    texts: dict[str, dict[str, str]] = {}
    for reply in replies:
        texts.setdefault(reply.reply_id, {})[reply.locale] = reply.text
    return texts


def fill_facts(
    text: str, facts: Mapping[str, str], order: Mapping[str, str] = MappingProxyType({})
) -> str:
    """`text` with the shop's facts and an order's put in; what neither tells stays to be filled in.

    >>> fill_facts("Within {policy.return_days} days: {order.number}", {"return_days": "30"})
    'Within 30 days: {order.number}'
    """

    def value(slot: re.Match[str]) -> str:
        room, _, name = slot[1].partition(".")
        if room == "products":
            return ""
        return facts.get(name, slot[0]) if room == "policy" else order.get(slot[1], slot[0])

    return SLOT.sub(value, text).strip()


def in_locale(texts: Mapping[str, str], locale: str) -> str:
    """A reply's text in `locale`; else in English, else in any language."""
    return texts.get(locale) or texts.get("en") or next(iter(texts.values()))


def _sure(shown: Impression | None, candidate: Mapping[str, Any], best: float) -> float | None:
    """The probability that it is right; None where the model did not say.

    Scores are logits of one softmax: what the first one's calibrated probability is, the others'
    are in the same proportion.
    """
    if shown is None or shown.served_by != "model":
        return None
    return shown.confidence * math.exp(min(0.0, _score(candidate) - best))


def _score(candidate: Mapping[str, Any]) -> float:
    score = candidate.get("score")
    return float(score) if score is not None else 0.0
