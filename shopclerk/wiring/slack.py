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
from feedback.runs import Runs
from feedback.store import Store
from serving import contract
from serving.tfserving import TFServingRanker
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, new_id, utc_now
from shopclerk.wiring.clerk import build_clerk
from shopclerk.wiring.jobs import run_command
from shopclerk.wiring.model import build_rollout

if TYPE_CHECKING:
    from bot.clerk import Clerk
    from bot.slack.app import SlackEdge
    from bot.slack.controls import Controls, ModelState
    from bot.web.tokens import Tokens

BOOK = "reply book"  # the trigger of a retraining that a new reply asked for
PREVIEW = "terminal"  # the channel and experiment of questions that no shopper asked


class Retraining:
    """Turns of the loop asked for by people: one at a time, in a process of its own."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._lock = threading.Lock()
        self._running = False
        self._again: str | None = None

    def start(self, trigger: str) -> bool:
        """Begin one; False: one is running already."""
        with self._lock:
            if self._running:
                return False
            self._running = True
        threading.Thread(target=self._run, args=(trigger,), daemon=True).start()
        return True

    def once_more(self) -> None:
        """The reply book has changed: begin one, or another after the one that runs."""
        if not self.start(BOOK):
            with self._lock:
                self._again = BOOK

    def _run(self, trigger: str | None) -> None:
        while trigger is not None:
            run_command("retrain", "--trigger", trigger)  # it says itself how it went
            with self._lock:
                trigger, self._again = self._again, None
                self._running = trigger is not None


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

    retraining = Retraining()

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

    def promote(version: int) -> str:
        build_rollout(settings).promote(version)
        return f"Version {version} answers now."

    return Controls(
        model=partial(_model_state, settings, database),
        retrain=retraining.start,
        promote=promote,
        roll_back=lambda: f"Version {build_rollout(settings).rollback()} answers again.",
        book_changed=retraining.once_more,
        report=report,
        preview=ask,
    )


def _model_state(settings: Settings, database: Database) -> "ModelState":
    from bot.slack.controls import ModelState

    rollout = build_rollout(settings)
    stable = rollout.stable()
    made = {run.version: run.finished_at for run in Runs(database).all(100)}
    return ModelState(
        stable=stable,
        made_at=made.get(stable),
        canary=rollout.labels().get(contract.CANARY),
        versions=tuple(rollout.folder.versions()),
    )
