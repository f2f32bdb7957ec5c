"""Parallel English and Chinese sentences, generated from the phrase files in this folder.

A phrase file holds senses; under each stand lines that all mean the same, `english = chinese`, with
choices `(a|b)` and slots `{item}` whose value is the same on both sides. So each sentence comes
with its translation and its sense: a teacher that reads English only can teach both languages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

FOLDER: Final = Path(__file__).parent / "phrases"
CHOICE: Final = re.compile(r"\(([^()]*)\)")
SLOT: Final = re.compile(r"\{(\w+)\}")
TRIES: Final = 3  # for each sentence wanted: a line with few choices soon repeats itself

Slots = dict[str, list[tuple[str, str]]]


class BadPhrase(ValueError):
    """A line of a phrase file breaks its form."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}. The form is explained in training/starter.")


class Sentence(NamedTuple):
    """A sentence in both languages; equal senses mean the same."""

    sense: str
    english: str
    chinese: str


@dataclass(frozen=True)
class PhrasePattern:
    """A pattern in both languages, and the slots it may use."""

    sense: str
    english: str
    chinese: str
    slots: Slots


def read_lines(path: Path) -> Iterator[PhrasePattern]:
    """The patterns of a phrase file.

    Raises:
        BadPhrase: a line is neither a comment, a slot, a sense nor a pattern with known slots.
    """
    slots: Slots = {}
    sense = ""
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if text.startswith("##"):
            sense = f"{path.stem}.{text[2:].strip()}"
        elif text.startswith("@"):
            name, _, values = text[1:].partition(":")
            slots[name.strip()] = [_pair(path, number, v) for v in values.split(";") if v.strip()]
        elif text and not text.startswith("#"):
            english, chinese = _pair(path, number, text)
            unknown = {*SLOT.findall(english), *SLOT.findall(chinese)} - set(slots)
            if not sense or unknown:
                raise BadPhrase(path, number, f"unknown slots {sorted(unknown)} or no sense above")
            yield PhrasePattern(sense, english, chinese, slots)


def sentences(lines: list[PhrasePattern], *, a_line: int, seed: int) -> Iterator[Sentence]:
    """Up to `a_line` different sentences of each line."""
    chance = np.random.default_rng(seed)
    for line in lines:
        seen: set[str] = set()
        for _ in range(TRIES * a_line):
            sentence = _grow(line, chance)
            if sentence.english not in seen:
                seen.add(sentence.english)
                yield sentence
            if len(seen) == a_line:
                break


def our_sentences(*, a_line: int, seed: int) -> list[Sentence]:
    """Sentences of every phrase file that ships."""
    lines = [line for path in sorted(FOLDER.glob("*.txt")) for line in read_lines(path)]
    return list(sentences(lines, a_line=a_line, seed=seed))


def _grow(line: PhrasePattern, chance: np.random.Generator) -> Sentence:
    values = {
        name: found[int(chance.integers(len(found)))] for name, found in sorted(line.slots.items())
    }
    both = []
    for side, pattern in enumerate((line.english, line.chinese)):
        chosen = CHOICE.sub(lambda m: _pick(m.group(1).split("|"), chance), pattern)
        filled = SLOT.sub(lambda m, side=side: values[m.group(1)][side], chosen)  # type: ignore[misc]
        both.append(" ".join(filled.split()))
    return Sentence(line.sense, both[0], both[1])


def _pick(options: list[str], chance: np.random.Generator) -> str:
    return options[int(chance.integers(len(options)))]


def _pair(path: Path, number: int, text: str) -> tuple[str, str]:
    english, equals, chinese = text.partition("=")
    if not equals or "=" in chinese or not english.strip() or not chinese.strip():
        raise BadPhrase(path, number, f"{text[:80]!r} is not 'english = chinese'")
    return english.strip(), chinese.strip()
