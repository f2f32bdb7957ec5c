"""What the staff may ask of the model: the same in Slack and at the desk."""

import errno
import os
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedback.database import Database
from feedback.retraining import Retraining
from feedback.runs import Runs
from serving import contract
from serving.tfserving import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import new_id, utc_now
from shopclerk.wiring.clerk import build_clerk
from shopclerk.wiring.jobs import run_command
from shopclerk.wiring.model import build_rollout
from shopclerk.wiring.trials import build_trials

if TYPE_CHECKING:
    from bot.clerk import Clerk
    from bot.controls import Controls, ModelState

PREVIEW = "terminal"  # the channel and experiment of questions that no shopper asked


class Asked:
    """Turns of the loop asked for by people: one at a time, in a process of its own."""

    def __init__(self, database: Database) -> None:
        """`database` knows of turns that other processes run."""
        self._turns = Retraining(database)
        self._lock = threading.Lock()

    def start(self, person: str) -> bool:
        """Begin one; False: one is open already, here or elsewhere."""
        if self._turns.unfinished() is not None or not self._lock.acquire(blocking=False):
            return False
        threading.Thread(target=self._run, args=(person,), daemon=True).start()
        return True

    def _run(self, person: str) -> None:
        try:
            run_command("retrain", "--trigger", person)  # it says itself how it went
        finally:
            self._lock.release()


def check_writable(folder: Path, can: Callable[[Path, int], bool] = os.access) -> None:
    """Refuse what would only fail in a process of its own, where nobody reads why.

    Raises:
        OSError: neither `folder` nor, while it is not there, what holds it can be written.
    """
    there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
    if not can(there, os.W_OK):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(there))


def build_controls(settings: Settings, database: Database, model: TFServingRanker) -> "Controls":
    """What may be asked of the model; each long thing is a process of its own."""
    from bot.controls import Controls

    asked = Asked(database)

    @cache
    def preview() -> "Clerk":
        """Built when it is first asked: it reads the book for a keyword search of its own."""
        return build_clerk(
            settings,
            database,
            model,
            assign_arm=lambda _: "champion",
            experiment=PREVIEW,
            recommender=model,
        )

    def ask(question: str) -> Any:
        clerk = preview()
        dialogue = clerk.open(shopper_id=None, channel=PREVIEW, locale=settings.locale)
        return clerk.reply(dialogue.dialogue_id, question, client_id=new_id())

    def report() -> str:
        from feedback.report import Report

        newest = Runs(database).latest_report()
        return Report.from_json(newest.report).text(settings.locale) if newest else ""

    trials = build_trials(settings, database)

    def retrain(person: str) -> bool:
        check_writable(settings.models_dir)
        return asked.start(person)

    def promote(version: int, person: str) -> str:
        build_rollout(settings).promote(version)
        trials.decide(version, "promote", person, utc_now())
        return f"Version {version} answers now."

    def keep(version: int, person: str) -> str:
        if not trials.decide(version, "keep", person, utc_now()):
            return f"Version {version} is not on trial."
        rollout = build_rollout(settings)
        if rollout.labels().get(contract.CANARY) == version:
            rollout.canary(None)
        return f"The trial of version {version} is over; the champion stays."

    return Controls(
        model=partial(_model_state, settings, database),
        retrain=retrain,
        promote=promote,
        keep=keep,
        roll_back=lambda: f"Version {build_rollout(settings).rollback()} answers again.",
        report=report,
        preview=ask,
    )


def _model_state(settings: Settings, database: Database) -> "ModelState":
    from bot.controls import ModelState, Turn

    rollout = build_rollout(settings)
    stable = rollout.stable()
    made = {run.version: run.finished_at for run in Runs(database).all(100)}
    turn = Retraining(database).unfinished()
    return ModelState(
        stable=stable,
        made_at=made.get(stable),
        canary=rollout.labels().get(contract.CANARY),
        versions=tuple(rollout.folder.versions()),
        turn=None if turn is None else Turn(turn.stage, turn.doing, turn.done),
    )
