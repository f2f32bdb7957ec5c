"""Retry handlers of calls whose answer somebody waits for: short waits only."""

from typing import Final

from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)

from bot.channels.slack.retrying_client import retry_after

MOST_WAIT_S: Final = 3.0  # a trigger is good for as long, and an event is held for 25 s


class BriefRateLimitHandler(AsyncRateLimitErrorRetryHandler):
    """Waits out a 429 that asks for a moment; a longer one is told to who called."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = response is not None and response.status_code == 429
        return limited and response is not None and retry_after(response.headers) <= MOST_WAIT_S


def patient_retries() -> list[AsyncRetryHandler]:
    """For look-ups, modals and pages; what the outbox sends is tried again by the outbox alone."""
    return [
        AsyncConnectionErrorRetryHandler(),
        BriefRateLimitHandler(max_retry_count=2),
        AsyncServerErrorRetryHandler(max_retry_count=2),
    ]
