"""Slack's listeners: parse, decide, render; each makes those three calls and knows no more."""

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import (
    CHOICE,
    FEEDBACK,
    TALK_TO_PERSON,
    THUMBS_DOWN,
    THUMBS_UP,
    ClickLink,
    Post,
    answer_post,
    text_post,
)
from bot.slack.messages import Press, read_message, read_press
from bot.slack.posting import post_in_thread
from bot.slack.talk import Spoken, Talk

log = structlog.get_logger()

Body = dict[str, Any]


class Decide(Protocol):
    """What to say about a pressed button."""

    def __call__(self, press: Press) -> Spoken | None:
        """None: nothing."""
        ...


class Listeners:
    """Answers Slack's events; turns of one thread are answered one after another."""

    def __init__(self, talk: Talk, *, click_link: ClickLink, feedback_buttons: bool) -> None:
        """Draw thumbs as Slack's feedback buttons if `feedback_buttons`, until it refuses them."""
        self._talk = talk
        self._click_link = click_link
        self._feedback_buttons = feedback_buttons
        self._threads: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def register(self, app: AsyncApp) -> None:
        """Listen to messages, mentions and our own buttons."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_message)
        app.action(re.compile(f"^({THUMBS_UP}|{THUMBS_DOWN}|{FEEDBACK})$"))(self.on_thumb)
        app.action(re.compile(f"^{CHOICE}\\d+$"))(self.on_choice)
        app.action(TALK_TO_PERSON)(self.on_talk_to_person)

    async def on_message(
        self, body: Body, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """A message or a mention; Bolt has acknowledged it already."""
        message = read_message(body, context.bot_user_id or "")
        if message is None:
            return
        async with self._turn_in(message.channel, message.thread_ts):
            spoken = await self._decided(self._talk.hear, message)
            await self._say(client, message.channel, message.thread_ts, spoken)

    async def on_thumb(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A thumb on an answer; only who pressed it sees the thanks."""
        await ack()
        press = read_press(body)
        thanks = await asyncio.to_thread(self._talk.rate, press) if press else None
        if press and thanks:
            await self._whisper(client, press, thanks)

    async def on_choice(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """A reply chosen by its button."""
        await ack()
        await self._answer_press(body, client, self._talk.choose)

    async def on_talk_to_person(self, ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        """The shopper wants a person."""
        await ack()
        await self._answer_press(body, client, self._talk.call_person)

    async def _answer_press(self, body: Body, client: AsyncWebClient, decide: Decide) -> None:
        press = read_press(body)
        if press is None:
            return
        async with self._turn_in(press.channel, press.thread_ts):
            spoken = await self._decided(decide, press)
            if spoken and spoken.answer is None:
                await self._whisper(client, press, spoken.text)
            else:
                await self._say(client, press.channel, press.thread_ts, spoken)

    async def _decided(self, decide: Callable[[Any], Spoken | None], heard: Any) -> Spoken | None:
        """Decide in a thread; a shopper is never left without a word."""
        try:
            return await asyncio.to_thread(decide, heard)
        except Exception:
            log.exception("slack.failed")
            return self._talk.trouble()

    async def _say(
        self, client: AsyncWebClient, channel: str, thread_ts: str, spoken: Spoken | None
    ) -> None:
        if spoken is None:
            return
        forms = self._forms(spoken)
        try:
            taken = await post_in_thread(client, channel, thread_ts, forms)
        except SlackApiError as refusal:
            log.exception("slack.not_posted", error=refusal.response.get("error"))
            return
        if taken and len(forms) > 1 and self._feedback_buttons:
            self._feedback_buttons = False  # this workspace does not take them

    async def _whisper(self, client: AsyncWebClient, press: Press, text: str) -> None:
        """Say something that only who pressed sees."""
        post = text_post(text)
        try:
            await client.chat_postEphemeral(
                channel=press.channel,
                user=press.user,
                thread_ts=press.thread_ts,
                text=post.text,
            )
        except SlackApiError as refusal:  # the thumb counts all the same
            log.warning("slack.not_whispered", error=refusal.response.get("error"))

    def _forms(self, spoken: Spoken) -> list[Post]:
        """The ways to post it, richest first."""
        answer = spoken.answer
        if answer is None:
            return [text_post(spoken.text)]

        def drawn(*, feedback_buttons: bool, pictures: bool) -> Post:
            return answer_post(
                answer,
                locale=spoken.locale,
                click_link=self._click_link,
                chosen=spoken.chosen,
                feedback_buttons=feedback_buttons,
                pictures=pictures,
            )

        rich = drawn(feedback_buttons=self._feedback_buttons, pictures=True)
        return [rich, drawn(feedback_buttons=False, pictures=False)]

    def _turn_in(self, channel: str, thread_ts: str) -> asyncio.Lock:
        key = (channel, thread_ts)
        lock = self._threads.get(key)
        if lock is None:
            lock = self._threads[key] = asyncio.Lock()
        return lock
