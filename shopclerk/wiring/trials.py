"""Wiring of canary trials: the guard over the store, and a person's approval."""

from datetime import datetime

from feedback.db import Database, Runs
from feedback.experiments import Look, Trials
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT
from shopclerk.wiring.news import tell_channel


def build_trials(settings: Settings, database: Database) -> Trials:
    """The trials of this shop."""
    return Trials(
        database,
        EXPERIMENT,
        longest=settings.canary_longest,
        needs_approval=settings.canary_approval,
        asks=lambda version, reason: _ask(settings, version, reason),
    )


class ShopTrial:
    """What `training.evaluation.trial_protocol.CanaryTrial` asks for."""

    def __init__(self, trials: Trials, runs: Runs) -> None:
        """`runs` knows what the log said of a version before anybody met it."""
        self._trials = trials
        self._runs = runs

    def begin(self, version: int, champion: int, now: datetime) -> None:
        """The challenger has its label."""
        made = next((run for run in self._runs.all(50) if run.version == version), None)
        predicted = made.scores.get("off_policy") if made else None
        self._trials.begin(version, champion, now, predicted=predicted)

    def look(self, version: int, champion: int, since: datetime, now: datetime) -> Look:
        """How it does by `now`."""
        return self._trials.look(version, now)


def build_trial(settings: Settings, database: Database) -> ShopTrial | None:
    """None where no shopper is to meet a challenger: what passes the gate is promoted then."""
    if not settings.canary_share:
        return None
    return ShopTrial(build_trials(settings, database), Runs(database))


def _ask(settings: Settings, version: int, reason: str) -> None:
    """In the report channel; `shopclerk trial` and the log say it, too."""
    from bot.channels.slack import post_trial

    tell_channel(settings, lambda channel, client: post_trial(version, reason, channel, client))
