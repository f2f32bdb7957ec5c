"""Turns of the real loop over a simulated population: answer, collect, train, gate, promote."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from bot.conversation import Explorer, Policy, acts
from feedback.db import Database, Runs
from feedback.experiments import CHALLENGER, CHAMPION, WAITING, ShopTrial, Trials
from feedback.knowledge import QuestionLine, ReplyBook
from feedback.signals import gather, read_log
from serving.contract import CANARY, STABLE
from serving.versions import Rollout, VersionFolder
from shopclerk.simulation.population import LoopOptions, Population, dealt
from shopclerk.simulation.shoppers import EXPERIMENT, DealtRanking, ShopLife, askers
from training.data import TrainingSources, from_questions
from training.evaluation import LoadedVersion
from training.jobs import RetrainOptions, train_lines
from training.retrain import Retrainer

BEGIN: Final = datetime(2026, 1, 5, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
LONGEST: Final = timedelta(days=14)  # a trial: the setting's default
KEPT: Final = "rounds.jsonl"  # beside the versions: a run that was cut off goes on behind it


class MeasuredShares(NamedTuple):
    """Shares of the test questions."""

    right: float  # whose first reply is right: accepted, if it is said
    answered_right: float  # answered by the policy, at the version's own threshold, and rightly
    answered_wrong: float  # and wrongly
    poison: float  # whose first reply is the poisoners'


class Round(NamedTuple):
    """How the version that answered after so many retrainings does on the test questions."""

    retrainings: int
    state: str  # of the turn: promoted, refused, failed, trial, waiting
    version: int
    examples: int
    right: float
    answered_right: float
    answered_wrong: float
    poison: float


class RoundOutcome(NamedTuple):
    """A simulation, and the two it is compared with: never retrained, and told the whole truth."""

    rounds: list[Round]
    all_labels: MeasuredShares | None  # by a model trained on every question with its true reply

    @property
    def gap(self) -> float | None:
        """By how many points the last round's right first replies are under the truth's model's."""
        if self.all_labels is None:
            return None
        return round(100 * (self.all_labels.right - self.rounds[-1].right), 2)


Progress = Callable[[str], None]


def run_loop(
    town: Population, course: LoopOptions, *, folder: Path, database: Database, tell: Progress
) -> list[Round]:
    """The loop, turn after turn, through the real store, gate, trial and rollout.

    Each round is kept in `folder` as it ends. Called again with what an earlier call left there and
    in the store, it goes on behind the last.
    """
    _, weeks = dealt(town, course)
    kept = folder / KEPT
    rounds = _kept_rounds(kept)
    now = [BEGIN + WEEK * max(len(rounds) - 1, 0)]
    versions, retrainer = retrainer_of(town, course, folder, database, now)
    for done, lines in list(enumerate([None, *weeks]))[len(rounds) :]:
        if lines is not None:
            _week(retrainer, course, lines, done, now[0])
            now[0] += WEEK
        state, version = _turn(retrainer, now[0]), retrainer.rollout.stable() or 0
        found = _measured(versions.path(version), town.test, course.habits.poison)
        latest = retrainer.runs.latest()
        rounds.append(Round(done, state, version, latest.examples if latest else 0, *found))
        with kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounds[-1]._asdict()) + "\n")
        tell(_told(rounds[-1]))
    return rounds


def _kept_rounds(file: Path) -> list[Round]:
    """Those that have ended; a line that was being written when it was cut off is none."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    return [Round(**json.loads(line)) for line in lines[:-1]]


def _week(
    retrainer: Retrainer,
    course: LoopOptions,
    lines: Sequence[QuestionLine],
    week: int,
    start: datetime,
) -> None:
    """A week of shoppers and staff, with the same chance however often it is begun."""
    chance = random.Random(f"{course.seed} {week}")  # noqa: S311 - shoppers, not secrets
    explorer = Explorer(course.explored, chance.random)
    life = ShopLife(retrainer.runs.db, course.habits, chance, explorer)
    asked = askers(lines, course.habits, chance, f"s{week}")
    if not life.lived(asked):
        life.talk(asked, _served(retrainer, lines, chance), start)
    life.judge(asked, start)


def _served(
    retrainer: Retrainer, lines: Sequence[QuestionLine], chance: random.Random
) -> list[DealtRanking]:
    """What answers each question: the champion, for a planned share the one on trial."""
    versions = retrainer.rollout.folder
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
        rankings = model.rank([heard(lines[place]) for place in places], version=version)
        found |= {
            place: DealtRanking(one, arm) for place, one in zip(places, rankings, strict=True)
        }
    return [found[place] for place in range(len(lines))]


def _turn(retrainer: Retrainer, now: datetime) -> str:
    """A week's retraining; a challenger that waits for a person is given a yes before it.

    Returns:
        What became of it.

    Raises:
        RuntimeError: there is no model.
    """
    waited = retrainer.go_on()
    trials = Trials(retrainer.runs.db, EXPERIMENT, longest=LONGEST)
    asked = trials.open()
    if waited is not None and asked is not None and asked.state == WAITING:
        trials.decide(asked.version, "promote", "the owner", now)
        waited = retrainer.go_on()
    if waited is not None and waited.state in ("trial", "waiting"):
        return waited.state
    latest = retrainer.runs.latest()
    if latest is not None and latest.started_at == now:  # it ended, and then the simulation did
        return latest.state
    outcome = retrainer.run("simulation")
    if outcome.version is None:
        raise RuntimeError(outcome.sentence)
    return outcome.state


def retrainer_of(
    town: Population, course: LoopOptions, folder: Path, database: Database, now: list[datetime]
) -> tuple[VersionFolder, Retrainer]:
    """The real loop over a store with the town's book; `now` holds the time as it stands."""
    begin, _ = dealt(town, course)
    book = ReplyBook(database)
    if not book.replies():
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
        new_id=lambda: f"run-{now[0]:%Y-%m-%dT%H:%M:%S}",  # one at a time
    )
    return versions, retrainer


def truth_model(town: Population, course: LoopOptions, *, folder: Path) -> MeasuredShares:
    """How a model does that learned every question with its true reply; one in `folder` is it."""
    versions = VersionFolder(folder)
    if not versions.versions():
        train_lines(
            list(town.replies),
            list(town.pool),
            models_dir=folder,
            hyperparameters=replace(course.training, seed=course.seed),
        )
    return _measured(versions.path(versions.versions()[-1]), town.test, None)


def _measured(folder: Path, test: Sequence[QuestionLine], poison: str | None) -> MeasuredShares:
    rankings = LoadedVersion(folder).rank([heard(line) for line in test])
    policy, n = Policy(), max(len(test), 1)
    first = [ranking.candidates[0].reply_id for ranking in rankings]
    right = [said == line.reply_id for said, line in zip(first, test, strict=True)]
    answered = [policy.decide(ranking).kind == "answer" for ranking in rankings]
    both = sum(map(all, zip(right, answered, strict=True)))
    counts = (sum(right), both, sum(answered) - both, first.count(poison or ""))
    return MeasuredShares(*(round(each / n, 5) for each in counts))


def heard(line: QuestionLine) -> str:
    """A question as a model is asked it, behind what was said before it."""
    return from_questions([line])[0].dialogue


def _told(made: Round) -> str:
    return (
        f"{made.retrainings:2} retrainings: version {made.version} ({made.state}),"
        f" {made.examples:,} examples, {made.right:.1%} right; answered {made.answered_right:.1%}"
        f" rightly, {made.answered_wrong:.1%} wrongly".replace("%", " %")
    )
