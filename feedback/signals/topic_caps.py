"""Caps on what a topic may learn from shoppers whom nobody vouches for, in each retraining. Pure.

A topic is a reply with the words that it answers. Addresses and thumbs cost nothing, so how many
press says little; an order costs money and a verdict comes from the staff, and what these vouch for
is never capped. All else needs a place: in the topic that takes the words in and, where the clerk
had believed another reply to be right, in the topic that loses them. So nobody can drown what the
staff labelled, neither by teaching one reply everything nor by teaching a topic away to many.
What finds no place is kept for the next retraining: when the staff vouch for more, it fits.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from feedback.signals.registry import VOUCHED
from feedback.signals.weights import Example

SHARE: Final = 0.5  # of what is vouched for in a topic: a third of the whole, never the majority
MOST_NEW: Final = 20  # a topic and retraining: about what the staff see of it in a week
LEAST: Final = 3  # where nothing is vouched for yet: a new reply may begin to learn


class Admitted(NamedTuple):
    """What is learned, and how many examples found no place in each topic."""

    kept: list[Example]
    left_out: dict[str, int]


def vouched_for(example: Example) -> bool:
    """Whether the staff, or somebody who bought, stand behind it."""
    return example.signal in VOUCHED or example.bought


def places(vouched: int) -> int:
    """How many examples that nobody vouches for a topic may hold in all.

    >>> places(0), places(10), places(200)
    (3, 5, 100)
    """
    return max(LEAST, int(SHARE * vouched))


def admit(examples: Sequence[Example], retrained: Iterable[datetime] = ()) -> Admitted:
    """Those that find a place; the earlier retrainings are gone through again, one by one.

    Args:
        examples: all that could be learned.
        retrained: up to when each earlier retraining had read: what it took keeps its place.
    """
    taken: Counter[str] = Counter()
    chosen: set[int] = set()
    waiting = [place for place, one in enumerate(examples) if not vouched_for(one)]
    for moment in [*sorted(retrained), None]:
        vouched = Counter(
            one.reply_id for one in examples if vouched_for(one) and _known(one, moment)
        )
        new: Counter[str] = Counter()
        come = [place for place in waiting if _known(examples[place], moment)]
        for place in _in_turn(examples, come):
            topics = topics_of(examples[place])
            if all(
                new[topic] < MOST_NEW and taken[topic] < places(vouched[topic]) for topic in topics
            ):
                chosen.add(place)
                new.update(topics)
                taken.update(topics)
        waiting = [place for place in waiting if place not in chosen]
    return Admitted(
        [one for place, one in enumerate(examples) if vouched_for(one) or place in chosen],
        dict(Counter(topic for place in waiting for topic in topics_of(examples[place])[:1])),
    )


def topics_of(example: Example) -> tuple[str, ...]:
    """The topic that takes the words in, and the one that loses them where that is another."""
    both = dict.fromkeys((example.reply_id, example.believed))
    return tuple(topic for topic in both if topic is not None)


def _known(example: Example, moment: datetime | None) -> bool:
    return moment is None or example.at is None or example.at <= moment


def _in_turn(examples: Sequence[Example], places: Iterable[int]) -> list[int]:
    """By turns of the addresses, each one's oldest first: who has one address gets a turn, too."""
    by_address: defaultdict[object, list[int]] = defaultdict(list)
    for place in places:
        one = examples[place]
        by_address[one.origin or one.shoppers].append(place)
    turns = [
        (turn, place)
        for theirs in by_address.values()
        for turn, place in enumerate(sorted(theirs, key=lambda each: _age(examples[each])))
    ]
    return [
        place for _, place in sorted(turns, key=lambda each: (each[0], _age(examples[each[1]])))
    ]


def _age(example: Example) -> tuple[bool, datetime | None]:
    return example.at is not None, example.at
