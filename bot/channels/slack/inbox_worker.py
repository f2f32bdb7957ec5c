"""Inbox worker: handles the stored events of Slack and writes what is to be said to the outbox."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels.slack.audit_lines import deed_of
from bot.channels.slack.config import SlackLeases
from bot.channels.slack.event_handlers import EventHandlers, NotStaff, NotYet
from feedback.db import InboxEvent
from feedback.desk import MAX_ATTEMPTS, Audit, Inbox, Outbox

log = structlog.get_logger()

LOOK_S: Final = 1.0  # between looks for what another process's death left behind
SIDE_BY_SIDE: Final = 8  # threads worked off at once; the model server answers in 10 ms
PRUNE_EVERY: Final = timedelta(hours=6)


class InboxWorker:
    """One process's share of the work."""

    def __init__(
        self,
        inbox: Inbox,
        outbox: Outbox,
        handlers: EventHandlers,
        leases: SlackLeases,
        *,
        sent: Callable[[], None],
    ) -> None:
        """`sent` is called when there may be something to send."""
        self._inbox = inbox
        self._outbox = outbox
        self._handlers = handlers
        self._owner = leases.owner
        self._clock = leases.clock
        self._lease = leases.lease
        self._sent = sent
        self._wake = asyncio.Event()
        self._pruned: datetime | None = None

    def wake(self) -> None:
        """Something came in; callable in the loop only."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; a failing store is waited for."""
        working: set[asyncio.Task[None]] = set()
        while True:
            self._wake.clear()
            room = SIDE_BY_SIDE - len(working)
            try:
                taken = await asyncio.to_thread(self._claim, room) if room > 0 else []
            except Exception:
                log.exception("slack.inbox_failed")
                await asyncio.sleep(LOOK_S)
                continue
            for event in taken:
                task = asyncio.create_task(self._work(event))
                working.add(task)
                task.add_done_callback(working.discard)
                task.add_done_callback(lambda _: self.wake())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):  # 3.11's wait_for may swallow a cancellation
                    await self._wake.wait()

    def _claim(self, room: int) -> list[InboxEvent]:
        now = self._clock()
        if self._pruned is None or now - self._pruned > PRUNE_EVERY:
            self._pruned = now
            self._inbox.prune(now)
            self._outbox.prune(now)
        if not self._inbox.is_due(now):
            return []
        return self._inbox.claim(self._owner, now, self._lease, most=room)

    async def _work(self, event: InboxEvent) -> None:
        try:
            await self._handlers.handle(event)
        except NotYet:
            await self._later(event, "not yet")
        except NotStaff:  # told already; no deed of the staff's
            await asyncio.to_thread(self._inbox.done, event.event_key, self._owner)
        except Exception as failure:
            log.exception("slack.failed", kind=event.kind, attempt=event.attempts)
            await self._later(event, type(failure).__name__)
        else:
            await asyncio.to_thread(self._close, event)
        self._sent()

    def _close(self, event: InboxEvent) -> None:
        """Note what the staff did, then forget what they said; a repeat is one line."""
        if deed := deed_of(event):
            Audit(self._inbox.db).note(deed, key=event.event_key, now=self._clock())
        self._inbox.done(event.event_key, self._owner)

    async def _later(self, event: InboxEvent, reason: str) -> None:
        """Try again, ever later; a shopper is never left without a word in the end."""
        key, owner = event.event_key, self._owner
        if event.attempts < MAX_ATTEMPTS - 1:
            due = self._clock() + timedelta(seconds=0.5 * 2 ** (event.attempts - 1))
            await asyncio.to_thread(self._inbox.again, key, owner, due, reason)
        elif reason == "not yet":  # a thread of others
            await asyncio.to_thread(self._inbox.done, key, owner)
        else:
            await self._handlers.trouble(event)
            await asyncio.to_thread(self._inbox.failed, key, owner, reason)
