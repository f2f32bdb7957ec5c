"""Immediate calls to Slack: the home page, prompts, and the text of a message."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.home import home_view
from bot.channels.slack.render import StaffPlace
from bot.channels.slack.text import read_slack_text
from bot.channels.slack.users import SlackUsers
from bot.controls import Controls
from feedback.desk import Desk
from feedback.report import week_figures

log = structlog.get_logger()

PROMPTS: Final = (
    ("Where is my order?", "Where is my order?"),
    ("How do returns work?", "How do I return something?"),
    ("Find me a product", "Can you recommend something?"),
    ("Talk to a person", "I would like to talk to a person"),
)


class LiveCalls:
    """Calls that are made at once, and may be made again."""

    def __init__(
        self,
        *,
        client: AsyncWebClient,
        desk: Desk,
        controls: Controls,
        people: SlackUsers,
        where: StaffPlace,
        shop: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`client` may try again by itself."""
        self._client = client
        self._desk = desk
        self._controls = controls
        self._people = people
        self._where = where
        self._shop = shop
        self._clock = clock

    async def publish_home(self, user: str) -> None:
        """Draw somebody's home page."""
        now = self._clock()
        waiting = await asyncio.to_thread(self._desk.waiting)
        view = home_view(
            shop=self._shop,
            waiting=waiting,
            figures=await asyncio.to_thread(week_figures, self._desk.db, now),
            model=await asyncio.to_thread(self._controls.model),
            may_manage=await self._people.may_manage(user),
            workspace_url=self._where.url,
            now=now,
        )
        await self._client.views_publish(user_id=user, view=view)

    async def suggest_prompts(self, channel: str | None) -> None:
        """What to ask, offered in the agent's Messages tab."""
        if not channel:
            return
        prompts = [{"title": title, "message": message} for title, message in PROMPTS]
        await self._client.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": channel, "prompts": prompts},
        )

    async def message_text(self, channel: str, thread_ts: str, ts: str) -> str | None:
        """What a person wrote in a thread; None where it is gone."""
        try:
            found: Any = await self._client.conversations_replies(
                channel=channel, ts=thread_ts, oldest=ts, latest=ts, inclusive=True, limit=10
            )
        except SlackApiError as refused:
            log.warning("slack.not_read", error=refused.response.get("error"))
            return None
        for message in found.get("messages") or []:
            if message.get("ts") == ts:
                return read_slack_text(str(message.get("text") or ""), "")
        return None
