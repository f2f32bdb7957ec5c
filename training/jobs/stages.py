"""Idempotent stages of a retraining: each may be done twice, and leaves the same."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from feedback.db import Retraining, RetrainRun
from feedback.signals import JudgedMessages
from serving.versions import Rollout
from training.data import TrainingSources, lineage, made_by
from training.evaluation import (
    AskedWish,
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
)
from training.heads import HeadWords
from training.jobs.collect import collect
from training.jobs.outcomes import Came, LostRun, RetrainOptions, RunEnded, RunWaits
from training.jobs.run_folder import RunData, RunFolder, sweep
from training.jobs.sentences import promoted
from training.model import Hyperparameters
from training.reader import LessonPages
from training.starter import TaughtTexts, read_own_texts

NOTED_EVERY: Final = 2.0  # seconds: progress that people look at, not a write for every batch


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
        collected = collect(self.sources, self.clock(), teaches=self.options.teacher is not None)
        place.keep(collected.data)
        self.ledger.learned_from(run, collected.shoppers)
        self._advance(
            run,
            "train",
            examples=len(collected.data.learn),
            data_hash=collected.data.about["digest"],
            data_from=collected.since,
            data_until=collected.until,
            counts=collected.data.about["counts"],
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
                    asked=data.about.get("asked", ()),
                    own_texts=self._read_by_teacher(run, place, data),
                    wishes=[HeadWords(*each) for each in data.about.get("wishes", ())],
                    pages=LessonPages.read(data.about.get("pages", {})),
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

    def _read_by_teacher(
        self, run: RetrainRun, place: RunFolder, data: RunData
    ) -> TaughtTexts | None:
        """The shop's own texts and what a teacher says of them; None: no teacher, or too few."""
        tell = self._noting(run)
        return read_own_texts(
            data.texts, self.options.teacher, place.teaching, tell=lambda line: tell(0.0, line)
        )

    def _evaluate(self, run: RetrainRun, place: RunFolder) -> Came:
        """Both answer the held-out questions; without a champion nobody is compared with."""
        compared = self._compare(place.draft, self._parent(run), place.data())
        verdict = compared.judge() if compared else Verdict(True, ("the first",))
        parts = (
            [
                *(*compared.parts, *compared.groups, *compared.served),
                *(*compared.actions, *compared.pages),
            ]
            if compared
            else []
        )
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
            return RunEnded("promoted", promoted(run, self.folder))
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
                wishes=[AskedWish(*each) for each in data.about.get("wishes", ())],
                pages=LessonPages.read(data.about.get("pages", {})),
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


def _config(chosen: Hyperparameters) -> dict[str, Any]:
    return {"model": asdict(chosen.model), "train": asdict(chosen.train)}
