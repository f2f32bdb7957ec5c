"""Slack: the edge, and what the staff may ask of the model there."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedback.book import Book
from feedback.database import Database
from feedback.retraining import Retraining
from feedback.runs import Runs
from feedback.store import Store
from serving import contract
from serving.tfserving import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, new_id, utc_now
from shopclerk.wiring.clerk import build_clerk
from shopclerk.wiring.jobs import run_command
from shopclerk.wiring.model import build_rollout
from shopclerk.wiring.trials import build_trials

if TYPE_CHECKING:
    from bot.clerk import Clerk
    from bot.slack.app import SlackEdge
    from bot.slack.controls import Controls, ModelState
    from bot.web.tokens import Tokens

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


def slack_shopper(settings: Settings) -> Callable[[str, str], str]:
    """The shopper's id of a Slack team's person: a keyed hash, so that it names nobody."""
    key = derived_key(settings, "slack")

    def shopper_of(team: str, person: str) -> str:
        return "slack-" + hmac.digest(key, f"{team}/{person}".encode(), hashlib.sha256).hex()[:32]

    return shopper_of


def build_slack_edge(
    settings: Settings,
    database: Database,
    clerk: "Clerk",
    tokens: "Tokens",
    model: TFServingRanker,
    *,
    wake: Callable[[str], None],
) -> "SlackEdge | None":
    """Slack's edge; None where its tokens are not set. `wake` tells a shopper's open stream."""
    if settings.slack_bot_token is None:
        return None
    from bot.slack.app import build_slack

    app_token, secret = settings.slack_app_token, settings.slack_signing_secret

    def click_link(impression_id: str, target: str, url: str) -> str:
        return f"{settings.public_url}/c/{tokens.click(impression_id, target, url)}"

    return build_slack(
        clerk=clerk,
        store=Store(database, EXPERIMENT),
        book=Book(database),
        controls=_controls(settings, database, model),
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=app_token.get_secret_value() if app_token else None,
        signing_secret=secret.get_secret_value() if secret else None,
        api_url=settings.slack_api_url,
        shopper_of=slack_shopper(settings),
        click_link=click_link,
        clock=utc_now,
        owner=new_id(),
        shop=settings.shop_name,
        locale=settings.locale,
        review_channel=settings.review_channel,
        managers=settings.managers,
        thumbs=settings.thumbs,
        draft=lambda dialogue: model.draft([dialogue])[0].text,
        wake=wake,
        zone=ZoneInfo(settings.time_zone),
    )


def _controls(settings: Settings, database: Database, model: TFServingRanker) -> "Controls":
    """What Slack may ask of the model; each long thing is a process of its own."""
    from bot.slack.controls import Controls

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
        retrain=asked.start,
        promote=promote,
        keep=keep,
        roll_back=lambda: f"Version {build_rollout(settings).rollback()} answers again.",
        report=report,
        preview=ask,
    )


def _model_state(settings: Settings, database: Database) -> "ModelState":
    from bot.slack.controls import ModelState, Turn

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
