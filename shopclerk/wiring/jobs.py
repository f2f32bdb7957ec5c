"""What runs beside the bot: one turn of the loop, and the schedule of commands."""

import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from feedback.book import Book
from feedback.database import Database
from feedback.runs import Runs
from shopclerk.settings import Settings, child_environment
from shopclerk.wiring.base import new_id, utc_now
from shopclerk.wiring.model import build_rollout, version_folder
from shopclerk.wiring.shops import build_shops

if TYPE_CHECKING:
    from training.retrain import Retrainer
    from training.schedule import Scheduler


class JobFailed(Exception):
    """A scheduled command ended with an error; its own lines say why."""

    def __init__(self, command: str, code: int) -> None:
        """Name the command."""
        super().__init__(f"shopclerk {command} ended with exit code {code}; see its lines above.")


def build_retrainer(settings: Settings, database: Database, progress: Any) -> "Retrainer":
    """One turn of the loop; this process loads TensorFlow."""
    from feedback.bought_examples import product_examples
    from feedback.examples import collect
    from training.retrain import Retrainer

    return Retrainer(
        book=Book(database),
        runs=Runs(database),
        collect=lambda: collect(
            database,
            now=utc_now(),
            direct_window=settings.direct_window,
            assisted_window=settings.assisted_window,
        ),
        collect_chosen=lambda: product_examples(
            database, now=utc_now(), direct_window=settings.direct_window
        ),
        folder=version_folder(settings),
        rollout=build_rollout(settings),
        clock=utc_now,
        new_id=new_id,
        progress=progress,
    )


def build_scheduler(settings: Settings, database: Database) -> "Scheduler":
    """The schedule; each job is a process of its own, so that its memory is given back."""
    from training.schedule import Job, Scheduler

    jobs = {
        "retrain": Job(
            settings.retrain_cron, partial(_run_job, "retrain", "--trigger", "schedule")
        ),
        "report": Job(settings.report_cron, partial(_run_job, "report", "--last-week", "--post")),
        "review": Job(settings.review_cron, partial(_run_job, "review")),
        "tidy": Job(settings.tidy_cron, partial(_run_job, "tidy")),
    }
    if settings.backup_dir is not None:
        jobs["backup"] = Job(settings.backup_cron, partial(_run_job, "backup"))
    if build_shops(settings):
        jobs["reconcile"] = Job(settings.reconcile_cron, partial(_run_job, "reconcile"))
    return Scheduler(jobs, Runs(database), owner=new_id(), clock=utc_now, zone=settings.time_zone)


def run_command(*arguments: str) -> int:
    """Run one of our commands in a process of its own; returns its exit code."""
    command = [sys.executable, "-m", "shopclerk", *arguments]
    done = subprocess.run(
        command, env=dict(child_environment()), stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode


def _run_job(*arguments: str) -> None:
    if code := run_command(*arguments):
        raise JobFailed(arguments[0], code)
