"""Wiring of canary trials: the guard over the store, and a person's approval."""

from feedback.db import Database, Runs
from feedback.experiments import ShopTrial, Trials
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
        standing_yes=settings.canary_standing_yes,
        least_share=settings.canary_share,
        asks=lambda version, reason: _ask(settings, version, reason),
    )


def build_trial(settings: Settings, database: Database) -> ShopTrial | None:
    """None where no shopper is to meet a challenger: what passes the gate is promoted then."""
    if not settings.canary_share:
        return None
    return ShopTrial(build_trials(settings, database), Runs(database))


def _ask(settings: Settings, version: int, reason: str) -> None:
    """In the report channel; `shopclerk trial` and the log say it, too."""
    from bot.channels.slack import post_trial

    tell_channel(settings, lambda channel, client: post_trial(version, reason, channel, client))
