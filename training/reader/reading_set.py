"""Lessons as arrays: each question with the sentences that a search of its shop's pages finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from serving.contract import Turn, render_dialogue
from serving.passage_search import HINTS, PassageIndex
from training.reader.lessons import InventedShop

SENTENCES: Final = 12  # read of a question in a lesson
TAKEN_AWAY: Final = 0.12  # of the questions with an answer: it is taken away, the rest stays

Array = np.ndarray[Any, Any]
Embed = Callable[[Sequence[str]], Array]


class ReadingLesson(NamedTuple):
    """A question and what was found for it."""

    dialogue: str
    headings: list[str]
    sentences: list[str]
    hints: Array  # float32 [S,H]
    answers: Array  # bool [S]
    nothing: bool | None = None  # whether silence is right; None: where no sentence answers
    weight: float = 1.0


@dataclass(frozen=True)
class ReadingSet:
    """Lessons padded to `SENTENCES`, their texts by number."""

    texts: list[str]
    dialogues: Array  # int32 [N]
    headings: Array  # int32 [N,S]
    sentences: Array  # int32 [N,S]
    hints: Array  # float32 [N,S,H]
    there: Array  # bool [N,S]
    answers: Array  # bool [N,S]
    nothing: Array  # bool [N]
    weights: Array  # float32 [N]

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All but the texts."""
        return (
            self.dialogues, self.headings, self.sentences, self.hints, self.there, self.answers,
            self.nothing, self.weights,
        )  # fmt: skip


def lessons_of(
    shop: InventedShop,
    embed: Embed,
    chance: np.random.Generator,
    *,
    taken_away: float = TAKEN_AWAY,
) -> list[ReadingLesson]:
    """What there is to learn from a shop's pages; of a share, what answers is taken away."""
    embedded = [text for passage in shop.passages for text in passage.embedded()]
    index = PassageIndex(shop.passages, embed(embedded))
    vectors = embed([each.question for each in shop.asked])
    found = []
    for asked, vector in zip(shop.asked, vectors, strict=True):
        read = index.search(asked.question, vector)[:SENTENCES]
        answers = np.array([(each.passage, each.sentence) in asked.answers for each in read])
        if asked.answers and not answers.any():
            continue
        if asked.answers and chance.random() < taken_away:
            read = [each for each, right in zip(read, answers, strict=True) if not right]
            answers = np.zeros(len(read), bool)
        if not read:
            continue
        found.append(
            ReadingLesson(
                render_dialogue([Turn("shopper", asked.question)]),
                [shop.passages[each.passage].above(each.sentence) for each in read],
                [shop.passages[each.passage].sentences[each.sentence] for each in read],
                np.array([each.hints for each in read], np.float32),
                answers,
            )
        )
    return found


def join(lessons: Sequence[ReadingLesson]) -> ReadingSet:
    """Lessons as arrays; text 0 is empty."""
    numbers: dict[str, int] = {"": 0}

    def number(text: str) -> int:
        return numbers.setdefault(text, len(numbers))

    count = len(lessons)
    headings = np.zeros((count, SENTENCES), np.int32)
    sentences = np.zeros((count, SENTENCES), np.int32)
    hints = np.zeros((count, SENTENCES, HINTS), np.float32)
    there = np.zeros((count, SENTENCES), bool)
    answers = np.zeros((count, SENTENCES), bool)
    nothing = np.zeros(count, bool)
    weights = np.array([lesson.weight for lesson in lessons], np.float32)
    dialogues = np.zeros(count, np.int32)
    for row, lesson in enumerate(lessons):
        size = len(lesson.sentences)
        dialogues[row] = number(lesson.dialogue)
        headings[row, :size] = [number(text) for text in lesson.headings]
        sentences[row, :size] = [number(text) for text in lesson.sentences]
        hints[row, :size] = lesson.hints
        there[row, :size] = True
        answers[row, :size] = lesson.answers
        nothing[row] = not any(lesson.answers) if lesson.nothing is None else lesson.nothing
    texts = list(numbers)
    return ReadingSet(
        texts, dialogues, headings, sentences, hints, there, answers, nothing, weights
    )
