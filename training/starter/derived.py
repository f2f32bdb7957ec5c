"""Chains that follow from any line: another value, a correction, a yes, a choice, a new topic."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from serving.contract import Turn
from training.starter.follow_ups import Chain
from training.starter.phrases import (
    Pair,
    PhrasePattern,
    masked,
    put,
    read_lines,
    settle,
    values_of,
)

WAYS: Final = Path(__file__).parent / "ways.txt"
TO_ANOTHER: Final = 2  # chains for each line with a slot, in which its value changes
CONFIRMED: Final = 0.3  # share of the lines that the clerk asks about and the shopper says yes to
SWITCHED: Final = 0.6  # share of the lines that come after something else: that changes nothing

# Words that belong to a value: "and from Madrid", "no, my tent".
BEFORE: Final = r"((?:\b(?:to|from|in|for|with|on|at|by|the|an?|my)\s+)*)"

Say = Callable[..., Pair]


def derived(lines: list[PhrasePattern], *, seed: int) -> Iterator[Chain]:
    """Chains made of `lines`; each full question is one of their sentences."""
    chance = np.random.default_rng(seed)
    say = _ways(chance)
    for line in lines:
        for _ in range(TO_ANOTHER if line.slots else 0):
            yield from _another_value(line, say, chance)
        asked = _grown(line, chance)
        other = _grown(lines[int(chance.integers(len(lines)))], chance)
        if chance.random() < CONFIRMED:
            yield _confirmed(line.sense, asked, other, say, chance)
        if chance.random() < SWITCHED:
            yield _switched(line.sense, asked, other, say, chance)


def _another_value(line: PhrasePattern, say: Say, chance: np.random.Generator) -> Iterator[Chain]:
    """The question with one value changed: asked for, or put right."""
    names = [name for name, slot in line.slots.items() if len(slot.values) > 1]
    if not names:
        return
    name = names[int(chance.integers(len(names)))]
    values = values_of(line.slots, chance)
    changed = values | {name: values[f"{name}'"]}
    pattern = settle((line.english, line.chinese), chance)
    slot = f"{{{name}}}"
    if slot not in pattern[0] or slot not in pattern[1]:
        return  # the choice that was made has another form of it, or none
    article = re.search(BEFORE + re.escape(slot), pattern[0])
    value = put((f"{article[1] if article else ''}{slot}", slot), changed)
    first, full = put(pattern, values), put(pattern, changed)
    way = ("and", "no", "bare")[int(chance.integers(3))]
    clerk = say("which" if way == "bare" else "clerk")
    newest = say(way, value=value)
    yield _chain(line.sense, [("shopper", first), ("clerk", clerk), ("shopper", newest)], full)
    hidden = put(pattern, masked(changed, line.slots))
    if hidden != full:
        yield _chain(line.sense, [("shopper", hidden)], full)


def _confirmed(
    sense: str, asked: Pair, other: Pair, say: Say, chance: np.random.Generator
) -> Chain:
    """The clerk asks whether this is meant, or which of two."""
    way = ("yes", "first", "second")[int(chance.integers(3))]
    if way == "yes":
        clerk = say("meant", one=asked)
    else:
        two = (asked, other) if way == "first" else (other, asked)
        clerk = say("either", one=two[0], other=two[1])
    before = other if chance.random() < 0.5 else say("aside")
    return _chain(sense, [("shopper", before), ("clerk", clerk), ("shopper", say(way))], asked)


def _switched(sense: str, asked: Pair, other: Pair, say: Say, chance: np.random.Generator) -> Chain:
    """Something else was talked of, once or twice: the question stands for itself."""
    turns = [("shopper", other), ("clerk", say("clerk"))]
    if chance.random() < 0.4:
        turns += [("shopper", say("aside")), ("clerk", say("clerk"))]
    return _chain(sense, [*turns, ("shopper", asked)], asked)


def _chain(sense: str, turns: list[tuple[str, Pair]], full: Pair) -> Chain:
    english, chinese = (tuple(Turn(who, said[side]) for who, said in turns) for side in (0, 1))
    return Chain(sense, english, chinese, full)


def _grown(line: PhrasePattern, chance: np.random.Generator) -> Pair:
    return put(settle((line.english, line.chinese), chance), values_of(line.slots, chance))


def _ways(chance: np.random.Generator) -> Say:
    """Something of a kind in `ways.txt`, with the values given."""
    known: defaultdict[str, list[Pair]] = defaultdict(list)
    for line in read_lines(WAYS):
        known[line.sense.partition(".")[2]].append((line.english, line.chinese))

    def say(kind: str, **values: Pair) -> Pair:
        return put(settle(known[kind][int(chance.integers(len(known[kind])))], chance), values)

    return say
