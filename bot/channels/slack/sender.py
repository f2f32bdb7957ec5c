"""Outbox sender: sends Slack's messages in order, at Slack's pace, once each."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.channels.slack.config import SlackLeases
from bot.channels.slack.drawing_queue import DrawingQueue
from bot.channels.slack.render import MessageRenderer
from bot.channels.slack.retrying_client import Call, Caller, Result
from bot.channels.slack.routes import UPLOAD, closed_by, method_of
from feedback.desk import Claimed, Outbox

log = structlog.get_logger()

LOOK_S: Final = 0.3  # between looks for what the web chat, or another process, wrote
QUICK_LOOKS: Final = 12
MOST_RETRY_S: Final = 300.0
GIVE_UP_AFTER: Final = timedelta(days=3)


class OutboxSender:
    """One process's share of the sending."""

    def __init__(
        self,
        outbox: Outbox,
        queue: DrawingQueue,
        renderer: MessageRenderer,
        caller: Caller,
        leases: SlackLeases,
        *,
        look_s: float = LOOK_S,
    ) -> None:
        """Send what `outbox` holds and `queue` adds, drawn by `renderer`, by calls of `caller`."""
        self._look_s = look_s
        self._outbox = outbox
        self._queue = queue
        self._renderer = renderer
        self._caller = caller
        self._owner = leases.owner
        self._clock = leases.clock
        self._pace = leases.pace
        self._lease = leases.lease
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """There may be something to send; callable in the loop only."""
        self._wake.set()

    def wake_soon(self) -> None:
        """As `wake`, callable from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it was closed just now
                self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Send until cancelled; a failing store is waited for."""
        self._loop = asyncio.get_running_loop()
        sending: set[asyncio.Task[None]] = set()
        quick = 0  # looks that come quickly: after a sending its lane opens again soon
        while True:
            self._wake.clear()  # what comes while this look is under way is for the next one
            quick = max(0, quick - 1)
            try:
                for claimed in await asyncio.to_thread(self._claim):
                    quick = QUICK_LOOKS
                    task = asyncio.create_task(self._send(claimed))
                    sending.add(task)
                    task.add_done_callback(sending.discard)
                    task.add_done_callback(lambda _: self.wake())
            except Exception:
                log.exception("slack.outbox_failed")
                await asyncio.sleep(self._look_s)
            with contextlib.suppress(TimeoutError):
                pause = self._pause() if quick else self._look_s
                async with asyncio.timeout(pause):  # 3.11's wait_for may swallow a cancellation
                    await self._wake.wait()

    def _pause(self) -> float:
        return max(0.05, self._pace.total_seconds() / 5)

    def _claim(self) -> list[Claimed]:
        now = self._clock()
        self._queue.fill(now)
        if not self._outbox.is_due(now, self._pace):
            return []
        return self._outbox.claim(self._owner, now, self._lease, self._pace)

    async def _send(self, claimed: Claimed) -> None:
        try:
            result = await self._result(claimed)
            await asyncio.to_thread(self._settle, claimed, result)
        except Exception:  # the lease ends, and it is tried again
            log.exception("slack.not_sent", kind=claimed.kind)

    async def _result(self, claimed: Claimed) -> Result:
        forms = await asyncio.to_thread(self._renderer.draw, claimed)
        if not forms:
            return Result(True)
        if claimed.unsure and (forms[0].is_post or forms[0].method == UPLOAD):
            try:
                ts = await self._find(claimed, forms[0])
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                # Where Slack does not let us look (no scope) a repeat is better than a loss.
                if claimed.attempts < 4:
                    return Result(None, error=f"lookup: {type(error).__name__}", retry_s=1)
                ts = None
            if ts is not None:
                log.info("slack.found_sent", kind=claimed.kind)
                return Result(True, ts=ts or None)
        return await self._caller.make(forms, claimed.key)

    async def _find(self, claimed: Claimed, call: Call) -> str | None:
        if call.method == UPLOAD:
            return "" if await self._caller.find_file(call, claimed.made_at) else None
        channel = str(call.arguments["channel"])
        return await self._caller.find(channel, claimed.thread_ts, claimed.key, claimed.made_at)

    def _settle(self, claimed: Claimed, result: Result) -> None:
        now = self._clock()
        if result.arrived:
            self._renderer.sent(claimed, result.ts)
            self._outbox.sent(claimed.number, self._owner, result.ts, now)
            return
        error = result.error or "unknown"
        tried = result.tries is not None and claimed.attempts >= result.tries
        if result.retry_s is None or tried or now - claimed.made_at > GIVE_UP_AFTER:
            self._outbox.failed(claimed.number, self._owner, error)
            self._renderer.given_up(claimed, error, now)
            log.warning("slack.given_up", kind=claimed.kind, error=error)
            return
        wait = result.retry_s
        if error != "ratelimited":  # Slack says itself how long; everything else ever longer
            wait = min(MOST_RETRY_S, wait * 2 ** min(claimed.attempts - 1, 8))
        log.info("slack.again", kind=claimed.kind, error=error, seconds=wait, holds=result.holds)
        self._outbox.again(
            claimed.number,
            self._owner,
            now + timedelta(seconds=wait),
            error,
            arrived=result.arrived,
            closes=closed_by(result.holds, claimed.lane, method_of(claimed.kind, claimed.payload)),
        )
