"""Idempotent stages of a retraining: each may be done twice, and leaves the same."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from feedback.db import Retraining, RetrainRun
from feedback.signals import Example, Gathered, JudgedMessages, ProductExample
from serving.versions import Rollout
from training.data import (
    Library,
    TrainingSources,
    from_examples,
    lineage,
    made_by,
    read_library,
    said_by_shoppers,
    take_snapshot,
)
from training.evaluation import (
    Behave,
    CanaryTrial,
    Comparison,
    GateQuestions,
    Verdict,
    VersionComparison,
    compare_versions,
)
from training.fitting import (
    Checkpoint,
    Progress,
    TrainingData,
    add_history,
    add_lineage,
    fit_model,
    from_product_examples,
)
from training.jobs.run_folder import RunData, RunFolder, sweep
from training.model import Hyperparameters

QUESTION: Final = "question"  # the signal of what the staff labelled, not what shoppers accepted
OLDEST: Final = datetime.min.replace(tzinfo=UTC)
SHOWN_TOPICS: Final = 5  # of those with examples over the cap
NOTED_EVERY: Final = 2.0  # seconds: progress that people look at, not a write for every batch


class LostRun(Exception):
    """The run stands elsewhere than its worker thinks: another has it, or it begins again."""


class RunEnded(NamedTuple):
    """The run is over."""

    state: Literal["promoted", "refused", "rolled_back", "kept"]
    sentence: str


class RunWaits(NamedTuple):
    """The run goes on another time; `begun`: the trial has begun just now."""

    sentence: str
    begun: bool = False


Came = RunEnded | RunWaits | None  # None: the next stage


@dataclass(frozen=True)
class RetrainOptions:
    """How a retraining fits its model, and what judges it."""

    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    behave: Behave | None = None  # the clerk's acts for a ranking; None: the log is not asked
    trial: CanaryTrial | None = None  # None: what passes the gate is promoted at once
    code_version: str | None = None


class Stages:
    """The work of a retraining; `take` does the stage that the run stands at."""

    def __init__(
        self,
        sources: TrainingSources,
        ledger: Retraining,
        rollout: Rollout,
        options: RetrainOptions,
        *,
        clock: Callable[[], datetime],
        progress: Progress,
        pace: Callable[[], float] = time.monotonic,
    ) -> None:
        """See `training.retrain.Retrainer`."""
        self.sources = sources
        self.ledger = ledger
        self.rollout = rollout
        self.folder = rollout.folder
        self.options = options
        self.clock = clock
        self.progress = progress
        self._pace = pace
        # By the stage a run stands at, in their order; "done" has no work.
        self._stages: Final[Mapping[str, Callable[[RetrainRun, RunFolder], Came]]] = {
            "collect": self._collect,
            "train": self._train,
            "evaluate": self._evaluate,
            "gate": self._gate,
            "export": self._export,
            "canary": self._canary,
            "decide": self._decide,
        }

    def take(self, run: RetrainRun, place: RunFolder) -> Came:
        """Do the stage `run` stands at.

        Raises:
            LostRun: the run stands elsewhere by now.
        """
        return self._stages[run.stage](run, place)

    def _collect(self, run: RetrainRun, place: RunFolder) -> Came:
        """Everything there is to learn from, now, into the run's folder."""
        place.clear()
        sweep(self.folder.models_dir, keep=run.run_id)
        now, library = self.clock(), read_library(self.sources.book.db)
        gathered = self.sources.gather()
        examples = sorted(gathered.examples, key=lambda example: example.at or OLDEST)
        chosen = list(self.sources.gather_products())
        questions = [example for example in examples if example.signal == QUESTION]
        accepted = [example for example in examples if example.signal != QUESTION]
        data = take_snapshot(library.replies, from_examples(questions), from_examples(accepted))
        counts = {**_counts(examples, chosen, library), **_left_out(gathered)}
        place.keep(
            RunData(
                replies=data.replies,
                products=list(library.products),
                chosen=from_product_examples(chosen),
                learn=data.learn,
                frozen=data.frozen,
                newest=data.newest,
                said=said_by_shoppers(examples),
                about={
                    "digest": data.digest,
                    "library": library.digests(),
                    "counts": counts,
                    "judged": list(self.sources.count_unfit()),
                },
            )
        )
        shoppers = [one for example in examples for one in example.shoppers]
        self.ledger.learned_from(run, [*shoppers, *(one.shopper_id for one in chosen)])
        self._advance(
            run,
            "train",
            examples=len(data.learn),
            data_hash=data.digest,
            data_from=min((one.at for one in examples if one.at), default=None),
            data_until=now,
            counts=counts,
            code_version=self.options.code_version,
            config=_config(self.options.hyperparameters),
            seed=self.options.hyperparameters.seed,
        )
        return None

    def _train(self, run: RetrainRun, place: RunFolder) -> Came:
        """From the parent's weights to a draft; one that was written already is taken."""
        if not place.draft.exists():
            data = place.data()
            fit = fit_model(
                TrainingData(
                    data.replies,
                    data.learn,
                    products=data.products,
                    chosen=data.chosen,
                    vouched=data.said,
                    judged=[JudgedMessages(*each) for each in data.about.get("judged", ())],
                ),
                self.options.hyperparameters,
                parent=self._parent(run),
                progress=self._noting(run),
                backup=Checkpoint(place.backup),
            )
            if not self.ledger.stands(run):  # somebody was erased, whose words this learned
                raise LostRun
            place.keep_draft(fit.write)
        about = lineage(place.draft)
        config = {"model": about["model"], "train": about["train"]}
        self._advance(run, "evaluate", scores=about["scores"], config=config)
        return None

    def _evaluate(self, run: RetrainRun, place: RunFolder) -> Came:
        """Both answer the held-out questions; without a champion nobody is compared with."""
        compared = self._compare(place.draft, self._parent(run), place.data())
        verdict = compared.judge() if compared else Verdict(True, ("the first",))
        parts = [*compared.parts, *compared.groups, *compared.served] if compared else []
        scores = {
            **run.scores,
            "parts": {part.name: part._asdict() for part in parts},
            "verdict": verdict.as_json(),
            "off_policy": compared.predicted() if compared else {},
        }
        self._advance(run, "gate", scores=scores)
        return None

    def _gate(self, run: RetrainRun, place: RunFolder) -> Came:
        """Whether the draft may become a version: what is refused never existed."""
        verdict = Verdict.from_json(run.scores["verdict"])
        reason = "; ".join(verdict.reasons)
        if verdict.promote:
            self._advance(run, "export", reason=reason)
            return None
        self._finish(run, "refused", reason=reason)
        champion = self.rollout.stable()
        return RunEnded(
            "refused", f"Version {champion} keeps answering: the new model was worse ({reason})."
        )

    def _export(self, run: RetrainRun, place: RunFolder) -> Came:
        """A number, a card and a signature; published already under this run, it is taken."""
        version = self._published(run)
        if version is None:
            version = self.folder.publish(lambda folder: self._fill(folder, run, place))
        self._advance(run, "canary", version=version)
        return None

    def _canary(self, run: RetrainRun, _: RunFolder) -> Came:
        """Some shoppers meet it; what they do is waited for, another time."""
        version, champion = _version(run), run.parent_version
        trial = self.options.trial
        if trial is None or champion is None:
            self._advance(run, "decide", decision="promote")
            return None
        if run.trial_since is None:
            self.rollout.canary(version)
            now = self.clock()
            trial.begin(version, champion, now)
            if not self.ledger.note(run, trial_since=now):
                raise LostRun
            return RunWaits(f"Version {version} is on trial with some of the shoppers.", begun=True)
        look = trial.look(version, champion, run.trial_since, self.clock())
        if look.decision is None:
            return RunWaits(f"Version {version} is on trial: {look.reason}.")
        self._advance(run, "decide", decision=look.decision, reason=look.reason)
        return None

    def _decide(self, run: RetrainRun, _: RunFolder) -> Came:
        """Do what was decided; done already, it changes nothing more."""
        version = _version(run)
        champion = self.rollout.stable()
        if run.decision == "promote":
            self.rollout.promote(version)
            self._finish(run, "promoted")
            return RunEnded("promoted", self._promoted(run))
        self.rollout.canary(None)
        state: Literal["rolled_back", "kept"] = (
            "rolled_back" if run.decision == "roll_back" else "kept"
        )
        self._finish(run, state)
        told = "did harm" if state == "rolled_back" else "made no difference"
        return RunEnded(
            state,
            f"Version {champion} keeps answering: on trial version {version} {told}"
            f" ({run.reason}).",
        )

    def _advance(self, run: RetrainRun, stage: str, **known: Any) -> None:
        if not self.ledger.advance(run, stage, **known):
            raise LostRun

    def _finish(self, run: RetrainRun, state: str, **known: Any) -> None:
        if not self.ledger.finish(run, state, self.clock(), **known):
            raise LostRun

    def _parent(self, run: RetrainRun) -> Path | None:
        return None if run.parent_version is None else self.folder.path(run.parent_version)

    def _compare(
        self, challenger: Path, champion: Path | None, data: RunData
    ) -> VersionComparison | None:
        if champion is None:
            return None
        return compare_versions(
            challenger,
            champion,
            GateQuestions(
                held_out=[pair for pair in [*data.frozen, *data.newest] if not pair.is_null],
                newest=data.newest,
                labelled=[*data.learn, *data.frozen],
                pinned=[*self.sources.pinned, *(pair for pair in data.learn if pair.pinned)],
            ),
            log=self.sources.read_log(),
            behave=self.options.behave,
        )

    def _published(self, run: RetrainRun) -> int | None:
        """The version this run made before its worker died."""
        for version in reversed(self.folder.versions()):
            if made_by(self.folder.path(version), run.run_id):
                return version
        return None

    def _fill(self, folder: Path, run: RetrainRun, place: RunFolder) -> None:
        shutil.copytree(place.draft, folder, dirs_exist_ok=True)
        about = {
            "run_id": run.run_id,
            "parent": run.parent_version,
            "examples": run.examples,
            "data_hash": run.data_hash,
            "data_from": run.data_from.isoformat() if run.data_from else None,
            "data_until": run.data_until.isoformat() if run.data_until else None,
            "counts": dict(run.counts),
            "code_version": run.code_version,
            "seed": run.seed,
            "compared": run.scores.get("parts", {}),
            "verdict": run.reason,
            "library": place.data().about["library"],
        }
        add_lineage(folder, about)
        add_history(folder, about)

    def _promoted(self, run: RetrainRun) -> str:
        version, champion = run.version, run.parent_version
        if champion is None:
            replies = len(lineage(self.folder.path(_version(run)))["reply_ids"])
            return (
                f"Version {version} answers now, the first model: it learned {run.examples:,}"
                f" questions and accepted dialogues for {replies} replies."
            )
        known = 0
        if champion in self.folder.versions():
            known = lineage(self.folder.path(champion)).get("examples", 0)
        everything = Comparison(**run.scores["parts"]["all"])
        return (
            f"Version {version} answers now: it learned from {max(0, run.examples - known):,} more"
            f" questions and accepted dialogues ({run.examples:,} in all) and gets"
            f" {100 * everything.challenger:.1f} % of {everything.n} held-out questions right;"
            f" version {champion} got {100 * everything.champion:.1f} %."
        )

    def _noting(self, run: RetrainRun) -> Progress:
        """Tell the caller, and every few seconds anyone who looks at the run from elsewhere."""
        noted = [0.0]

        def tell(share: float, text: str) -> None:
            self.progress(share, text)
            if self._pace() - noted[0] >= NOTED_EVERY:
                noted[0] = self._pace()
                self.ledger.note(run, doing=text, done=round(share, 3))

        return tell


def _version(run: RetrainRun) -> int:
    if run.version is None:
        raise LostRun
    return run.version


def _counts(
    examples: Sequence[Example], chosen: Sequence[ProductExample], library: Library
) -> dict[str, Any]:
    """What the data is made of."""
    return {
        "signals": dict(Counter(example.signal for example in examples)),
        "locales": dict(Counter(example.locale for example in examples)),
        "shoppers": len({one for example in examples for one in example.shoppers}),
        "products_chosen": len(chosen),
        "replies": len({line.reply_id for line in library.replies}),
        "products": len(library.products),
    }


def _left_out(gathered: Gathered) -> dict[str, Any]:
    """How much was not learned, and why; the topics in which most found no place."""
    capped = Counter(gathered.over_cap)
    counted = {
        "in bursts": gathered.burst_votes,
        "contradicting": len(gathered.torn),
        "over a topic's cap": capped.total(),
    }
    found = {"left_out": {why: count for why, count in counted.items() if count}}
    return {**found, "capped_topics": dict(capped.most_common(SHOWN_TOPICS))}


def _config(chosen: Hyperparameters) -> dict[str, Any]:
    return {"model": asdict(chosen.model), "train": asdict(chosen.train)}
