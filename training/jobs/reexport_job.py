"""Re-export job: publishes the champion again with the current library; new version, no gate.

Safe to call at any time and from several processes: who comes second finds nothing to do, and what
a crash left half-way is gone on with. Where somebody was erased whose words a version learned from,
it is made again without them, whether the library changed or not, and older ones are deleted.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog

from feedback.db import Forgetting, Retraining, RetrainRun
from feedback.knowledge import question_line
from feedback.privacy import ErasureList
from serving.contract import CANARY
from serving.versions import Rollout
from training.data import (
    Library,
    TrainingSources,
    from_examples,
    from_questions,
    lineage,
    made_by,
    outdated,
    read_library,
    said_by_shoppers,
)
from training.fitting import (
    Progress,
    add_history,
    add_lineage,
    build_model_card,
    from_product_examples,
    quietly,
    save,
)
from training.jobs.earlier_version import Learned, read_before
from training.jobs.forgetting import TRAINED_BY, WITHOUT, touched_versions
from training.jobs.reexport import refreshed
from training.jobs.run_folder import RunFolder

LOCK: Final = "refresh.lock"  # next to the versions; it ends with its holder, however that ends
LIBRARY: Final = "reply book"  # the trigger of such runs

log = structlog.get_logger()


class Refreshed(NamedTuple):
    """What came of it; `version` None: there was nothing to do."""

    version: int | None
    sentence: str


class Refresher:
    """Takes what the staff wrote, and what the shop sells, into the model in charge."""

    def __init__(
        self,
        sources: TrainingSources,
        ledger: Retraining,
        rollout: Rollout,
        *,
        clock: Callable[[], datetime],
        progress: Progress = quietly,
        code_version: str | None = None,
        end_trial: Callable[[int], object] = lambda version: None,
    ) -> None:
        """`ledger` keeps what was made; `end_trial` ends a challenger's trial."""
        self.sources = sources
        self.ledger = ledger
        self.erasures = ErasureList(ledger.db)
        self.rollout = rollout
        self.folder = rollout.folder
        self.clock = clock
        self.progress = progress
        self.code_version = code_version
        self.end_trial = end_trial

    def run(self, trigger: str = LIBRARY) -> Refreshed:
        """Make the champion again where its library is not the store's.

        Raises:
            CannotRefresh: the champion was made by an older program; it takes a training.
        """
        with _alone(self.folder.models_dir / LOCK):
            erased = self.erasures.waiting()
            try:
                return self._run(trigger, erased)
            finally:
                self._clean(erased)

    def _run(self, trigger: str, erased: Sequence[Forgetting]) -> Refreshed:
        champion, library = self.rollout.stable(), read_library(self.sources.book.db)
        if champion is None:
            return Refreshed(None, "There is no model yet; make one: shopclerk retrain")
        about = lineage(self.folder.path(champion))
        halves = outdated(about, library)
        if champion in touched_versions(self.folder, erased):
            return self._renew(champion, about, library, halves, trigger, erased)
        if "library" not in about and not halves:
            return Refreshed(
                None,
                f"Version {champion} was made from files, not from this store; to make one of"
                " the store: shopclerk retrain",
            )
        if not halves:
            return Refreshed(None, f"Version {champion} holds the reply book as it is.")
        return self._renew(champion, about, library, halves, trigger)

    def _clean(self, erased: Sequence[Forgetting]) -> None:
        """Let nothing that was made of the words of those erased be there, but for the champion's.

        A champion that could not be made again keeps them waiting: the next call tries again.
        """
        for one in erased:
            for run in one.runs:
                RunFolder(self.folder.models_dir, run).forget_before(one.erased_at)
        touched = touched_versions(self.folder, erased)
        challenger = self.rollout.labels().get(CANARY)
        if challenger in touched:
            self.end_trial(challenger)
        if touched:
            gone = self.rollout.withdraw(touched)
            log.info("erasures.versions_deleted", versions=gone)
        if erased and self.rollout.stable() not in touched:
            self.erasures.cleaned([one.forgetting_id for one in erased], self.clock())

    def _renew(
        self,
        champion: int,
        about: dict[str, Any],
        library: Library,
        halves: list[str],
        trigger: str,
        erased: Sequence[Forgetting] = (),
    ) -> Refreshed:
        run_id = f"refresh-{champion}-{'-'.join(library.digests().values())}"
        if erased:
            run_id += f"-without-{_name_of(erased)}"
        if self.ledger.get(run_id) is not None:
            return Refreshed(
                None, f"Somebody went back from what this would make: version {champion} stays."
            )
        started = self.clock()
        version = self._made_before(run_id)
        if version is None:
            origin = {
                "run_id": run_id,
                "parent": champion,
                "refreshed_from": champion,
                TRAINED_BY: about.get(TRAINED_BY, about.get("run_id")),
                WITHOUT: [one.forgetting_id for one in erased],
                "library": library.digests(),
                "data_hash": about.get("data_hash"),
                "examples": about.get("examples", 0),
                "code_version": self.code_version,
            }
            version = self.folder.publish(
                lambda folder: self._write(folder, champion, library, halves, origin)
            )
        self.progress(0.9, "loading the version")
        if not self.rollout.renew(version, champion):
            return Refreshed(None, f"Version {champion} was replaced meanwhile.")
        told = " and ".join([*halves, *(["words"] if erased else [])])
        self.ledger.record(
            RetrainRun(
                run_id=run_id,
                state="promoted",
                stage="done",
                trigger=trigger,
                parent_version=champion,
                version=version,
                examples=about.get("examples", 0),
                data_hash=about.get("data_hash"),
                code_version=self.code_version,
                reason=f"the {told} of now, with the same weights",
                started_at=started,
                finished_at=self.clock(),
            )
        )
        log.info("library.refreshed", version=version, champion=champion, changed=halves)
        return Refreshed(
            version,
            f"Version {version} answers now: the weights of version {champion} with the {told}"
            " of now.",
        )

    def _made_before(self, run_id: str) -> int | None:
        """The version a worker published before it died."""
        for version in reversed(self.folder.versions()):
            if made_by(self.folder.path(version), run_id):
                return version
        return None

    def _write(
        self,
        folder: Path,
        champion: int,
        library: Library,
        halves: list[str],
        origin: dict[str, Any],
    ) -> None:
        self.progress(0.1, "reading the model")
        before = read_before(self.folder.path(champion))
        fitted = refreshed(
            before,
            library,
            from_questions(map(question_line, self.sources.book.questions())),
            from_product_examples(self.sources.gather_products()),
            self._learned(),
            products_changed="products" in halves,
            progress=self.progress,
        )
        self.progress(0.5, "writing the version")
        scores = lineage(before.folder)["scores"]
        card = build_model_card(fitted, examples=origin["examples"], scores=scores)
        save(fitted, folder, scores=scores, card=card)
        add_lineage(folder, origin)
        add_history(folder, origin)

    def _learned(self) -> Learned:
        examples = self.sources.gather().examples
        return Learned(from_examples(examples), said_by_shoppers(examples))


def _name_of(erased: Sequence[Forgetting]) -> str:
    ids = sorted(one.forgetting_id for one in erased)
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time; others wait for it, since what they want is what it makes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
