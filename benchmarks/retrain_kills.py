"""Kills a retraining's worker with SIGKILL at every stage; the next one goes on.

    python benchmarks/retrain_kills.py --rounds 10

One round is one retraining. Its workers die at each stage three times: midway (in the
training, which has a middle), when the stage's work is done and not noted yet, and right after it
was noted. After each death the champion still has to answer; at the end there has to be one new
version, promoted once, and nothing left behind. Each worker is a process of its own, forked from
one that has TensorFlow in memory and has not used it.
"""

import argparse
import importlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog

sys.path.insert(0, str(Path(__file__).parents[1]))

from feedback.db.database import Database
from feedback.db.jobs import Runs
from feedback.db.retrain_runs import STAGES, Retraining
from feedback.db.tables.runs import RetrainRun
from feedback.knowledge.importers.records import ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.signals.examples import Example, Gathered
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from serving.versions.rollout_journal import HISTORY
from training.fitting.tensorflow_setup import import_tensorflow
from training.jobs.run_folder import FOLDER

REPLIES = {
    "order_status": "where is my {} order|has my {} parcel left|track my {} delivery",
    "returns": "send back my {} shirt|i want to return a {} hat|refund for the {} shoes",
    "hours": "when do you open on {}|what are your hours on {}|are you closed on {}",
}
FILLERS = ["red", "blue", "green", "black", "white", "grey", "brown", "pink"]
BEGAN = datetime(2026, 11, 25, tzinfo=UTC)


class Dying(Retraining):
    """A ledger whose worker dies at a moment: `train:done`, `train:noted`, …"""

    def __init__(self, db: Database, moment: str) -> None:
        super().__init__(db)
        self.moment = moment

    def die_at(self, moment: str) -> None:
        if moment == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def advance(self, run: RetrainRun, stage: str, **known: Any) -> bool:
        before = run.stage
        self.die_at(f"{before}:done")
        noted = super().advance(run, stage, **known)
        self.die_at(f"{before}:noted")
        return noted

    def finish(self, run: RetrainRun, state: str, now: datetime, **known: Any) -> bool:
        before = run.stage
        self.die_at(f"{before}:done")
        noted = super().finish(run, state, now, **known)
        self.die_at(f"{before}:noted")
        return noted


def moments() -> Iterator[str]:
    """Where workers die in one round; after the last stage is noted nobody is needed."""
    for stage in STAGES:
        if stage == "train":
            yield "train:midway"
        yield f"{stage}:done"
        if stage != STAGES[-1]:
            yield f"{stage}:noted"


def work(folder: Path, number: int, moment: str) -> None:
    """One worker: go on with the run, and die at the moment."""
    from training.data import TrainingSources
    from training.jobs import RetrainOptions
    from training.model import DecoderConfig, Hyperparameters, ModelConfig, TrainConfig
    from training.retrain import Retrainer

    database = Database(f"sqlite:///{folder / 'shop.db'}")
    ledger = Dying(database, moment)

    def progress(share: float, _: str) -> None:
        if share > 0.2:
            ledger.die_at("train:midway")

    retrainer = Retrainer(
        TrainingSources(ReplyBook(database), gather=lambda: Gathered(examples(number))),
        Runs(database),
        Rollout(VersionFolder(folder / "models")),
        RetrainOptions(Hyperparameters(
            ModelConfig(buckets=4_096, width=32, units=24, dimensions=32),
            TrainConfig(
                epochs=6, learning_rate=5e-3, crossed=0,
                decoder=DecoderConfig(vocabulary=200, width=24, units=32, token_budget=2_000),
            ),
        )),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: f"round-{number}-{os.getpid()}",
        progress=progress,
    )  # fmt: skip
    retrainer.ledger = retrainer.stages.ledger = ledger
    outcome = retrainer.run(f"round {number}")
    if outcome.state != "promoted":
        sys.stderr.write(f"{outcome.sentence}\n")
        os._exit(1)


def in_process(folder: Path, number: int, moment: str) -> int:
    """Run a worker in a process of its own; its signal as a negative number, or its exit code."""
    pid = os.fork()
    if pid == 0:
        try:
            work(folder, number, moment)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            os._exit(2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def examples(number: int) -> list[Example]:
    """The shop's questions, and in later rounds some more."""
    asked = [
        (wording.format(filler), reply_id)
        for reply_id, wordings in REPLIES.items()
        for wording in wordings.split("|")
        for filler in [*FILLERS, *(f"new{n}" for n in range(number))]
    ]
    return [
        Example(
            turns=(("shopper", text),),
            reply_id=reply_id,
            weight=1.0,
            at=BEGAN + timedelta(seconds=place),
            shoppers=(f"shopper-{place}",),
        )
        for place, (text, reply_id) in enumerate(asked)
    ]


def one_round(folder: Path, number: int) -> dict[str, int]:
    """A retraining whose workers all die but the last."""
    versions = VersionFolder(folder / "models")
    rollout = Rollout(versions)
    before, there = rollout.stable(), set(versions.numbers())
    deaths = 0
    for moment in moments():
        code = in_process(folder, number, moment)
        assert code == -signal.SIGKILL, f"{moment}: the worker ended with {code}, not killed"
        deaths += 1
        serving = rollout.stable()
        assert serving == before or moment == "decide:done", f"{moment}: {before} → {serving}"
        if serving is not None:
            versions.verify(serving)
    assert in_process(folder, number, "never") == 0
    made = set(versions.numbers()) - there
    assert len(made) == 1, f"round {number} made the versions {made}"
    assert rollout.stable() in made
    left = [one.name for one in (folder / "models" / FOLDER).glob("*")]
    assert not left, f"left behind: {left}"
    return {"deaths": deaths}


def main() -> None:
    """Make a shop, train its first model, and go round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    began = perf_counter()
    # What is printed is one JSON object.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    import_tensorflow(wake=False)
    importlib.import_module("training.retrain")
    with tempfile.TemporaryDirectory(prefix="retrain-kills-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder / 'shop.db'}")
        database.migrate()
        lines = [ReplyLine(one, f"About {one.replace('_', ' ')}.") for one in REPLIES]
        ReplyBook(database).put_replies(lines, BEGAN)
        database.close()  # a fork must not share a connection
        assert in_process(folder, 0, "never") == 0
        deaths = 0
        for number in range(1, options.rounds + 1):
            deaths += one_round(folder, number)["deaths"]
            sys.stderr.write(f"  round {number}: {deaths} deaths so far\n")
        runs = Runs(database).all()
        database.close()
        history = json.loads((folder / "models" / HISTORY).read_text())
    told = {
        "rounds": options.rounds,
        "deaths": deaths,
        "turns": len(runs),
        "promoted": sum(run.state == "promoted" for run in runs),
        "versions": sorted(run.version or 0 for run in runs),
        "history": history,
        "seconds": round(perf_counter() - began, 1),
    }
    assert told["turns"] == told["promoted"] == options.rounds + 1, told
    assert history == sorted(set(history)), history
    print(json.dumps(told))


if __name__ == "__main__":
    main()
