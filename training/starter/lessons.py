"""Distillation data: texts as the encoder reads them, each with what the teachers say of it.

One teacher reads English, the other both languages: what a text is taught is both of their vectors
side by side, and the two sides of a translation are taught the same. Of three kinds are lessons:

- a line: a message by itself, behind its speaker's mark
- a follow-up: the turns before it and its own, taught what its full question is
- a passage: a clerk's turn, taught what is asked that it answers

Lines of one sense are drawn together, so that what a shopper wants counts more than what it is
wanted for, and pushed away from the sense they are easily taken for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from serving.contract import Turn, render_dialogue
from training.starter.teacher_space import unit

TO_SENSE: Final = 0.5  # how far a lesson's target is drawn to the mean of its sense
FROM_OTHER: Final = 0.3  # how far it is pushed from the mean of the sense it is not

Array = np.ndarray[Any, Any]


class Meaning(NamedTuple):
    """What the teachers read: the first one an English text, the second one either language."""

    english: str
    either: str


class Lesson(NamedTuple):
    """A text for the encoder, and the meanings whose weighted vectors it is taught."""

    text: str
    taught: tuple[tuple[int, float], ...]  # (number of the meaning, weight)
    sense: int = -1
    unlike: int = -1


@dataclass
class Lessons:
    """All lessons, and what the teachers have to read for them."""

    meanings: list[Meaning] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    senses: dict[str, int] = field(default_factory=dict)
    _number: dict[Meaning, int] = field(default_factory=dict)

    def read(self, english: str, either: str | None = None) -> int:
        """The number of a meaning, for the teachers to read."""
        meaning = Meaning(english, english if either is None else either)
        if meaning not in self._number:
            self._number[meaning] = len(self.meanings)
            self.meanings.append(meaning)
        return self._number[meaning]

    def add(
        self,
        turns: str | Sequence[Turn],
        *taught: int,
        speaker: str = "shopper",
        sense: str | None = None,
        unlike: str | None = None,
    ) -> None:
        """Teach a text, or the last of some turns, the mean of the meanings `taught`."""
        said = [Turn(speaker, turns)] if isinstance(turns, str) else turns
        self.lessons.append(
            Lesson(
                render_dialogue(said),
                tuple((number, 1.0) for number in taught),
                self._sense(sense),
                self._sense(unlike),
            )
        )

    def _sense(self, name: str | None) -> int:
        return -1 if name is None else self.senses.setdefault(name, len(self.senses))


def joined(lessons: Lessons, english: Array, either: Array) -> Array:
    """Both teachers' vectors [M,384] of each meaning side by side, unit length [M,768].

    All of E5's vectors point the same way for the most part, each language's its own (a cosine of
    0.8 is none): the mean of each language is taken away first.
    """
    second = either.astype(np.float32)
    ascii_only = np.array([meaning.either.isascii() for meaning in lessons.meanings])
    for language in (ascii_only, ~ascii_only):
        if language.any():
            second[language] -= second[language].mean(axis=0)
    return unit(np.concatenate([unit(english.astype(np.float32)), unit(second)], axis=1))


def targets(lessons: Lessons, vectors: Array) -> Array:
    """The unit vectors [N,D] to be taught, from those of the meanings [M,D]."""
    found = np.zeros((len(lessons.lessons), vectors.shape[1]), np.float32)
    for place, lesson in enumerate(lessons.lessons):
        for number, weight in lesson.taught:
            found[place] += weight * vectors[number]
    found = unit(found)
    means = _means(lessons, found)
    sense, unlike = (
        np.array([getattr(lesson, name) for lesson in lessons.lessons], np.int64)
        for name in ("sense", "unlike")
    )
    drawn, pushed = np.nonzero(sense >= 0)[0], np.nonzero(unlike >= 0)[0]
    found[drawn] += TO_SENSE / (1.0 - TO_SENSE) * means[sense[drawn]]
    found = unit(found)
    found[pushed] -= FROM_OTHER * means[unlike[pushed]]
    return unit(found)


def _means(lessons: Lessons, found: Array) -> Array:
    means = np.zeros((len(lessons.senses), found.shape[1]), np.float32)
    for place, lesson in enumerate(lessons.lessons):
        if lesson.sense >= 0:
            means[lesson.sense] += found[place]
    return unit(means)
