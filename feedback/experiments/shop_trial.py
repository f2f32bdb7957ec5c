"""A canary trial as retraining drives it: begun with what was predicted, then looked at."""

from datetime import datetime

from feedback.db import Runs
from feedback.experiments.canary_trials import Look, Trials


class ShopTrial:
    """What `training.evaluation.trial_protocol.CanaryTrial` asks for."""

    def __init__(self, trials: Trials, runs: Runs) -> None:
        """`runs` knows what the log said of a version before anybody met it."""
        self._trials = trials
        self._runs = runs

    def begin(self, version: int, champion: int, now: datetime) -> None:
        """The challenger has its label."""
        made = next((run for run in self._runs.all(50) if run.version == version), None)
        predicted = {
            **(made.scores.get("off_policy") or {} if made else {}),
            "size": self._trials.size(now).as_json(),
            "gate": made.reason if made else None,
        }
        self._trials.begin(version, champion, now, predicted=predicted)

    def look(self, version: int, champion: int, since: datetime, now: datetime) -> Look:
        """How it does by `now`."""
        return self._trials.look(version, now)
