"""Background work of the bot process, from its start to its end: actions, mails, alarms."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import structlog

from feedback.db import Bus, Database
from feedback.desk import Watchman
from serving.client import TFServingRanker
from shopclerk.wiring.base import utc_now

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.actions import ActionWorker
    from bot.channels.mail import MailFetcher, MailWorker
    from bot.channels.slack import SlackEdge

WATCH_SECONDS = 60.0
ACTIONS_SECONDS = 0.25  # between looks for what a colleague, or another process, decided
SLOW_LOOKS = 8  # of those, between looks for expiry, reminders and products in stock again
MAIL_SECONDS = 5.0  # a mailbox is asked once a minute by its own clock

log = structlog.get_logger()

Background = Callable[[], Coroutine[Any, Any, None]]  # runs next to the app until it is cancelled


def with_lifespan(
    app: "FastAPI",
    slack: "SlackEdge | None",
    model: TFServingRanker,
    database: Database,
    bus: Bus | None,
    background: Sequence[Background],
) -> None:
    """Slack and the bus connect when the app starts; everything is closed when it ends."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        if bus is not None:
            bus.start()
        if slack is not None:
            await slack.start()
        tasks = [asyncio.ensure_future(run()) for run in background]
        agents = getattr(app.state, "agents", None)
        try:
            async with agents.running() if agents is not None else nullcontext():
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if slack is not None:
                await slack.stop()
            if bus is not None:
                await asyncio.to_thread(bus.close)
            model.close()
            database.close()

    app.router.lifespan_context = lifespan


async def work_off(worker: "ActionWorker") -> None:
    """Carry out what a colleague approved at once, for the shopper waits; the rest every 2 s.

    A store that is away is looked at again.
    """
    looks = itertools.count()
    while True:
        await asyncio.sleep(ACTIONS_SECONDS)
        try:
            if next(looks) % SLOW_LOOKS == 0 or await asyncio.to_thread(worker.is_due):
                await asyncio.to_thread(worker.look)
        except Exception:
            log.exception("actions.not_looked")


async def look_for_mails(worker: "MailWorker | MailFetcher") -> None:
    """Look for answers that nobody has read, or for replies that came into the mailbox."""
    while True:
        await asyncio.sleep(MAIL_SECONDS)
        try:
            await asyncio.to_thread(worker.look)
        except Exception:
            log.exception("mail.not_looked")


async def keep_watch(watchman: Watchman) -> None:
    """Look every minute; a store that is away is told by the readiness."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            for alarm in await asyncio.to_thread(watchman.look, utc_now()):
                log.warning("alarm", kind=alarm.kind, text=alarm.text)
        except Exception:
            log.exception("alarm.not_looked")
