"""Retraining: collect, train, evaluate, gate, export, canary, decide.

Read it top to bottom. Each stage may be killed at any moment and is gone on with by anyone who asks
next, from what it left: data and draft lie in the run's folder, everything else in the ledger.
Whatever goes wrong before the last stage, the champion keeps serving, and the run says at which
stage it failed and why.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple

import structlog

from feedback.db import RUN_IN_PROGRESS, Claim, Retraining, RetrainRun, Runs
from serving.versions import Rollout
from training.data import TrainingSources
from training.fitting import Progress, quietly
from training.jobs import (
    LEASE,
    LostRun,
    RetrainOptions,
    RunEnded,
    RunFolder,
    RunWaits,
    Stages,
    held,
    is_gone,
    worker_name,
)

State = Literal["promoted", "refused", "failed", "rolled_back", "kept", "trial", "waiting", "busy"]

log = structlog.get_logger()


class RetrainOutcome(NamedTuple):
    """What one retraining came to; `sentence` is for people.

    `trial`: the challenger has come before some of the shoppers; `waiting`: it is there still;
    `busy`: another worker has it.
    """

    run_id: str
    state: State
    version: int | None  # the one that answers now
    sentence: str
    scores: dict[str, Any]


class StageGivenUp(Exception):
    """So many workers died of one stage that it is broken itself."""

    def __init__(self, stage: str) -> None:
        """Name the stage."""
        super().__init__(
            f"every worker died at the stage {stage!r}; memory may be short"
            " (SHOPCLERK_TRAIN_MEMORY_MB, the machine's own)"
        )


class Retrainer:
    """Makes a better model out of what people accepted, or leaves things as they are."""

    def __init__(
        self,
        sources: TrainingSources,
        runs: Runs,
        rollout: Rollout,
        options: RetrainOptions | None = None,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        progress: Progress = quietly,
    ) -> None:
        """Without a trial among the `options` what passes the gate is promoted at once."""
        self.runs = runs
        self.ledger = Retraining(runs.db)
        self.rollout = rollout
        self.clock = clock
        self.new_id = new_id
        self.owner = worker_name(new_id())
        self.stages = Stages(
            sources,
            self.ledger,
            rollout,
            options or RetrainOptions(),
            clock=clock,
            progress=progress,
        )

    def run(self, trigger: str) -> RetrainOutcome:
        """A whole retraining, or the rest of one whose worker died; failing is an outcome too."""
        run = self.ledger.open(self.new_id(), trigger, self.clock(), self.rollout.stable())
        log.info("retrain.started", run_id=run.run_id, trigger=run.trigger, stage=run.stage)
        return self._work(run)

    def go_on(self) -> RetrainOutcome | None:
        """What there is to do of a retraining that is open; None where there is none."""
        run = self.ledger.unfinished()
        return None if run is None else self._work(run)

    def _work(self, run: RetrainRun) -> RetrainOutcome:
        """Stage after stage, until the run ends, waits, or is another's."""
        place = RunFolder(self.rollout.folder.models_dir, run.run_id)
        while True:
            claim = self._claim(run)
            if claim is None:
                return self._not_ours(run, place)
            try:
                with held(self.runs, claim, LEASE, self.clock):
                    came = self.stages.take(run, place)
            except LostRun:
                return self._busy(run)
            except Exception as error:
                self.runs.finish(claim, ok=False, note=f"{type(error).__name__}: {error}")
                return self._failed(run, place, error)
            except BaseException:
                self.runs.release(claim)  # stopped, not broken: the same command goes on here
                raise
            if isinstance(came, RunWaits):
                self.runs.release(claim)
                return self._told(run, "trial" if came.begun else "waiting", came.sentence)
            self.runs.finish(claim, ok=True)
            if isinstance(came, RunEnded):
                place.clear()
                log.info("retrain.ended", run_id=run.run_id, state=run.state, version=run.version)
                return self._told(run, came.state, came.sentence)

    def _claim(self, run: RetrainRun) -> Claim | None:
        """The right to do the run's stage, unless somebody else has it."""
        job, now = f"retrain.{run.stage}", self.clock()
        return self.runs.claim(job, run.started_at, self.owner, LEASE, now, is_gone=is_gone)

    def _not_ours(self, run: RetrainRun, place: RunFolder) -> RetrainOutcome:
        if self.runs.given_up(f"retrain.{run.stage}", run.started_at, self.clock()):
            return self._failed(run, place, StageGivenUp(run.stage))
        return self._busy(run)

    def _busy(self, run: RetrainRun) -> RetrainOutcome:
        doing = f", {run.doing}" if run.doing else ""
        return self._told(
            run, "busy", f"A retraining is running already (stage {run.stage}{doing})."
        )

    def _failed(self, run: RetrainRun, place: RunFolder, error: Exception) -> RetrainOutcome:
        reason = f"{type(error).__name__}: {error}"
        log.error("retrain.failed", run_id=run.run_id, stage=run.stage, exc_info=error)
        if run.state == RUN_IN_PROGRESS:
            self.ledger.finish(run, "failed", self.clock(), reason=reason)
        place.clear()
        champion = self.rollout.stable()
        serving = (
            "There is still no model" if champion is None else f"Version {champion} keeps answering"
        )
        return self._told(run, "failed", f"{serving}: retraining failed ({error}).")

    def _told(self, run: RetrainRun, state: State, sentence: str) -> RetrainOutcome:
        return RetrainOutcome(run.run_id, state, self.rollout.stable(), sentence, dict(run.scores))
