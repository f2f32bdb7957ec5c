"""One turn of the loop: collect, train, compare with the champion, publish, promote, say so.

Read it top to bottom. Whatever goes wrong before the last step, the champion keeps serving, and
the run says at which step it failed and why.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import structlog

from feedback.book import Book
from feedback.bought_examples import ProductExample
from feedback.examples import Example
from feedback.lines import ReplyLine
from feedback.logged import Logged
from feedback.runs import Runs
from serving.rollout import Rollout
from serving.versions import VersionFolder
from training import warm
from training.comparing import Behave, Compared, compare_versions
from training.config import ModelConfig, TrainConfig
from training.course import Progress
from training.fitting import Fit, fit_model, quietly
from training.gate import Part, Verdict
from training.pairs import Pair, from_examples
from training.products import from_catalogue, from_product_examples
from training.snapshot import Snapshot, take_snapshot

State = Literal["promoted", "refused", "failed"]
QUESTION: Final = "question"  # the signal of what the staff labelled, not what shoppers accepted
OLDEST: Final = datetime.min.replace(tzinfo=UTC)

log = structlog.get_logger()


class RetrainOutcome(NamedTuple):
    """What one turn came to; `sentence` is for people."""

    run_id: str
    state: State
    version: int | None  # the one that answers now
    sentence: str
    scores: dict[str, Any]


class Retrainer:
    """Makes a better model out of what people accepted, or leaves things as they are."""

    def __init__(
        self,
        *,
        book: Book,
        runs: Runs,
        collect: Callable[[], Sequence[Example]],
        collect_chosen: Callable[[], Sequence[ProductExample]] = tuple,
        folder: VersionFolder,
        rollout: Rollout,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        progress: Progress = quietly,
        pinned: Sequence[Pair] = (),
        read_log: Callable[[], Sequence[Logged]] = tuple,
        behave: Behave | None = None,
        model: ModelConfig | None = None,
        train: TrainConfig | None = None,
        seed: int = 1,
    ) -> None:
        self.book = book
        self.runs = runs
        self.collect = collect
        self.collect_chosen = collect_chosen
        self.folder = folder
        self.rollout = rollout
        self.clock = clock
        self.new_id = new_id
        self.progress = progress
        self.pinned = list(pinned)
        self.read_log = read_log
        self.behave = behave
        self.model = model
        self.train = train
        self.seed = seed

    def run(self, trigger: str) -> RetrainOutcome:
        """One whole turn; a failure is an outcome, recorded and told, not an exception."""
        run_id = self.new_id()
        champion = self.rollout.stable()
        self.runs.start(run_id, trigger, self.clock(), champion)
        log.info("retrain.started", run_id=run_id, trigger=trigger, champion=champion)
        try:
            return self._run(run_id, champion)
        except BaseException as error:
            reason = f"{type(error).__name__}: {error}"
            self.runs.finish_run(run_id, "failed", self.clock(), reason=reason)
            log.exception("retrain.failed", run_id=run_id)
            if not isinstance(error, Exception):
                raise
            return RetrainOutcome(run_id, "failed", champion, _failed(champion, error), {})

    def _run(self, run_id: str, champion: int | None) -> RetrainOutcome:
        data = self._snapshot()
        parent = None if champion is None else self.folder.path(champion)
        counted = len(data.learn)
        self.runs.stage(run_id, "train", examples=counted, data_hash=data.digest)
        fit = fit_model(
            data.replies,
            data.learn,
            model=self.model,
            train=self.train,
            products=from_catalogue(self.book.products()),
            chosen=from_product_examples(self.collect_chosen()),
            parent=parent,
            seed=self.seed,
            progress=self.progress,
        )
        self.runs.stage(run_id, "evaluate", scores=fit.scores)
        # Judged as a server would load it, before it has a number: what is refused never existed.
        with tempfile.TemporaryDirectory(prefix="challenger-") as draft:
            fit.write(Path(draft))
            compared = self._compare(Path(draft), parent, data)
            verdict = compared.judge() if compared else Verdict(True, ("the first",))
            parts = [*compared.parts, *compared.groups] if compared else []
            scores = {
                **fit.scores,
                "parts": {part.name: part._asdict() for part in parts},
                "verdict": verdict.as_json(),
                "off_policy": compared.predicted() if compared else {},
            }
            if not verdict.promote:
                return self._refuse(run_id, champion, verdict, scores)
            self.runs.stage(run_id, "export", scores=scores)
            version = self.folder.publish(
                lambda folder: _move_into(Path(draft), folder, data, champion)
            )
        self.runs.stage(run_id, "promote", version=version)
        self.rollout.promote(version)
        sentence = _promoted(version, champion, parts, fit, self._new_pairs(parent, data))
        reason = "; ".join(verdict.reasons)
        self.runs.finish_run(run_id, "promoted", self.clock(), reason=reason, version=version)
        log.info("retrain.promoted", run_id=run_id, version=version, champion=champion)
        return RetrainOutcome(run_id, "promoted", version, sentence, scores)

    def _snapshot(self) -> Snapshot:
        """Everything there is to learn from, now."""
        replies = [ReplyLine(row.reply_id, row.text, row.locale) for row in self.book.replies()]
        examples = sorted(self.collect(), key=lambda example: example.at or OLDEST)
        questions = [example for example in examples if example.signal == QUESTION]
        accepted = [example for example in examples if example.signal != QUESTION]
        return take_snapshot(replies, from_examples(questions), from_examples(accepted))

    def _compare(self, challenger: Path, champion: Path | None, data: Snapshot) -> Compared | None:
        """Both answer the held-out questions; without a champion nobody is compared with."""
        if champion is None:
            return None
        return compare_versions(
            challenger,
            champion,
            [pair for pair in data.held_out if not pair.is_null],
            newest=data.newest,
            pinned=[*self.pinned, *(pair for pair in data.learn if pair.pinned)],
            log=self.read_log(),
            behave=self.behave,
        )

    def _refuse(
        self, run_id: str, champion: int | None, verdict: Verdict, scores: dict[str, Any]
    ) -> RetrainOutcome:
        reason = "; ".join(verdict.reasons)
        self.runs.finish_run(run_id, "refused", self.clock(), reason=reason, scores=scores)
        log.info("retrain.refused", run_id=run_id, champion=champion, reason=reason)
        told = f"Version {champion} keeps answering: the new model was worse ({reason})."
        return RetrainOutcome(run_id, "refused", champion, told, scores)

    def _new_pairs(self, parent: Path | None, data: Snapshot) -> int:
        """How many more pairs there are than the champion learned from."""
        known = 0 if parent is None else warm.lineage(parent).get("examples", 0)
        return max(0, len(data.learn) - known)


def _move_into(draft: Path, folder: Path, data: Snapshot, champion: int | None) -> None:
    shutil.copytree(draft, folder, dirs_exist_ok=True)
    about = {"examples": len(data.learn), "data_hash": data.digest, "parent": champion}
    warm.add_lineage(folder, about)


def _promoted(version: int, champion: int | None, parts: list[Part], fit: Fit, new: int) -> str:
    if champion is None:
        return (
            f"Version {version} answers now, the first model: it learned {fit.examples:,}"
            f" questions and accepted dialogues for {len(fit.fitted.reply_ids)} replies."
        )
    everything = parts[0]
    return (
        f"Version {version} answers now: it learned from {new:,} more questions and accepted"
        f" dialogues ({fit.examples:,} in all) and gets {100 * everything.challenger:.1f} % of"
        f" {everything.n} held-out questions right; version {champion} got"
        f" {100 * everything.champion:.1f} %."
    )


def _failed(champion: int | None, error: Exception) -> str:
    serving = (
        "There is still no model" if champion is None else f"Version {champion} keeps answering"
    )
    return f"{serving}: retraining failed ({error})."
