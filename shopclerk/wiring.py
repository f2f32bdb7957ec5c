"""The composition root: the only place where the parts meet, built from settings.

Each function builds one process's worth and imports only what that process runs: a bot never loads
TensorFlow, a command that only reads the store never loads the web.
"""

import contextlib
import hashlib
import hmac
import secrets
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from feedback.book import Book
from feedback.database import Database
from feedback.experiment import assign
from feedback.orders import Orders
from feedback.plan import Plan, Step, deal_at
from feedback.runs import Runs
from feedback.shares import ShareLog
from feedback.store import Store
from serving import contract
from serving.child import find_running
from serving.errors import BrokenVersion
from serving.fallback import BookEntry, KeywordRanker, with_fallback
from serving.manifest import make_own_key, own_key
from serving.ranker import Ranker, RankerUnavailable, Recommender
from serving.replicas import Replicas
from serving.rollout import Rollout
from serving.tfserving import AVAILABLE, TFServingRanker
from serving.versions import VersionFolder
from shopclerk.demo_shop import DEMO_DIR
from shopclerk.settings import Settings, child_environment

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.clerk import Clerk
    from bot.shops.clients import ShopifyOrders, WooOrders
    from bot.shops.intake import Intake
    from bot.slack.app import SlackEdge
    from bot.slack.controls import Controls, ModelState
    from bot.web.parts import Readiness
    from bot.web.tokens import Tokens
    from training.retrain import Retrainer
    from training.schedule import Scheduler

EXPERIMENT = "clerk"  # salts the assignment; another name deals every shopper anew
BOOK = "reply book"  # the trigger of a retraining that a new reply asked for
PREVIEW = "terminal"  # the channel and experiment of questions that no shopper asked
PROBE_SECONDS = 1.0
EMBED_BATCH = 64  # texts a call: a server shared with shoppers answers them in between


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
            command = [sys.executable, "-m", "shopclerk", "retrain", "--trigger", trigger]
            # It says itself how it went, in the report channel.
            subprocess.run(
                command, env=dict(child_environment()), stdout=subprocess.DEVNULL, check=False
            )
            with self._lock:
                trigger, self._again = self._again, None
                self._running = trigger is not None


class JobFailed(Exception):
    """A scheduled command ended with an error; its own lines say why."""

    def __init__(self, command: str, code: int) -> None:
        """Name the command."""
        super().__init__(f"shopclerk {command} ended with exit code {code}; see its lines above.")


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock, handed to whoever needs one


def new_id() -> str:
    """An identifier nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def open_database(settings: Settings) -> Database:
    """The store's database, migrated."""
    database = Database(settings.database_url)
    database.migrate()
    return database


def derived_key(settings: Settings, purpose: str) -> bytes:
    """One secret, a key of its own for each purpose."""
    return hmac.digest(settings.secret("secret_key").encode(), purpose.encode(), hashlib.sha256)


def version_keys(settings: Settings) -> list[bytes]:
    """The keys that versions are signed with: the first signs, each of them is believed.

    `SHOPCLERK_SECRET_KEY`'s where it is set. Without it, a key made once and kept beside the
    versions: whoever trains with `--models DIR` in one folder may serve DIR from another.
    """
    own = own_key(settings.models_dir)
    if settings.secret_key is not None:
        return [derived_key(settings, "versions"), *([own] if own else [])]
    if own is None:
        return _first_key(settings)
    return [own]


def _first_key(settings: Settings) -> list[bytes]:
    """Make the folder's own key; what lies in it already is taken for ours, this once."""
    try:
        keys = [make_own_key(settings.models_dir)]
    except OSError:  # a folder that can only be read: nothing is signed there
        return []
    folder = VersionFolder(settings.models_dir, keys)
    for version in folder.versions():
        with contextlib.suppress(BrokenVersion):  # named when somebody wants it
            folder.sign(version)
    return keys


def version_folder(settings: Settings) -> VersionFolder:
    """The versions; what was not signed here is not promoted and not served."""
    return VersionFolder(settings.models_dir, version_keys(settings))


def build_orders(settings: Settings, database: Database) -> Orders:
    """Orders, with e-mail addresses hashed under a key that signs nothing else."""
    return Orders(database, derived_key(settings, "email"), settings.staff_emails)


def experiment_plan(settings: Settings) -> Plan:
    """What the shop has decided about the arms, its days read in its own time zone."""
    zone = ZoneInfo(settings.time_zone)
    ends = settings.experiment_end
    return Plan(
        holdout=settings.holdout_share,
        canary=settings.canary_share,
        ramp=tuple(Step(midnight(day, zone), share) for day, share in settings.holdout_ramp),
        ends=midnight(ends, zone) if ends else None,
    )


