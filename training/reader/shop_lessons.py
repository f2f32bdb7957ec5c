"""Shop's own reading lessons: the reader goes on learning from what people said of quotations.

It always begins with the weights that ship, so that nothing adds up from training to training and
what is taken back is forgotten. Beside the shop's lessons stand those of invented shops: without
them a handful of corrections bends the reading of everything else.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from feedback.signals import PageLesson
from serving.contract import Turn, render_dialogue
from serving.passage_search import Found, PassageIndex, PassageText
from training.reader.fit_reader import ReaderLearner
from training.reader.lessons import invent_shop, read_facts, read_values
from training.reader.reading import ReadingModule
from training.reader.reading_set import SENTENCES, Embed, ReadingLesson, join, lessons_of
from training.reader.weights import begin_with, quantised, unpack

LOCALES: Final = ("en", "zh")
REHEARSED: Final = 120  # questions of invented shops, of each language
TIMES: Final = 24  # that each of the shop's lessons stands among them, at most
SHARE: Final = 0.35  # of all that is read in a round, the shop's lessons at most
EPOCHS: Final = 6
RATE: Final = 2e-3

Array = np.ndarray[Any, Any]


class LessonPages(NamedTuple):
    """The shop's passages, by their ids, and what was said of them."""

    ids: Sequence[str]
    passages: Sequence[PassageText]
    lessons: Sequence[PageLesson]

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "LessonPages":
        """Those that a retraining collected."""
        return cls(
            kept.get("ids", ()),
            [PassageText(*map(tuple, each)) for each in kept.get("passages", ())],
            [PageLesson(**each) for each in kept.get("lessons", ())],
        )


NO_LESSONS: Final = LessonPages((), (), ())


def own_lessons(pages: LessonPages, embed: Embed) -> list[ReadingLesson]:
    """Each question among the sentences that a search finds, what was said of it marked.

    What should have answered is put among them where the search did not find it. What was wrong
    teaches that anything else is likelier, or nothing.
    """
    embedded = [text for passage in pages.passages for text in passage.embedded()]
    index = PassageIndex(pages.passages, embed(embedded))
    number = {id_: place for place, id_ in enumerate(pages.ids)}
    told = [each for each in pages.lessons if each.passage_id in number]
    found = []
    for lesson, vector in zip(told, embed([each.question for each in told]), strict=True):
        place = number[lesson.passage_id]
        read = index.search(lesson.question, vector)[:SENTENCES]
        beside = index.look_at(place, lesson.question, vector)
        read = _with(read, [each for each in beside if _said_of(lesson, each)])
        said = np.array([each.passage == place and _said_of(lesson, each) for each in read])
        if not said.any():
            continue
        found.append(
            ReadingLesson(
                render_dialogue([Turn("shopper", lesson.question)]),
                [pages.passages[each.passage].above(each.sentence) for each in read],
                [pages.passages[each.passage].sentences[each.sentence] for each in read],
                np.array([each.hints for each in read], np.float32),
                said if lesson.right else ~said,
                nothing=not lesson.right,
                weight=lesson.weight,
            )
        )
    return found


def teach_reading(lessons: Sequence[ReadingLesson], embed: Embed, *, seed: int) -> ReadingModule:
    """The reader that ships, taught the shop's lessons among those of invented shops."""
    chance = np.random.default_rng(seed)
    rehearsed = rehearsal(embed, chance)
    times = max(1, min(TIMES, int(SHARE / (1 - SHARE) * len(rehearsed) / len(lessons))))
    shipped, calibration = unpack()
    learner = ReaderLearner(join([*rehearsed, *lessons]), shipped.config, seed)
    begin_with(learner.reader, shipped)
    own = np.arange(len(rehearsed), len(rehearsed) + len(lessons))
    rows = np.concatenate([np.arange(len(rehearsed)), np.tile(own, times)])
    learner.fit(rows, epochs=EPOCHS, seed=seed, rate=RATE, tell=lambda _: None)
    return ReadingModule(quantised(learner.reader), calibration)


def rehearsal(embed: Embed, chance: np.random.Generator) -> list[ReadingLesson]:
    """Questions of invented shops."""
    found: list[ReadingLesson] = []
    for locale in LOCALES:
        shop = invent_shop(read_facts(locale), read_values(locale), chance)
        shop.asked = [shop.asked[i] for i in chance.permutation(len(shop.asked))[:REHEARSED]]
        found += lessons_of(shop, embed, chance)
    return found


def _said_of(lesson: PageLesson, found: Found) -> bool:
    """Whether a sentence of the lesson's passage is among those it speaks of."""
    return lesson.first <= found.sentence and (lesson.last < 0 or found.sentence <= lesson.last)


def _with(read: Sequence[Found], wanted: Sequence[Found]) -> list[Found]:
    """What was read, with one at least of what is wanted in the place of the least likely."""
    there = {(each.passage, each.sentence) for each in read}
    missing = [each for each in wanted if (each.passage, each.sentence) not in there]
    if len(missing) < len(wanted) or not wanted:
        return list(read)
    return [*read[: SENTENCES - len(missing[:2])], *missing[:2]]
