"""Parallel English and Chinese sentences, generated from the phrase files in this folder.

A phrase file holds senses; under each stand lines that all mean the same, `english = chinese`, with
choices `(a|b)` and slots `{item}` whose value is the same on both sides. So each sentence comes
with its translation and its sense: a teacher that reads English only can teach both languages.

`@item [product]: tent = 帐篷; desk lamp = 台灯` names a slot's values, and the placeholder that
stands for them where values leave the text before it is read. `{item'}` is another value than
`{item}`. A value may have forms, `cancel it | cancelled it = 取消 | 取消了`: `{act}`, `{act.2}`.
`## failed != how_to` is a sense that is easily taken for another one and must not be.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

FOLDER: Final = Path(__file__).parent / "phrases"
CHOICE: Final = re.compile(r"\(([^()]*)\)")
SLOT: Final = re.compile(r"\{(\w+)('?)(?:\.(\d))?\}")
SLOT_LINE: Final = re.compile(r"@(\w+)\s*(\[\w+\])?\s*:(.*)")
TRIES: Final = 3  # for each sentence wanted: a line with few choices soon repeats itself

Pair = tuple[str, str]  # English, Chinese


class PatternSlot(NamedTuple):
    """What may stand in a slot, and the placeholder for all of it."""

    values: tuple[Pair, ...]
    placeholder: str | None = None


Slots = dict[str, PatternSlot]
Values = dict[str, Pair]


class BadPhrase(ValueError):
    """A line of a phrase file breaks its form."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}. The form is explained in training/starter.")


class Sentence(NamedTuple):
    """A sentence in both languages; equal senses mean the same."""

    sense: str
    english: str
    chinese: str
    unlike: str | None = None  # the sense it must not be taken for
    masked: Pair | None = None  # the same with placeholders, where it has values that have one


@dataclass(frozen=True)
class PhrasePattern:
    """A pattern in both languages, and the slots it may use."""

    sense: str
    english: str
    chinese: str
    slots: Slots
    unlike: str | None = None  # the sense it must not be taken for


def read_lines(path: Path) -> Iterator[PhrasePattern]:
    """The patterns of a phrase file.

    Raises:
        BadPhrase: a line is neither a comment, a slot, a sense nor a pattern with known slots.
    """
    slots: Slots = {}
    sense, unlike = "", None
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if text.startswith("##"):
            named, _, other = text[2:].partition("!=")
            sense = f"{path.stem}.{named.strip()}"
            unlike = f"{path.stem}.{other.strip()}" if other else None
        elif text.startswith("@"):
            slots |= read_slot(path, number, text)
        elif text and not text.startswith("#"):
            english, chinese = read_pair(path, number, text, slots)
            if not sense:
                raise BadPhrase(path, number, "no sense above")
            yield PhrasePattern(sense, english, chinese, used((english, chinese), slots), unlike)


def sentences(lines: list[PhrasePattern], *, a_line: int, seed: int) -> Iterator[Sentence]:
    """Up to `a_line` different sentences of each line."""
    chance = np.random.default_rng(seed)
    for line in lines:
        seen: set[str] = set()
        for _ in range(TRIES * a_line):
            sentence = grow(line, values_of(line.slots, chance), chance)
            if sentence.english not in seen:
                seen.add(sentence.english)
                yield sentence
            if len(seen) == a_line:
                break


def our_lines() -> list[PhrasePattern]:
    """The patterns of every phrase file that ships."""
    return [line for path in sorted(FOLDER.glob("*.txt")) for line in read_lines(path)]


def values_of(slots: Slots, chance: np.random.Generator) -> Values:
    """One value for each slot, and another one for its primed twin."""
    found: Values = {}
    for name, slot in sorted(slots.items()):
        first = int(chance.integers(len(slot.values)))
        step = int(chance.integers(1, max(2, len(slot.values))))
        found[name] = slot.values[first]
        found[f"{name}'"] = slot.values[(first + step) % len(slot.values)]
    return found


def grow(line: PhrasePattern, values: Values, chance: np.random.Generator) -> Sentence:
    """The pattern with its choices made and `values` in its slots."""
    pattern = settle((line.english, line.chinese), chance)
    hidden = masked(values, line.slots)
    return Sentence(
        line.sense,
        *put(pattern, values),
        line.unlike,
        put(pattern, hidden) if hidden != values else None,
    )


def settle(patterns: Pair, chance: np.random.Generator) -> Pair:
    """A pair of patterns with its choices made."""
    english, chinese = (
        CHOICE.sub(lambda m: _pick(m.group(1).split("|"), chance), pattern) for pattern in patterns
    )
    return english, chinese


def put(patterns: Pair, values: Values) -> Pair:
    """A pair of patterns with `values` in its slots."""
    english, chinese = (
        " ".join(SLOT.sub(lambda m, side=side: _form(values[m[1] + m[2]][side], m[3]), p).split())  # type: ignore[misc]
        for side, p in enumerate(patterns)
    )
    return english, chinese


def masked(values: Values, slots: Slots) -> Values:
    """The values, placeholders instead of those that have one."""
    hidden = dict(values)
    for name, slot in slots.items():
        if slot.placeholder:
            hidden[name] = hidden[f"{name}'"] = (slot.placeholder, slot.placeholder)
    return hidden


def read_slot(path: Path, number: int, text: str) -> Slots:
    """The slot that a line `@name [placeholder]: value = 值; ...` describes."""
    line = SLOT_LINE.fullmatch(text)
    if line is None:
        raise BadPhrase(path, number, f"{text[:80]!r} is not '@slot: english = chinese; ...'")
    values = tuple(_pair(path, number, v) for v in line[3].split(";") if v.strip())
    return {line[1]: PatternSlot(values, line[2])}


def read_pair(path: Path, number: int, text: str, slots: Slots) -> Pair:
    """A line `english = chinese` whose slots are known."""
    pair = _pair(path, number, text)
    unknown = {found[1] for side in pair for found in SLOT.finditer(side)} - set(slots)
    if unknown:
        raise BadPhrase(path, number, f"unknown slots {sorted(unknown)}")
    return pair


def used(patterns: Iterable[str], slots: Slots) -> Slots:
    """The slots that stand in `patterns`."""
    names = {found[1] for pattern in patterns for found in SLOT.finditer(pattern)}
    return {name: slot for name, slot in slots.items() if name in names}


def _form(value: str, number: str | None) -> str:
    forms = value.split("|")
    return forms[min(int(number or 1), len(forms)) - 1].strip()


def _pick(options: list[str], chance: np.random.Generator) -> str:
    return options[int(chance.integers(len(options)))]


def _pair(path: Path, number: int, text: str) -> Pair:
    english, equals, chinese = text.partition("=")
    if not equals or "=" in chinese or not english.strip() or not chinese.strip():
        raise BadPhrase(path, number, f"{text[:80]!r} is not 'english = chinese'")
    return english.strip(), chinese.strip()
