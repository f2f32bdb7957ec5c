"""Follow-ups with the turns before them and the full question that each one stands for.

A chain file holds slots and senses as a phrase file does, and under each sense, by their marks:

    > a shopper's turn        < a clerk's turn
    ? the newest turn         * a passage, as a clerk says it
    ! the full question that the newest turn stands for, or that the passage answers

Every line is `english = chinese`. Lines of one mark in a row are other ways to say the same: one is
drawn. Turns before the first `?` are the history of all that follow, until a `>` begins another.

From the lines of the phrase files follow more: "and in Madrid?" after any question with a slot.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from serving.contract import Turn
from training.starter.phrases import (
    BadPhrase,
    Pair,
    Slots,
    Values,
    masked,
    put,
    read_pair,
    read_slot,
    settle,
    used,
    values_of,
)

FOLDER: Final = Path(__file__).parent / "chains"
SPEAKERS: Final = {">": "shopper", "<": "clerk", "?": "shopper", "*": "clerk"}
MASKED: Final = 0.4  # share of the chains with values whose values are placeholders
A_QUESTION: Final = 3  # chains that lead to the same full question

Group = tuple[str, tuple[Pair, ...]]  # who speaks, and ways to say it


@dataclass(frozen=True)
class ChainPattern:
    """Turns that lead to a full question; the newest last."""

    sense: str
    turns: tuple[Group, ...]
    full: Pair
    slots: Slots


class Chain(NamedTuple):
    """A dialogue in both languages, and what its newest turn asks in full."""

    sense: str
    english: tuple[Turn, ...]
    chinese: tuple[Turn, ...]
    full: Pair


def read_chains(path: Path) -> Iterator[ChainPattern]:
    """The chains of a file.

    Raises:
        BadPhrase: a line has no mark, no sense above it, no translation or unknown slots.
    """
    slots: Slots = {}
    sense, questions = "", 0
    history: list[Group] = []
    newest: list[Pair] = []
    mark = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        before, mark = mark, text[:1]
        if text.startswith("##"):
            sense, questions, history = f"{path.stem}.{text[2:].strip()}", 0, []
        elif mark == "@":
            slots |= read_slot(path, number, text)
        elif mark in {"", "#"}:
            mark = before
        elif mark not in {*SPEAKERS, "!"} or not sense:
            raise BadPhrase(path, number, f"{text[:40]!r} has no mark, or no sense above it")
        else:
            pair = read_pair(path, number, text[1:], slots)
            if mark in "><":
                if mark == ">" and before not in "><":
                    history = []
                _append(history, SPEAKERS[mark], pair, same=mark == before)
            elif mark in "?*":
                newest = [*newest, pair] if mark == before else [pair]
                speaker = SPEAKERS[mark]
            else:
                if not newest:
                    raise BadPhrase(path, number, "a full question has no newest turn above it")
                turns = (*history, (speaker, tuple(newest)))
                patterns = [side for _, ways in turns for way in ways for side in way]
                known = used([*patterns, *pair], slots)
                yield ChainPattern(f"{sense}.{questions}", turns, pair, known)
                questions += 1


def _append(history: list[Group], speaker: str, pair: Pair, *, same: bool) -> None:
    if same:
        history[-1] = (speaker, (*history[-1][1], pair))
    else:
        history.append((speaker, (pair,)))


def our_chains() -> list[ChainPattern]:
    """The chains of every file that ships."""
    return [chain for path in sorted(FOLDER.glob("*.txt")) for chain in read_chains(path)]


def chains(patterns: list[ChainPattern], *, a_pattern: int, seed: int) -> Iterator[Chain]:
    """Up to `a_pattern` different chains of each pattern, a few for each full question."""
    chance = np.random.default_rng(seed)
    for pattern in patterns:
        seen: set[tuple[Turn, ...]] = set()
        for drawn in range(2 * a_pattern):
            if drawn % A_QUESTION == 0:
                values = values_of(pattern.slots, chance)
                full = put(settle(pattern.full, chance), values)
            chain = _grown(pattern, values, full, chance)
            if chain.english not in seen:
                seen.add(chain.english)
                yield chain
            if len(seen) == a_pattern:
                break


def _grown(pattern: ChainPattern, values: Values, full: Pair, chance: np.random.Generator) -> Chain:
    shown = masked(values, pattern.slots) if chance.random() < MASKED else values
    english, chinese = [], []
    for speaker, ways in pattern.turns:
        said = put(settle(ways[int(chance.integers(len(ways)))], chance), shown)
        english.append(Turn(speaker, said[0]))
        chinese.append(Turn(speaker, said[1]))
    return Chain(pattern.sense, tuple(english), tuple(chinese), full)
