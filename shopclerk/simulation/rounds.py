"""Turns of the real loop over a simulated population: answer, collect, train, gate, promote."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from bot.conversation import Explorer, Policy, acts
from feedback.db import Database, Runs
from feedback.experiments import CHALLENGER, CHAMPION, WAITING, ShopTrial, Trials
from feedback.knowledge import QuestionLine, ReplyBook, ReplyLine
from feedback.signals import gather, read_log
from serving.contract import CANARY, STABLE, Turn, render_dialogue
from serving.versions import Rollout, VersionFolder
from shopclerk.simulation.shoppers import EXPERIMENT, DealtRanking, Habits, ShopLife, askers
from training.data import TrainingSources
from training.evaluation import LoadedVersion
from training.jobs import RetrainOptions, train_lines
from training.model import Hyperparameters
from training.retrain import Retrainer, RetrainOutcome

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=14)  # a trial: the setting's default
FIRST: Final = 5  # questions a reply begins with
SHARE_EXPLORED: Final = 0.05  # the setting's default


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
    training: Hyperparameters = field(default_factory=Hyperparameters)  # their seed: `seed`


class Round(NamedTuple):
    """How the version that answered after so many retrainings does on the test questions."""

    retrainings: int
    state: str  # of the turn: promoted, refused, failed
    version: int
    examples: int
    right: float  # share whose first reply is right: accepted, if it is said
    answered_right: float  # share answered by the policy, and rightly
    poison: float  # share whose first reply is the poisoners'


class RoundOutcome(NamedTuple):
    """A simulation, and the two it is compared with: never retrained, and told the whole truth."""

    rounds: list[Round]
    all_labels: float | None  # right, by a model trained on every question with its true reply

    @property
    def gap(self) -> float | None:
        """By how many points the last round is under the truth's model."""
        if self.all_labels is None:
            return None
        return round(100 * (self.all_labels - self.rounds[-1].right), 2)


Progress = Callable[[str], None]


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


def run_loop(
    town: Population, course: LoopOptions, *, folder: Path, database: Database, tell: Progress
) -> list[Round]:
    """The loop, turn after turn, through the real store, gate, trial and rollout."""
    _, weeks = dealt(town, course)
    chance = random.Random(course.seed + 1)  # noqa: S311 - shoppers, not secrets
    now = [BEGIN]
    versions, retrainer = retrainer_of(town, course, folder, database, now)
    explorer = Explorer(course.explored, chance.random)
    life = ShopLife(database, course.habits, chance, explorer)
    rounds: list[Round] = []
    for done, lines in enumerate([None, *weeks]):
        if lines is not None:
            asked = askers(lines, course.habits, chance, f"s{done}")
            life.week(asked, _served(versions, retrainer, lines, chance), now[0])
            now[0] += WEEK
        outcome = _turn(retrainer, database, now[0])
        if outcome.version is None:
            raise RuntimeError(outcome.sentence)
        found = _measured(versions.path(outcome.version), town.test, course.habits.poison)
        latest = Runs(database).latest()
        rounds.append(
            Round(
                retrainings=done,
                state=outcome.state,
                version=outcome.version,
                examples=latest.examples if latest else 0,
                **found,
            )
        )
        tell(_told(rounds[-1]))
    return rounds


def _served(
    versions: VersionFolder,
    retrainer: Retrainer,
    lines: Sequence[QuestionLine],
    chance: random.Random,
) -> list[DealtRanking]:
    """What answers each question: the champion, for a planned share the one on trial."""
    labels = retrainer.rollout.labels()
    trial = Trials(retrainer.runs.db, EXPERIMENT, longest=LONGEST).open()
    share = trial.predicted["size"]["share"] if trial else 0.0
    arms = [CHALLENGER if chance.random() < share else CHAMPION for _ in lines]
    heard_by = {
        arm: (labels[name], LoadedVersion(versions.path(labels[name])))
        for arm, name in ((CHAMPION, STABLE), (CHALLENGER, CANARY))
        if arm in arms
    }
    found: dict[int, DealtRanking] = {}
    for arm, (version, model) in heard_by.items():
        places = [place for place, dealt_to in enumerate(arms) if dealt_to == arm]
        rankings = model.rank([heard(lines[place].question) for place in places], version=version)
        found |= {
            place: DealtRanking(one, arm) for place, one in zip(places, rankings, strict=True)
        }
    return [found[place] for place in range(len(lines))]


def _turn(retrainer: Retrainer, database: Database, now: datetime) -> RetrainOutcome:
    """A week's retraining; a challenger that waits for a person is given a yes before it."""
    waited = retrainer.go_on()
    trials = Trials(database, EXPERIMENT, longest=LONGEST)
    asked = trials.open()
    if waited is not None and asked is not None and asked.state == WAITING:
        trials.decide(asked.version, "promote", "the owner", now)
        waited = retrainer.go_on()
    if waited is not None and waited.state in ("trial", "waiting"):
        return waited
    return retrainer.run("simulation")


def retrainer_of(
    town: Population, course: LoopOptions, folder: Path, database: Database, now: list[datetime]
) -> tuple[VersionFolder, Retrainer]:
    """The real loop over a store with the town's book; `now` holds the time as it stands."""
    begin, _ = dealt(town, course)
    book, number = ReplyBook(database), count(1)
    book.put_replies(town.replies, BEGIN)
    book.put_questions(begin, BEGIN)
    versions, runs = VersionFolder(folder), Runs(database)
    trial = ShopTrial(Trials(database, EXPERIMENT, longest=LONGEST), runs)
    retrainer = Retrainer(
        TrainingSources(
            book,
            gather=lambda: gather(database, now=now[0]),
            read_log=lambda: read_log(database, now=now[0]),
        ),
        runs,
        Rollout(versions),
        RetrainOptions(
            replace(course.training, seed=course.seed),
            behave=partial(acts, Policy(), Explorer(course.explored)),
            trial=trial if course.on_trial else None,
        ),
        clock=lambda: now[0],
        new_id=lambda: f"run-{next(number)}",
    )
    return versions, retrainer


def truth_model(town: Population, course: LoopOptions, *, folder: Path) -> float:
    """How many are right by a model that learned every question with its true reply."""
    made = train_lines(
        list(town.replies),
        list(town.pool),
        models_dir=folder,
        hyperparameters=replace(course.training, seed=course.seed),
    )
    return _measured(VersionFolder(folder).path(made.version), town.test, None)["right"]


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


def _measured(folder: Path, test: Sequence[QuestionLine], poison: str | None) -> dict[str, float]:
    rankings = LoadedVersion(folder).rank([heard(line.question) for line in test])
    policy, n = Policy(), max(len(test), 1)
    first = [ranking.candidates[0].reply_id for ranking in rankings]
    right = [said == line.reply_id for said, line in zip(first, test, strict=True)]
    answered = [policy.decide(ranking).kind == "answer" for ranking in rankings]
    return {
        "right": round(sum(right) / n, 5),
        "answered_right": round(sum(map(all, zip(right, answered, strict=True))) / n, 5),
        "poison": round(first.count(poison or "") / n, 5),
    }


def heard(question: str) -> str:
    """A question as a model is asked it."""
    return render_dialogue([Turn("shopper", question)])


def _told(made: Round) -> str:
    return (
        f"{made.retrainings:2} retrainings: version {made.version} ({made.state}),"
        f" {made.examples:,} examples, {made.right:.1%} right".replace("%", " %")
    )
