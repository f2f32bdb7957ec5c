"""Builds what runs next to the bot: retraining, the library's refresh, and the schedule."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog

from feedback.actions import ActionLabels
from feedback.db import Database, Period, Retraining, RetrainRun, Runs
from feedback.knowledge import Catalogue, Passages, ReplyBook
from feedback.privacy import ErasureList
from feedback.report import accepted_since, read_drift
from serving.errors import ServingError
from shopclerk.settings import Settings
from shopclerk.wiring.base import keep_erasures, new_id, utc_now
from shopclerk.wiring.code_version import code_version
from shopclerk.wiring.hidden_names import (
    log_without_names,
    names_of,
    texts_without_names,
    without_names,
)
from shopclerk.wiring.knowledge import (
    EVERY_S as LOOK_SOURCES_S,
    VECTORS_S,
    PassageVectors,
    WaitingSources,
)
from shopclerk.wiring.model import build_rollout
from shopclerk.wiring.model_requests import EVERY_S, ModelRequestRunner
from shopclerk.wiring.processes import run_command, run_job
from shopclerk.wiring.shops import build_shops
from shopclerk.wiring.trials import build_trial, build_trials

if TYPE_CHECKING:
    from training.data import TrainingSources
    from training.jobs import LibraryWatch, Refresher, Scheduler
    from training.retrain import Retrainer

TRIGGERS_CRON: Final = "41 * * * *"  # each hour, apart from the hours people choose
JUDGED_SINCE: Final = timedelta(days=90)  # of verdicts: what is asked changes with the seasons
REST: Final = timedelta(hours=12)  # between trainings that nobody asked for by hand
INSTALLED: Final = "installed"  # the teacher of this environment, not of another Python
RESUME_S: Final = 60.0  # between looks for a retraining whose worker died
TRIAL_EVERY: Final = 30  # of those looks, between looks at a trial: each loads TensorFlow

log = structlog.get_logger()


def build_retrainer(settings: Settings, database: Database, progress: Any) -> "Retrainer":
    """One retraining; this process loads TensorFlow."""
    from shopclerk.wiring.clerk import clerks_acts
    from training.jobs import RetrainOptions
    from training.retrain import Retrainer

    options = RetrainOptions(
        teacher=teacher_python(settings),
        behave=clerks_acts(settings),
        trial=build_trial(settings, database),
        code_version=code_version(),
    )
    return Retrainer(
        build_sources(settings, database),
        Runs(database),
        build_rollout(settings),
        options,
        clock=utc_now,
        new_id=new_id,
        progress=progress,
    )


def build_refresher(settings: Settings, database: Database, progress: Any) -> "Refresher":
    """The champion with the library of now; this process loads TensorFlow."""
    from training.jobs import Refresher

    return Refresher(
        build_sources(settings, database),
        Retraining(database),
        build_rollout(settings),
        clock=utc_now,
        progress=progress,
        code_version=code_version(),
        end_trial=lambda version: build_trials(settings, database).decide(
            version, "keep", "an erasure", utc_now()
        ),
    )


def build_sources(settings: Settings, database: Database) -> "TrainingSources":
    """What a model learns from: the store, read by the shop's windows."""
    from feedback.signals import (
        collect_product_examples,
        count_unfit,
        gather,
        read_asked,
        read_log,
        read_page_lessons,
        read_unlabelled,
    )
    from training.data import TrainingSources

    direct, assisted = settings.direct_window, settings.assisted_window
    return TrainingSources(
        ReplyBook(database),
        gather=lambda: without_names(
            gather(database, now=utc_now(), direct_window=direct, assisted_window=assisted),
            names_of(database),
        ),
        gather_products=lambda: collect_product_examples(
            database, now=utc_now(), direct_window=direct
        ),
        read_log=lambda: log_without_names(
            read_log(database, now=utc_now(), direct_window=direct, assisted_window=assisted),
            names_of(database),
        ),
        count_unfit=lambda: count_unfit(database, Period(utc_now() - JUDGED_SINCE, utc_now())),
        read_asked=lambda: texts_without_names(
            read_asked(database, Period(utc_now() - JUDGED_SINCE, utc_now())), names_of(database)
        ),
        read_messages=lambda: read_unlabelled(database, now=utc_now()),
        read_pages=lambda: [
            sentence
            for passage in Passages(database).changed_since(None)
            for sentence in passage.sentences
        ],
        read_page_lessons=lambda: read_page_lessons(database),
        gather_wishes=ActionLabels(database).lessons,
    )


def teacher_python(settings: Settings) -> Path | None:
    """The Python whose teachers read the shop's own texts; None: nobody reads them."""
    named = settings.teacher
    if named is None:
        return None
    return Path(sys.executable if named == INSTALLED else named)


