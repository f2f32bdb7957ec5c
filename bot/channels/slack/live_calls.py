"""Immediate calls to Slack: the home page, prompts, and the text of a message."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.block_rules import checked_view
from bot.channels.slack.blocks import MAX_SECTION
from bot.channels.slack.config import SlackOptions, StaffPlace
from bot.channels.slack.home import HomeLists, home_view
from bot.channels.slack.messages import Message, Posted, read_files
from bot.channels.slack.retrying_client import METADATA
from bot.channels.slack.shopper_home import OwnDialogue, shopper_home_view
from bot.channels.slack.text import escape_within, read_slack_text
from bot.channels.slack.users import SlackUsers
from bot.controls import Controls
from feedback.desk import CardLists
from feedback.report import week_figures

log = structlog.get_logger()


class LiveCalls:
    """Calls that are made at once, and may be made again."""

    def __init__(
        self,
        *,
        client: AsyncWebClient,
        lists: CardLists,
        controls: Controls,
        people: SlackUsers,
        where: StaffPlace,
        options: SlackOptions,
        clock: Callable[[], datetime],
    ) -> None:
        """`client` may try again by itself."""
        self._client = client
        self._lists = lists
        self._controls = controls
        self._people = people
        self._where = where
        self._shop = options.shop
        self._zone = options.zone
        self._clock = clock

    async def publish_home(self, user: str) -> None:
        """Draw somebody's home page."""
        now = self._clock()
        waiting = await asyncio.to_thread(self._lists.open_cards)
        view = home_view(
            shop=self._shop,
            lists=HomeLists(waiting, self._lists.targets, self._zone, self._where.url),
            figures=await asyncio.to_thread(week_figures, self._lists.db, now),
            model=await asyncio.to_thread(self._controls.model),
            may_manage=await self._people.may_manage(user),
            now=now,
            user=user,
        )
        await self._client.views_publish(user_id=user, view=checked_view(view))

    async def publish_shopper_home(
        self, user: str, locale: str, dialogues: Sequence[OwnDialogue]
    ) -> None:
        """Draw a shopper's home page: nothing of the shop's inside."""
        view = shopper_home_view(
            shop=self._shop, locale=locale, dialogues=dialogues, workspace_url=self._where.url
        )
        await self._client.views_publish(user_id=user, view=checked_view(view))

    async def post_question(self, user: str, text: str, key: str) -> Posted:
        """A question that somebody asked on their home page, put into their direct messages."""
        answer = await self._client.chat_postMessage(
            channel=user,
            text=escape_within(text, MAX_SECTION),
            metadata={"event_type": METADATA, "event_payload": {"key": key}},
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def suggest_prompts(self, channel: str, prompts: Sequence[tuple[str, str]]) -> None:
        """What to ask, offered in the agent's Messages tab: titles, and what is then asked."""
        offered = [{"title": title, "message": message} for title, message in prompts]
        await self._client.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": channel, "prompts": offered},
        )

    async def message(self, channel: str, thread_ts: str, ts: str) -> Message | None:
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
                text = read_slack_text(str(message.get("text") or ""), "")
                user, files = str(message.get("user") or ""), read_files(message)
                team = str(message.get("team") or self._where.team)
                return Message(team, channel, thread_ts, ts, user, text, False, files)
        return None