def build_intake(settings: Settings, database: Database) -> "Intake":
    """Where a shop's news goes when it is asked for; webhooks build their own in the bot."""
    from bot.shops.intake import Intake
    from bot.web.tokens import Tokens
    from feedback.connections import Connections

    return Intake(
        store=Store(database, EXPERIMENT),
        orders=build_orders(settings, database),
        book=Book(database),
        connections=Connections(database),
        tokens=Tokens(derived_key(settings, "tokens").hex(), clock=utc_now),
        clock=utc_now,
        currency=settings.currency,
    )


def build_shops(settings: Settings) -> "dict[str, ShopifyOrders | WooOrders]":
    """The APIs of the shop systems that are set, by source."""
    from bot.shops.clients import ShopifyOrders, WooOrders

    shops: dict[str, ShopifyOrders | WooOrders] = {}
    if settings.shopify_shop and settings.shopify_token:
        token = settings.shopify_token.get_secret_value()
        shops["shopify"] = ShopifyOrders(settings.shopify_shop, token)
    if settings.woocommerce_url and settings.woocommerce_key:
        key = settings.woocommerce_key.get_secret_value()
        shops["woocommerce"] = WooOrders(settings.woocommerce_url, key)
    return shops


def configured_shares(settings: Settings, *, has_challenger: bool = False) -> dict[str, float]:
    """The arms' shares by now; the log of shares knows what was dealt before."""
    plan = experiment_plan(settings)
    return deal_at(plan, utc_now(), has_challenger=has_challenger).shares


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a time zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def assigner(settings: Settings, log: ShareLog | None = None) -> Callable[[str], str]:
    """Deals a new shopper an arm; a challenger takes part while a version is labelled `canary`.

    With a `log` every change of the shares is written there before anybody is dealt under it.
    """
    rollout = Rollout(VersionFolder(settings.models_dir))
    plan = experiment_plan(settings)
    logged: list[Any] = [None]

    def deal(shopper_id: str) -> str:
        now, trial = utc_now(), rollout.labels().get(contract.CANARY)
        dealt = deal_at(plan, now, has_challenger=trial is not None)
        if log is not None and logged[0] != (dealt, trial):
            log.record(dealt.shares, now, reason=dealt.reason, challenger_version=trial)
            logged[0] = (dealt, trial)
        return assign(shopper_id, salt=EXPERIMENT, shares=dealt.shares)

    return deal


def model_address(settings: Settings) -> str | None:
    """The model server's address: as set, or an embedded server that runs on these models."""
    return settings.serving_address or find_running(settings.models_dir)


def build_rollout(settings: Settings) -> Rollout:
    """The version labels, in the config file and in the server if one runs."""
    address = model_address(settings)
    server = Replicas(address.split(",")) if address else None
    return Rollout(version_folder(settings), server, keep=settings.keep_versions)


def keyword_ranker(book: Book) -> KeywordRanker:
    """Keyword search over the store's reply book and its questions."""

    def entries() -> list[BookEntry]:
        questions: dict[tuple[str | None, str], list[str]] = {}
        for row in book.questions():
            questions.setdefault((row.reply_id, row.locale), []).append(row.question)
        return [
            BookEntry(
                reply.reply_id,
                reply.locale,
                reply.text,
                tuple(questions.get((reply.reply_id, reply.locale), ())),
            )
            for reply in book.replies()
        ]

    return KeywordRanker(entries, book.stamp)


def build_clerk(
    settings: Settings,
    database: Database,
    ranker: Ranker,
    *,
    assign_arm: Callable[[str], str],
    experiment: str = EXPERIMENT,
    recommender: Recommender | None = None,
) -> "Clerk":
    """The clerk, with keyword search for the holdout and while the model is away."""
    from bot.clerk import Clerk
    from bot.phrases import ShopWords
    from bot.policy import Policy

    book = Book(database)
    keywords = keyword_ranker(book)
    keywords.prepare()
    return Clerk(
        store=Store(database, experiment),
        book=book,
        orders=build_orders(settings, database),
        ranker=with_fallback(ranker, keywords),
        # A/A: everybody has the model's answers, and the report has to find no difference.
        holdout_ranker=with_fallback(ranker, keywords) if settings.same_answers else keywords,
        policy=Policy(),
        assign=assign_arm,
        clock=utc_now,
        new_id=new_id,
        public_url=settings.shop_url or settings.public_url,
        shop=ShopWords(settings.shop_name),
        recommender=recommender,
    )


