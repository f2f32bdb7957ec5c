"""The people of the simulated loop: what they ask in which week, and how the loop is run."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from feedback.knowledge import QuestionLine, ReplyLine
from shopclerk.simulation.shoppers import Habits
from training.model import DecoderConfig, Hyperparameters, TrainConfig

FIRST: Final = 5  # questions a reply begins with
SHARE_EXPLORED: Final = 0.05  # the setting's default
# What is drafted for the staff is not measured here, and took half the time of a small training.
HARDLY_DRAFTING: Final = Hyperparameters(train=TrainConfig(decoder=DecoderConfig(token_budget=1)))


@dataclass(frozen=True)
class Population:
    """Who lives there: a reply book, what its people will ask, and questions to measure by."""

    replies: Sequence[ReplyLine]
    pool: Sequence[QuestionLine]
    test: Sequence[QuestionLine]


@dataclass(frozen=True)
class LoopOptions:
    """How a simulation is run."""

    rounds: int = 10
    weekly: int | None = None  # dialogues a week; None: every question is asked once in all
    on_trial: bool = True  # what passes the gate meets some of the shoppers first, as in a shop
    first: int = FIRST
    explored: float = SHARE_EXPLORED
    habits: Habits = field(default_factory=Habits)
    seed: int = 1
    training: Hyperparameters = HARDLY_DRAFTING  # their seed: `seed`


def dealt(
    town: Population, course: LoopOptions
) -> tuple[list[QuestionLine], list[list[QuestionLine]]]:
    """The questions each reply begins with, and those of each round; each question once."""
    chance = random.Random(course.seed)  # noqa: S311 - shoppers, not secrets
    pool = list(town.pool)
    chance.shuffle(pool)
    known: defaultdict[str | None, int] = defaultdict(int)
    begin: list[QuestionLine] = []
    rest: list[QuestionLine] = []
    for line in pool:
        few = known[line.reply_id] < course.first
        known[line.reply_id] += few
        (begin if few else rest).append(line)
    if course.weekly is not None:
        return begin, _weeks(rest or begin, course, chance)
    size = -(-len(rest) // max(course.rounds, 1))
    return begin, [rest[n * size : (n + 1) * size] for n in range(course.rounds)]


def _weeks(
    rest: Sequence[QuestionLine], course: LoopOptions, chance: random.Random
) -> list[list[QuestionLine]]:
    """So many a week; when all were asked, they are asked again by others."""
    wanted = (course.weekly or 0) * course.rounds
    asked = [
        line for _ in range(-(-wanted // len(rest))) for line in chance.sample(rest, len(rest))
    ]
    size = course.weekly or 0
    return [asked[n * size : (n + 1) * size] for n in range(course.rounds)]


def narrowed(town: Population, topics: int) -> Population:
    """The same with the first `topics` replies alone."""
    names = sorted({line.reply_id for line in town.pool if line.reply_id})[:topics]
    kept = set(names)
    return replace(
        town,
        replies=[reply for reply in town.replies if reply.reply_id in kept],
        pool=[line for line in town.pool if line.reply_id in kept],
        test=[line for line in town.test if line.reply_id in kept],
    )
