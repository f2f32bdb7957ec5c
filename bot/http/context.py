"""The context of every route: the clerk, the store, limits, and how their work is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

import anyio
from fastapi import Depends, Request

from bot.clerk import Clerk
from bot.controls import Controls
from bot.http.config import WebConfig
from bot.http.metrics import Metrics
from bot.http.notifier import Notifier
from bot.http.open_streams import OpenStreams
from bot.http.rate_limits import Limits, TooMany
from bot.http.store_watch import StoreWatch
from bot.tokens import Tokens
from feedback.actions import ActionDecisions, ActionLabels, ActionRuns
from feedback.db import Database, Guesses, Runs, StoreAway
from feedback.demo_shop import DemoShop
from feedback.desk import Accounts, Audit, DeskQueue, note_thumb
from feedback.dialogues import Attentions, Store, Surveys, Visits
from feedback.files import Files
from feedback.knowledge import Catalogue, Embed, ReplyBook, spelled
from feedback.mail import MailAddresses
from feedback.privacy import Deletions
from feedback.sales import Orders
from feedback.signals import Signals

FIRST_PAUSE = 0.1  # seconds; each further one is twice as long

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Readiness:
    """Whether questions can be answered, and what each part says of itself."""

    ready: bool
    parts: dict[str, str] = field(default_factory=dict)  # {"model server": "version 3"}


@dataclass(frozen=True)
class WebContext:
    """What the routes work with, built once in `create_app`."""

    clerk: Clerk
    store: Store
    book: ReplyBook
    catalogue: Catalogue
    orders: Orders
    runs: Runs
    tokens: Tokens
    config: WebConfig
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    ready: Callable[[], Readiness]
    limits: Limits
    metrics: Metrics
    notifier: Notifier
    watch: StoreWatch
    streams: OpenStreams
    threads: anyio.CapacityLimiter
    stream_threads: anyio.CapacityLimiter
    controls: Controls | None = None  # None: the desk only shows the model
    visits: Visits | None = None  # None: the button is shown to everybody
    embed: Embed = spelled  # vectors of texts: the model's, or by their spelling

    @property
    def db(self) -> Database:
        """The store's tables, for what has no use case of its own above."""
        return self.store.db

    @property
    def signals(self) -> Signals:
        """Where thumbs, clicks and reviews go."""
        return Signals(self.db, note_thumb)

    @property
    def actions(self) -> ActionRuns:
        """What shoppers said yes to."""
        return ActionRuns(self.db)

    @property
    def action_labels(self) -> ActionLabels:
        """What shoppers wanted done, by the staff's word."""
        return ActionLabels(self.db)

    @property
    def files(self) -> Files:
        """Pictures and documents sent in dialogues."""
        return Files(self.db, self.config.scan_file)

    @property
    def action_decisions(self) -> ActionDecisions:
        """What colleagues decide about it."""
        return ActionDecisions(self.db)

    @property
    def mail_addresses(self) -> MailAddresses:
        """Where answers go by mail."""
        return MailAddresses(self.db)

    @property
    def attention(self) -> Attentions:
        """Who has read how far, and who types."""
        return Attentions(self.db)

    @property
    def surveys(self) -> Surveys:
        """What shoppers said at the end."""
        return Surveys(self.db)

    @property
    def queue(self) -> DeskQueue:
        """The dialogues that wait for the staff."""
        return DeskQueue(self.db)

    @property
    def demo(self) -> DemoShop:
        """Whether the store holds the demo shop."""
        return DemoShop(self.db)

    @property
    def deletions(self) -> Deletions:
        """What shop systems asked to delete."""
        return Deletions(self.orders.db)

    @property
    def accounts(self) -> Accounts:
        """Who may sit at the desk."""
        return Accounts(self.db)

    @property
    def login_guesses(self) -> Guesses:
        """Passwords tried at the desk in vain."""
        return Guesses(self.orders.db, self.tokens.key("logins"), "login")

    @property
    def audit(self) -> Audit:
        """Who did what there."""
        return Audit(self.db)

    async def call(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` of the synchronous core in the thread pool.

        A database server that restarts is waited for, up to `ride_out_seconds`: the work is one
        transaction and repeatable, as whoever sent it would repeat it.
        """
        waited, pause = 0.0, FIRST_PAUSE
        while True:
            try:
                return await anyio.to_thread.run_sync(
                    partial(work, *args, **kwargs), limiter=self.threads
                )
            except StoreAway:
                self.metrics.store_away.inc()
                if waited + pause > self.config.ride_out_seconds:
                    raise
            await anyio.sleep(pause)
            waited, pause = waited + pause, 2 * pause

    async def limited(
        self,
        counted: Sequence[tuple[str, str]],
        work: Callable[P, T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`call`, unless one of the windows in `counted`, each of (window, who), is used up.

        Raises:
            TooMany: one is.
        """
        try:
            for window, who in counted:
                self.limits.check(window, who)
            return await self.call(self._counted, counted, partial(work, *args, **kwargs))
        except TooMany as refused:
            self.metrics.limited.labels(refused.window).inc()
            raise

    def _counted(self, counted: Sequence[tuple[str, str]], work: Callable[[], T]) -> T:
        self.limits.check_shared(*counted)
        return work()


def context_of(request: Request) -> WebContext:
    """The context of the app that `request` came to."""
    context: WebContext = request.app.state.context
    return context


async def _context(request: Request) -> WebContext:
    # Async, like whatever does not wait: FastAPI runs the others in a thread, 0.4 ms each.
    return context_of(request)


WithContext = Annotated[WebContext, Depends(_context)]