def build_bot(settings: Settings, *, serving_address: str) -> "FastAPI":
    """The bot process: web chat, webhooks, desk, and Slack when its tokens are set."""
    from bot.web.app import create_app
    from bot.web.tokens import Tokens

    database = open_database(settings)
    model = TFServingRanker(serving_address.split(","))
    deal = assigner(settings, ShareLog(database, EXPERIMENT))
    clerk = build_clerk(settings, database, model, assign_arm=deal, recommender=model)
    tokens = Tokens(derived_key(settings, "tokens").hex(), clock=utc_now)
    slack = _slack(settings, database, clerk, tokens, model, wake=lambda id_: wake(id_))
    app = create_app(
        clerk=clerk,
        store=Store(database, EXPERIMENT),
        book=Book(database),
        orders=build_orders(settings, database),
        runs=Runs(database),
        tokens=tokens,
        config=_web_config(settings),
        ready=partial(_readiness, model, database),
        clock=utc_now,
        new_id=new_id,
        slack_handler=slack.handle if slack is not None and not slack.uses_socket else None,
    )
    wake = app.state.parts.notifier.wake
    _with_lifespan(app, slack, model, database)
    return app


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
            settings.retrain_cron, partial(_run_command, "retrain", "--trigger", "schedule")
        ),
        "report": Job(
            settings.report_cron, partial(_run_command, "report", "--last-week", "--post")
        ),
        "review": Job(settings.review_cron, partial(_run_command, "review")),
    }
    if build_shops(settings):
        jobs["reconcile"] = Job(settings.reconcile_cron, partial(_run_command, "reconcile"))
    return Scheduler(jobs, Runs(database), owner=new_id(), clock=utc_now, zone=settings.time_zone)


def topic_vectors(settings: Settings) -> Callable[[Sequence[str]], Any]:
    """The model's vectors of texts, in batches; None while the model is away."""
    address = model_address(settings)

    def embed(texts: Sequence[str]) -> Any:
        if address is None:
            return None
        client = TFServingRanker(address.split(","))
        try:
            starts = range(0, len(texts), EMBED_BATCH)
            parts = [client.embed(texts[start : start + EMBED_BATCH]) for start in starts]
        except RankerUnavailable:
            return None
        finally:
            client.close()
        return [vector for part in parts for vector in part]

    return embed


def model_server_status(address: str) -> str:
    """Which versions the model server has loaded, in words.

    Raises:
        RankerUnavailable: it does not answer.
    """
    client = TFServingRanker(address.split(","))
    try:
        versions = [state.version for state in client.status() if state.state == AVAILABLE]
    finally:
        client.close()
    return f"serves {', '.join(f'version {number}' for number in versions) or 'no version'}"


def _web_config(settings: Settings) -> Any:
    from bot.web.config import WebConfig

    password = settings.secret("desk_password")
    return WebConfig(
        public_url=settings.public_url,
        shop_name=settings.shop_name,
        allowed_origins=settings.allowed_origins,
        shop_hosts=(urlsplit(settings.shop_url).netloc,) if settings.shop_url else (),
        orders_secret=settings.secret("orders_secret"),
        shopify_secret=_shown(settings.shopify_secret),
        woocommerce_secret=_shown(settings.woocommerce_secret),
        stripe_secret=_shown(settings.stripe_secret),
        check_password=lambda given: hmac.compare_digest(given.encode(), password.encode()),
        currency=settings.currency,
        show_ratings=settings.show_ratings,
        demo_dir=DEMO_DIR,
        locale=settings.locale,
    )


def _shown(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _slack(
    settings: Settings,
    database: Database,
    clerk: "Clerk",
    tokens: "Tokens",
    model: TFServingRanker,
    *,
    wake: Callable[[str], None],
) -> "SlackEdge | None":
    if settings.slack_bot_token is None:
        return None
    from bot.slack.app import build_slack

    key = derived_key(settings, "slack")
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret

    def shopper_of(team: str, person: str) -> str:
        return "slack-" + hmac.digest(key, f"{team}/{person}".encode(), hashlib.sha256).hex()[:32]

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
        shopper_of=shopper_of,
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

    preview = build_clerk(
        settings,
        database,
        model,
        assign_arm=lambda _: "champion",
        experiment=PREVIEW,
        recommender=model,
    )
    retraining = Retraining()

    def ask(question: str) -> Any:
        dialogue = preview.open(shopper_id=None, channel=PREVIEW, locale=settings.locale)
        return preview.reply(dialogue.dialogue_id, question, client_id=new_id())

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


def _with_lifespan(
    app: "FastAPI", slack: "SlackEdge | None", model: TFServingRanker, database: Database
) -> None:
    """Slack connects when the app starts; everything is closed when it ends."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        if slack is not None:
            await slack.start()
        try:
            yield
        finally:
            if slack is not None:
                await slack.stop()
            model.close()
            database.close()

    app.router.lifespan_context = lifespan


def _readiness(model: TFServingRanker, database: Database) -> "Readiness":
    """Ready when the store can be read; without the model keyword search answers."""
    from bot.web.parts import Readiness

    try:
        Book(database).stamp()
        store = "reachable"
    except Exception as error:
        return Readiness(False, {"store": str(error)})
    try:
        loaded = [state.version for state in model.status() if state.state == AVAILABLE]
        served = f"version {loaded[0]}" if loaded else "no version; keyword search answers"
    except RankerUnavailable:
        served = "away; keyword search answers"
    return Readiness(True, {"store": store, "model server": served})


def _run_command(*arguments: str) -> None:
    command = [sys.executable, "-m", "shopclerk", *arguments]
    done = subprocess.run(
        command, env=dict(child_environment()), stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise JobFailed(arguments[0], done.returncode)
