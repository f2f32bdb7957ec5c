"""Trust rules: how contradictions between signals and vetoes of the staff are settled. Pure.

Anyone who wants the clerk to say something wrong has thumbs to press and no more. So words that
shoppers answer differently go to the staff, and what the staff refused stays refused, even if
many like it. Votes that come in bursts are left out before (`feedback.signals.votes`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from feedback.entities import masked
from feedback.signals.registry import STAFF
from feedback.signals.topic_caps import vouched_for
from feedback.signals.weights import MOST_OF_SHOPPERS, Example

OUTVOTES: Final = 3  # times as many shoppers as all who say otherwise
ENOUGH: Final = 0.5  # of a fair share of the examples: a topic with as many is not rare
MOST_BALANCED: Final = 3.0  # what a rare language's or topic's examples count at most

# A turn of so few words or, where no spaces part them, letters means what was said before makes of
# it: "and in English?" is another question behind another answer.
FEW_WORDS: Final = 4
FEW_LETTERS: Final = 8

# The shopper's last words in small letters, with what they follow where they are few; the language.
Words = tuple[str, str]


class Settled(NamedTuple):
    """What is learned, and which impressions the staff should judge instead."""

    kept: list[Example]
    torn: tuple[str, ...]


def clipped(weight: float, propensity: float) -> float:
    """A shopper's signal weighed by how seldom its reply was said.

    What is said always would else be learned always. Clipped, since one thumb on a reply said one
    time in forty must not count as forty; and never more than a staff member's approval.

    >>> clipped(1.0, 1.0), clipped(1.0, 0.8), clipped(1.5, 0.05)
    (1.0, 1.25, 2.0)
    """
    return min(weight / propensity, MOST_OF_SHOPPERS)


def settle(
    examples: Sequence[Example],
    *,
    vetoed: Iterable[tuple[Words, str]],
    disliked: Iterable[tuple[Words, str, str, str]],
) -> Settled:
    """Keep what nobody contradicts; of contradictions the staff's newest word, or a large majority.

    Args:
        examples: with their words and the reply that was right.
        vetoed: words and a reply that the staff refused for them.
        disliked: words, a reply, the impression and the shopper whose thumb was down.
    """
    refused = set(vetoed)
    against: defaultdict[Words, list[tuple[str, str, str]]] = defaultdict(list)
    for words, reply_id, impression_id, shopper_id in disliked:
        against[words].append((reply_id, impression_id, shopper_id))
    # Of a few words behind another answer the staff may say otherwise; shoppers open no context,
    # or whoever is vetoed would only have to greet first.
    contexts = {in_context(example) for example in examples if example.signal in STAFF}
    by_words: defaultdict[Words, list[Example]] = defaultdict(list)
    for example in examples:
        words, context = words_of(example), in_context(example)
        if example.signal in STAFF or (words, example.reply_id) not in refused:
            by_words[context if context in contexts else words].append(example)
    kept: list[Example] = []
    torn: list[str] = []
    for words, said in by_words.items():
        right, doubted = _agreed(said, against.get(words, ()))
        kept += right
        torn += doubted
    return Settled(kept, tuple(dict.fromkeys(torn)))


def words_of(example: Example) -> Words:
    """By what two examples are the same question."""
    return same_words(example.turns[-1][1], example.locale)


def in_context(example: Example) -> Words:
    """The words of a short turn with what it follows; of any other turn its words alone."""
    words, locale = words_of(example)
    before = next((text for who, text in reversed(example.turns[:-1]) if who != "shopper"), "")
    few = len(words.split()) <= FEW_WORDS and (words.isascii() or len(words) <= FEW_LETTERS)
    return (f"{masked(before).casefold()}\n{words}" if before and few else words), locale


def same_words(text: str, locale: str) -> Words:
    """The text in small letters with single spaces, and its language.

    >>> same_words("And  then?", "en")
    ('and then?', 'en')
    """
    return " ".join(text.casefold().split()), locale


def balanced(examples: Sequence[Example]) -> list[Example]:
    """Weights under which a rare language and a rare topic count more.

    A language by the square root of what it lacks: with all alike nothing changes, and one that has
    a hundredth of the examples of another is not learned from a hundred times as loudly, or its few
    examples would be all it ever knows. A reply's topic with less than half of its fair share
    counts as if it had half. There only what somebody vouches for gains: few thumbs on a rare reply
    are few for good reason.
    """
    languages = {
        locale: max(1.0, math.sqrt(1 / share))
        for locale, share in _fair_shares(Counter(each.locale for each in examples)).items()
    }
    topics = {
        reply_id: max(1.0, ENOUGH / share)
        for reply_id, share in _fair_shares(
            Counter(each.reply_id for each in examples if each.reply_id)
        ).items()
    }

    def factor(one: Example) -> float:
        rare = topics.get(one.reply_id or "", 1.0) if vouched_for(one) else 1.0
        return min(MOST_BALANCED, languages[one.locale] * rare)

    return [replace(one, weight=round(one.weight * factor(one), 6)) for one in examples]


def _fair_shares(counts: Mapping[str, int]) -> dict[str, float]:
    """What each has of what all would have if they had the same.

    >>> _fair_shares({"a": 90, "b": 10})
    {'a': 1.8, 'b': 0.2}
    """
    fair = sum(counts.values()) / max(len(counts), 1)
    return {name: count / fair for name, count in counts.items()}


def _agreed(
    said: Sequence[Example], against: Iterable[tuple[str, str, str]]
) -> tuple[list[Example], list[str]]:
    """Of what was said to the same words: what is kept, and which impressions are torn."""
    staff = [example for example in said if example.signal in STAFF]
    if staff:
        newest = max(staff, key=lambda each: (each.at is not None, each.at))
        return [each for each in said if each.reply_id == newest.reply_id], []
    support: defaultdict[str | None, set[str]] = defaultdict(set)
    for example in said:
        support[example.reply_id].update(example.shoppers)
    doubts: defaultdict[str, set[str]] = defaultdict(set)
    doubted: list[str] = []
    for reply_id, impression_id, shopper_id in against:
        doubts[reply_id].add(shopper_id)
        if reply_id in support:
            doubted.append(impression_id)
    winner = max(support, key=lambda reply_id: len(support[reply_id]))
    others = sum(len(shoppers) for reply_id, shoppers in support.items() if reply_id != winner)
    others += len(doubts.get(winner or "", ()))
    if len(support[winner]) >= OUTVOTES * others:
        return [example for example in said if example.reply_id == winner], []
    return [], [*(each.impression_id for each in said if each.impression_id), *doubted]