def build_scheduler(settings: Settings, database: Database) -> "Scheduler":
    """The schedule; each job is a process of its own, so that its memory is given back."""
    from training.jobs import LOOK_S, Poller, ScheduledJob, Scheduler

    jobs = {
        "retrain": ScheduledJob(
            settings.retrain_cron, partial(run_job, "retrain", "--trigger", "schedule")
        ),
        "triggers": ScheduledJob(TRIGGERS_CRON, lambda: retrain_for_a_reason(settings, database)),
        "report": ScheduledJob(
            settings.report_cron, partial(run_job, "report", "--last-week", "--post")
        ),
        "review": ScheduledJob(settings.review_cron, partial(run_job, "review")),
        "propose": ScheduledJob(settings.propose_cron, partial(run_job, "propose")),
        "tidy": ScheduledJob(settings.tidy_cron, partial(run_job, "tidy")),
        "knowledge": ScheduledJob(
            settings.knowledge_cron, partial(run_job, "import", "knowledge", "--skip-bad")
        ),
    }
    if settings.backup_dir is not None:
        jobs["backup"] = ScheduledJob(settings.backup_cron, partial(run_job, "backup"))
    if build_shops(settings):
        jobs["reconcile"] = ScheduledJob(settings.reconcile_cron, partial(run_job, "reconcile"))
    return Scheduler(
        jobs,
        Runs(database),
        owner=new_id(),
        clock=utc_now,
        zone=settings.time_zone,
        lookouts=[
            Poller("erasures", partial(keep_erasures, settings, database), every_s=LOOK_S),
            Poller("library", build_library_watch(settings, database).look, every_s=LOOK_S),
            Poller("passages", PassageVectors(settings, database).look, every_s=VECTORS_S),
            Poller("sources", WaitingSources(database).look, every_s=LOOK_SOURCES_S),
            Poller("model", ModelRequestRunner(settings, database).look, every_s=EVERY_S),
            Poller("open-turn", ResumeRetraining(database).look, every_s=RESUME_S),
        ],
    )


def build_library_watch(settings: Settings, database: Database) -> "LibraryWatch":
    """Sees that the reply book or the catalogue is no longer the champion's."""
    from training.data import lineage, outdated, read_library
    from training.jobs import LibraryWatch

    book, catalogue = ReplyBook(database), Catalogue(database)
    rollout = build_rollout(settings)
    erasures = ErasureList(database)

    def is_outdated() -> bool:
        if erasures.waiting():
            return True
        champion = rollout.stable()
        if champion is None or book.is_empty():
            return False
        try:
            about = lineage(rollout.folder.path(champion))
        except (OSError, ValueError, ServingError):
            return False
        return bool(outdated(about, read_library(database)))

    def refresh() -> None:
        if run_command("refresh"):
            # A champion of an older program says too little of itself: then it takes a training.
            run_command("retrain", "--trigger", "reply book")

    return LibraryWatch(
        stamp=lambda: (
            book.replies_stamp(),
            catalogue.stamp(),
            rollout.stable(),
            erasures.count(),
        ),
        is_outdated=is_outdated,
        refresh=refresh,
        monotonic=time.monotonic,
    )


class ResumeRetraining:
    """Goes on with a retraining whose worker died, and looks at trials from time to time."""

    def __init__(self, database: Database, run: Callable[..., int] | None = None) -> None:
        """`run` runs one of our commands; by default in a process of its own."""
        self.ledger = Retraining(database)
        self.runs = Runs(database)
        self._run = run or run_command
        self._looks = 0

    def look(self) -> bool:
        """One look; True: a worker was started."""
        from training.jobs import is_gone

        run = self.ledger.unfinished()
        self._looks += 1
        if run is None or (run.trial_since and self._looks % TRIAL_EVERY):
            return False
        if not self.runs.is_free(f"retrain.{run.stage}", run.started_at, utc_now(), is_gone):
            return False
        self._run("retrain", "--resume", "--background")
        return True


def retrain_for_a_reason(settings: Settings, database: Database) -> str | None:
    """Retrain where much was accepted, or shoppers ask otherwise; returns why, None: no reason."""
    reason = reason_to_retrain(settings, database)
    if reason is not None:
        log.info("retrain.wanted", reason=reason)
        run_job("retrain", "--trigger", reason)
    return reason


def reason_to_retrain(settings: Settings, database: Database) -> str | None:
    """Why a training is due though nobody asked for it; None: it is not."""
    now = utc_now()
    trained = _last_training(database)
    if trained is None or trained.data_until is None or trained.started_at > now - REST:
        return None  # the first is made by `up`; and one a day was enough for any shop so far
    if settings.retrain_after:
        window = settings.assisted_window
        accepted = accepted_since(database, trained.data_until, window=window)
        if accepted >= settings.retrain_after:
            return f"{accepted} accepted dialogues"
    if settings.retrain_on_drift:
        found = read_drift(database, learned_at=trained.data_until, now=now)
        if found is not None and found.reasons:
            return f"drift: {'; '.join(found.reasons)}"
    return None


def _last_training(database: Database) -> RetrainRun | None:
    """The newest run that read data: those that only took in the library did not."""
    return next((run for run in Runs(database).all(100) if run.data_until), None)
