"""Gate's group for the reader: questions of pages that both versions answer, the shop's and others.

A round over what people said of quotations may teach these and spoil the rest, so both are asked:
what was said, and questions of invented shops that no round of this seed reads. Versions whose
reader is the one that ships read alike, and are not asked.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from serving.ranker import FoundSentence, ReadAnswers
from training.evaluation.gate import GROUP_POINTS, Comparison, by_chance, compare
from training.evaluation.verdict import Check
from training.reader import Embed, LessonPages, ReadingLesson, own_lessons, rehearsal

TAUGHT, OTHERS = "pages as people said", "pages of other shops"
SEED: Final = 71  # of the invented shops; a training's are drawn by its own

Read = Callable[[str, Sequence[FoundSentence]], ReadAnswers]


def compare_reading(
    pages: LessonPages, embed: Embed, champion: Read, challenger: Read
) -> list[Comparison]:
    """What was said of the shop's pages, and what is asked of invented ones; [] without either."""
    told = own_lessons(pages, embed) if pages.lessons else []
    if not told:
        return []
    others = rehearsal(embed, np.random.default_rng(SEED))
    return [
        compare(name, _right(lessons, champion), _right(lessons, challenger))
        for name, lessons in ((TAUGHT, told), (OTHERS, others))
    ]


def check_reading(part: Comparison) -> Check:
    """No more than two points lost, unless chance explains it."""
    return by_chance("pages", part, GROUP_POINTS)


def _right(lessons: Sequence[ReadingLesson], read: Read) -> list[bool]:
    """Of each question whether the likeliest of its sentences and silence is right."""
    right = []
    for lesson in lessons:
        found = zip(lesson.headings, lesson.sentences, lesson.hints, strict=True)
        said = read(
            lesson.dialogue,
            [FoundSentence(above, text, tuple(hints.tolist())) for above, text, hints in found],
        )
        best = int(np.argmax([*said.probabilities, said.nothing]))
        silence = not lesson.answers.any() if lesson.nothing is None else lesson.nothing
        right.append(bool([*lesson.answers, silence][best]))
    return right
