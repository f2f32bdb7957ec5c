"""Handles the stored events of Slack by kind: shoppers' here, the staff's in `staff_events`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from slack_sdk.errors import SlackApiError

from bot.channels.slack import action_ids
from bot.channels.slack.block_rules import BrokenView
from bot.channels.slack.files import FetchedFile, SlackFiles
from bot.channels.slack.live_calls import LiveCalls
from bot.channels.slack.messages import Edit, Message, Press, Reaction, kept_message
from bot.channels.slack.outbox_writer import OutboxWriter
from bot.channels.slack.shopper_thread import MessageOutcome, ShopperThreads
from bot.channels.slack.slash_command import FOR_SHOPPERS
from bot.channels.slack.staff_events import StaffEvents
from bot.channels.slack.status_line import StatusLine
from bot.channels.slack.users import SlackUsers
from bot.languages import phrases_in
from feedback.db import InboxEvent

log = structlog.get_logger()


class NotYet(Exception):
    """It may be understood in a moment: look at it again then."""


class NotStaff(Exception):
    """Somebody who is no member of the staff did what only they may."""


class EventHandlers:
    """What each kind of event does."""

    def __init__(
        self,
        *,
        threads: ShopperThreads,
        staff: StaffEvents,
        users: SlackUsers,
        files: SlackFiles,
        live_calls: LiveCalls,
        status: StatusLine,
        writer: OutboxWriter,
    ) -> None:
        """See `bot.channels.slack.edge.build_slack`."""
        self._threads = threads
        self._staff = staff
        self._users = users
        self._files = files
        self._live_calls = live_calls
        self._status = status
        self._writer = writer
        self._kinds: Mapping[str, Callable[[InboxEvent], Awaitable[None]]] = {
            "message": self._on_message,
            "edit": self._on_edit,
            "reaction": self._on_reaction,
            "action": self._on_action,
            "submission": self._on_submission,
            "command": self._on_command,
            "home": self._on_home,
            "told": self._on_told,
        }

    async def handle(self, event: InboxEvent) -> None:
        """Do what the event asks for.

        Raises:
            NotYet: it is to be looked at again.
            NotStaff: it was refused, and its sender was told.
        """
        await self._kinds[event.kind](event)

    async def trouble(self, event: InboxEvent) -> None:
        """An event that failed again and again: a shopper is never left without a word."""
        if event.kind == "message":
            await self._writer.say(event, self._threads.trouble())

    async def _on_message(self, event: InboxEvent) -> None:
        message = kept_message(event.body)
        if message.thread_ts != message.ts and await self._staff.on_thread_message(event, message):
            return
        heard = await self._hear(message)
        if heard.not_yet:
            raise NotYet
        if heard.words:
            await self._writer.say(event, heard.words)

    async def _on_edit(self, event: InboxEvent) -> None:
        edit = Edit(**event.body)
        if await self._staff.on_edit(event, edit):
            return
        if not await asyncio.to_thread(self._threads.correct, edit):
            raise NotYet  # the change may be told before the message

    async def _on_reaction(self, event: InboxEvent) -> None:
        reaction = Reaction(**event.body)
        if not await self._users.is_staff(reaction.user, reaction.channel):
            raise NotStaff
        await self._staff.on_reaction(event, reaction)

    async def _hear(self, message: Message) -> MessageOutcome:
        """Answer it; who is staff and only tries the clerk is no shopper of any figure."""
        files = await self._fetch(message) if message.files else []
        await self._say_status(message)
        heard = await asyncio.to_thread(self._threads.hear, message, files)
        if heard.opened and await self._users.is_staff(message.user):
            await asyncio.to_thread(self._threads.leave_out_staff, message)
        return heard

    async def _say_status(self, message: Message) -> None:
        """In direct messages, where Slack shows it: the clerk works on it, or a colleague does."""
        if message.channel.startswith("D"):
            words = await asyncio.to_thread(self._threads.status_words, message)
            self._status.begin(message.channel, message.thread_ts, words)

    async def _fetch(self, message: Message) -> list[FetchedFile]:
        """The files of a message that is meant for the clerk; others' stay where they are."""
        is_heard = await asyncio.to_thread(self._threads.is_heard, message)
        return await self._files.fetch(message) if is_heard else []

    async def _on_action(self, event: InboxEvent) -> None:
        press = Press(**event.body)
        name = press.action_id
        if name in (action_ids.THUMBS_UP, action_ids.THUMBS_DOWN, action_ids.FEEDBACK):
            await self._on_thumb(event, press)
        elif name.startswith(action_ids.CHOICE):
            told = await asyncio.to_thread(self._threads.choose, press)
            await self._writer.tell(event, press, told)
        elif name == action_ids.TALK_TO_PERSON:
            told = await asyncio.to_thread(self._threads.call_person, press)
            await self._writer.tell(event, press, told)
        elif name == action_ids.REFRESH:
            await self._publish_home(press.user, press.team)
        elif name.startswith(action_ids.OF_STAFF):
            await self._check_staff(event, press)
            await self._staff.on_press(event, press)
            if not press.channel:
                await self._publish_home(press.user, press.team)

    async def _on_thumb(self, event: InboxEvent, press: Press) -> None:
        if refusal := await asyncio.to_thread(self._threads.not_theirs, press):
            await self._writer.tell(event, press, refusal)
            return
        words = await asyncio.to_thread(self._threads.rate, press)
        if words is None:
            return
        if press.argument == "up":
            await self._writer.tell(event, press, words.thanks)
            return
        more = [(action_ids.COMMENT, words.tell_more, f"{press.impression_id} down")]
        await self._writer.whisper(
            event, press.channel, press.thread_ts, press.user, words.sorry, more
        )

    async def _on_submission(self, event: InboxEvent) -> None:
        body = event.body
        callback, user, channel = body["callback_id"], body["user"], body.get("channel") or ""
        if callback == action_ids.COMMENT_MODAL:
            press = Press(**body["press"])
            words = await asyncio.to_thread(self._threads.rate, press, body["text"])
            told = words.thanks if words else None
        elif callback == action_ids.ASK_MODAL:
            await self._ask(event)
            return
        else:
            press = Press("", channel, body.get("thread_ts") or "", user, "", "")
            await self._check_staff(event, press)
            told = await self._staff.on_submission(event)
        if told and channel:
            thread_ts = body.get("thread_ts") or None
            await self._writer.whisper(event, channel, thread_ts, user, told)

    async def _ask(self, event: InboxEvent) -> None:
        """A question from a shopper's home page: asked and answered in their direct messages."""
        body = event.body
        asked = await self._live_calls.post_question(body["user"], body["text"], event.event_key)
        message = Message(
            team=body.get("team") or "",
            channel=asked.channel,
            thread_ts=asked.ts,
            ts=asked.ts,
            user=body["user"],
            text=body["text"],
            addressed=True,
        )
        heard = await self._hear(message)
        if heard.words:
            payload = {"text": heard.words}
            key = f"{event.event_key}:words"
            await self._writer.put(
                key, lane=asked.channel, kind="words", payload=payload, thread_ts=asked.ts
            )

    async def _on_command(self, event: InboxEvent) -> None:
        body = event.body
        user, text = body["user_id"], body["text"]
        is_staff = await self._users.is_staff(user, body["channel_id"])
        word = text.strip().partition(" ")[0].lower()
        refused = not is_staff and word not in FOR_SHOPPERS
        if refused:
            told = await self._staff_only(user)
        else:
            staff = await self._users.staff(user, body["user_name"])
            may = await self._users.may_manage(user)
            answer = self._staff.command.answer
            told = await asyncio.to_thread(
                lambda: answer(text, staff, may_manage=may, is_staff=is_staff)
            )
        await self._writer.put(
            f"{event.event_key}:answer",
            lane=f"respond:{user}",
            kind="respond",
            payload={"url": body["response_url"], "text": told, "response_type": "ephemeral"},
        )
        if refused:
            raise NotStaff

    async def _on_told(self, event: InboxEvent) -> None:
        body = dict(event.body)
        text = body.pop("told")
        await self._writer.tell(event, Press(**body), text)

    async def _on_home(self, event: InboxEvent) -> None:
        user = event.body["user"]
        if event.body.get("tab") == "messages":
            await self._suggest_prompts(user, event.body.get("channel"))
        else:
            await self._publish_home(user, event.body.get("team") or "")

    async def _suggest_prompts(self, user: str, channel: str | None) -> None:
        if channel:
            locale = await self._users.locale(user) or self._threads.locale
            try:
                await self._live_calls.suggest_prompts(channel, phrases_in(locale).prompts)
            except SlackApiError as refused:
                log.warning("slack.no_prompts", error=refused.response.get("error"))

    async def _publish_home(self, user: str, team: str) -> None:
        """The desk's page for the staff, a shopper's own for everybody else."""
        try:
            if await self._users.is_staff(user):
                await self._live_calls.publish_home(user)
                return
            locale = await self._users.locale(user) or self._threads.locale
            dialogues = await asyncio.to_thread(self._threads.dialogues_of, team, user)
            await self._live_calls.publish_shopper_home(user, locale, dialogues)
        except (SlackApiError, BrokenView) as refused:  # it is drawn again when it is opened
            log.warning("slack.home_refused", reason=str(refused)[:300])

    async def _check_staff(self, event: InboxEvent, press: Press) -> None:
        if not await self._users.is_staff(press.user, press.channel):
            await self._writer.tell(event, press, await self._staff_only(press.user))
            raise NotStaff

    async def _staff_only(self, user: str) -> str:
        locale = await self._users.locale(user) or self._threads.locale
        return phrases_in(locale).home.staff_only
