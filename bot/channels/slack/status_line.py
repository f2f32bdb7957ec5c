"""Status line: says in a direct message that the clerk, or a colleague, works on it."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.get_logger()

PATIENCE_S: Final = 2.0  # with one call: it is a nicety
MOST_AT_ONCE: Final = 8  # further ones are left out
REST_S: Final = 30.0  # after a refusal: a workspace that knows no status is not asked each time


class StatusLine:
    """Sets the status of threads, and keeps nobody waiting: answers never wait for it."""

    def __init__(
        self, client: AsyncWebClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Call by `client`."""
        self._client = client
        self._monotonic = monotonic
        self._rests_until = 0.0
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, channel: str, thread_ts: str, words: str) -> None:
        """Say what is being done; Slack takes it away with the thread's next message."""
        if len(self._under_way) >= MOST_AT_ONCE or self._monotonic() < self._rests_until:
            return
        task = asyncio.create_task(self._set(channel, thread_ts, words))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _set(self, channel: str, thread_ts: str, words: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._client.api_call(
                    "assistant.threads.setStatus",
                    json={"channel_id": channel, "thread_ts": thread_ts, "status": words},
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as refused:
            self._rests_until = self._monotonic() + REST_S
            log.info("slack.no_status", reason=type(refused).__name__)
