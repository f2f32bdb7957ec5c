"""A 429 that asks for a moment is waited out; a long one is told at once."""

import asyncio

import pytest
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState

from bot.channels.slack.patient_retries import BriefRateLimitHandler


class TestRateLimits:
    @pytest.mark.parametrize(
        ("status", "asked", "waits"),
        [(429, "1", True), (429, "3", True), (429, "30", False), (503, "1", False)],
    )
    def test_only_a_short_wait_is_waited_for(self, status, asked, waits):
        """Who pressed a button is answered, an event's lease does not end meanwhile."""
        request = HttpRequest(method="POST", url="https://slack.com/api/users.info", headers={})
        response = HttpResponse(status_code=status, headers={"retry-after": asked})
        retries = BriefRateLimitHandler(max_retry_count=2).can_retry_async(
            state=RetryState(), request=request, response=response
        )

        assert waits == asyncio.run(retries)
