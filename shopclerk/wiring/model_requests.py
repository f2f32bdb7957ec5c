"""Runs the staff's model requests in the schedule's process, which may write the models."""

import threading
from collections.abc import Callable
from typing import Final

import structlog

from feedback.db import Database, ModelRequest, ModelRequests, Retraining
from serving import contract
from serving.errors import ServingError
from serving.ranker import RankerUnavailable
from shopclerk.settings import Settings
from shopclerk.wiring.base import utc_now
from shopclerk.wiring.model import build_rollout
from shopclerk.wiring.processes import run_command
from shopclerk.wiring.trials import build_trials

EVERY_S: Final = 0.5  # between looks: a person waits for it

log = structlog.get_logger()


class Declined(Exception):
    """An act that makes no sense now; the message says why."""


class ModelRequestRunner:
    """Looks for requests, and answers them one after another."""

    def __init__(
        self, settings: Settings, database: Database, run: Callable[..., int] = run_command
    ) -> None:
        """`run` runs one of our commands in a process of its own."""
        self._settings = settings
        self._requests = ModelRequests(database)
        self._trials = build_trials(settings, database)
        self._ledger = Retraining(database)
        self._retraining = threading.Lock()
        self._run = run

    def look(self) -> bool:
        """One look; True: a request was answered."""
        request = self._requests.take(utc_now())
        if request is None:
            return False
        log.info("model.asked", act=request.act, version=request.version)
        try:
            sentence, refused = self._carry_out(request), False
        except (ServingError, RankerUnavailable, OSError, Declined) as reason:
            sentence, refused = str(reason), True
        except Exception as error:  # the one who asked must not wait for ever
            log.exception("model.not_done", act=request.act)
            sentence, refused = f"it failed, the schedule's log says more ({error})", True
        self._requests.finish(request, sentence, utc_now(), refused=refused)
        return True

    def _carry_out(self, request: ModelRequest) -> str:
        if request.act == "retrain":
            return self._retrain(request.person)
        if request.act == "roll_back":
            return f"Version {build_rollout(self._settings).rollback()} answers again."
        if request.version is None:
            raise Declined(f"{request.act} needs a version's number.")
        act = self._promote if request.act == "promote" else self._keep
        return act(request.version, request.person)

    def _retrain(self, person: str) -> str:
        """Begin one retraining: at most one at a time, here and elsewhere."""
        if self._ledger.unfinished() is not None or not self._retraining.acquire(blocking=False):
            raise Declined("A retraining is going on already; the model's page says how far.")
        threading.Thread(target=self._run_retraining, args=(person,), daemon=True).start()
        return "Retraining has begun; the report channel hears how it went."

    def _run_retraining(self, person: str) -> None:
        try:
            self._run("retrain", "--trigger", person)  # it says itself how it went
        finally:
            self._retraining.release()

    def _promote(self, version: int, person: str) -> str:
        build_rollout(self._settings).promote(version)
        self._trials.decide(version, "promote", person, utc_now())
        return f"Version {version} answers now."

    def _keep(self, version: int, person: str) -> str:
        if not self._trials.decide(version, "keep", person, utc_now()):
            raise Declined(f"Version {version} is not on trial.")
        rollout = build_rollout(self._settings)
        if rollout.labels().get(contract.CANARY) == version:
            rollout.canary(None)
        return f"The trial of version {version} is over; the champion stays."
