"""Inbox worker: handles the stored events of Slack and writes what is to be said to the outbox."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.channels.slack import action_ids
from bot.channels.slack.audit_lines import deed_of
from bot.channels.slack.config import SlackLeases
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.home import NOT_ALLOWED
from bot.channels.slack.live_calls import LiveCalls
from bot.channels.slack.messages import Message, Press
from bot.channels.slack.modals import ReplyForm
from bot.channels.slack.shopper_thread import ShopperThreads
from bot.channels.slack.slash_command import SlashCommand
from bot.channels.slack.users import SlackUsers
from bot.controls import Controls, ModelNotChanged
from feedback.db import InboxEvent
from feedback.desk import MAX_ATTEMPTS, Audit, Inbox, Outbox, Sheets

log = structlog.get_logger()

LOOK_S: Final = 1.0  # between looks for what another process's death left behind
SIDE_BY_SIDE: Final = 8  # threads worked off at once; the model server answers in 10 ms
PRUNE_EVERY: Final = timedelta(hours=6)


class NotYet(Exception):
    """It may be understood in a moment: look at it again then."""


@dataclass(frozen=True)
class SlackHandlers:
    """What the kinds of events are handed to."""

    threads: ShopperThreads
    staff_desk: StaffDesk
    sheets: Sheets
    command: SlashCommand
    controls: Controls
    users: SlackUsers
    live_calls: LiveCalls


class InboxWorker:
    """One process's share of the work."""

    def __init__(
        self,
        inbox: Inbox,
        outbox: Outbox,
        handlers: SlackHandlers,
        leases: SlackLeases,
        *,
        sent: Callable[[], None],
    ) -> None:
        """`sent` is called when there may be something to send."""
        self._inbox = inbox
        self._outbox = outbox
        self._threads = handlers.threads
        self._staff_desk = handlers.staff_desk
        self._sheets = handlers.sheets
        self._command = handlers.command
        self._controls = handlers.controls
        self._users = handlers.users
        self._live_calls = handlers.live_calls
        self._owner = leases.owner
        self._clock = leases.clock
        self._lease = leases.lease
        self._sent = sent
        self._wake = asyncio.Event()
        self._pruned: datetime | None = None
        self._kinds: dict[str, Callable[[InboxEvent], Awaitable[None]]] = {
            "message": self._on_message,
            "action": self._on_action,
            "submission": self._on_submission,
            "command": self._on_command,
            "home": self._on_home,
        }

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
            await self._kinds[event.kind](event)
        except NotYet:
            await self._later(event, "not yet")
        except Exception as failure:
            log.exception("slack.failed", kind=event.kind, attempt=event.attempts)
            await self._later(event, type(failure).__name__)
        else:
            await asyncio.to_thread(self._close, event)
        self._sent()

    def _close(self, event: InboxEvent) -> None:
        """Note what the staff did, then forget what they said; a repeat is one line."""
        if deed := deed_of(event):
            note = Audit(self._inbox.db).note
            note(key=event.event_key, now=self._clock(), **deed._asdict())
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
            if event.kind == "message":
                await self._say(event, self._threads.trouble())
            await asyncio.to_thread(self._inbox.failed, key, owner, reason)

    async def _on_message(self, event: InboxEvent) -> None:
        message = Message(**event.body)
        if message.thread_ts != message.ts and await self._heard_by_desk(event, message):
            return
        heard = await asyncio.to_thread(self._threads.hear, message)
        if heard.not_yet:
            raise NotYet
        if heard.words:
            await self._say(event, heard.words)

    async def _heard_by_desk(self, event: InboxEvent, message: Message) -> bool:
        """A message of the staff in a card's thread: inside, unless the thread is live."""
        desk = self._staff_desk.desk
        card = await asyncio.to_thread(desk.in_thread, message.channel, message.thread_ts)
        if card is None:
            return False
        if card.state == "closed":
            return True
        staff = await self._users.staff(message.user)
        if await asyncio.to_thread(self._staff_desk.hear, card, message, staff):
            await self._mark(event, message.channel, message.ts)
            return True
        value = f"{card.card_id} {message.ts}"
        buttons = [[action_ids.SEND_INTERNAL, "Send to shopper", value]]
        if card.state == "taken" and card.staff == staff.id:
            buttons.append([action_ids.LIVE, "Switch the thread live", card.card_id])
        await self._whisper(
            event,
            message.channel,
            message.thread_ts,
            message.user,
            "Only the team reads this message.",
            buttons,
        )
        return True

    async def _on_action(self, event: InboxEvent) -> None:
        press = Press(**event.body)
        name = press.action_id
        if name in (action_ids.THUMBS_UP, action_ids.THUMBS_DOWN, action_ids.FEEDBACK):
            await self._on_thumb(event, press)
        elif name.startswith(action_ids.CHOICE):
            await self._tell(event, press, await asyncio.to_thread(self._threads.choose, press))
        elif name == action_ids.TALK_TO_PERSON:
            await self._tell(
                event, press, await asyncio.to_thread(self._threads.call_person, press)
            )
        elif name.startswith((action_ids.APPROVE, action_ids.WRONG)):
            await self._on_verdict(event, press)
        elif name == action_ids.SEND_INTERNAL:
            await self._on_send_internal(event, press)
        elif name.startswith("desk_"):
            staff = await self._users.staff(press.user, press.user_name)
            told = await asyncio.to_thread(self._staff_desk.press, press, staff)
            await self._tell(event, press, told)
        elif name.startswith("home_"):
            await self._on_home_button(event, press)

    async def _on_thumb(self, event: InboxEvent, press: Press) -> None:
        if refusal := await asyncio.to_thread(self._threads.not_theirs, press):
            await self._tell(event, press, refusal)
            return
        words = await asyncio.to_thread(self._threads.rate, press)
        if words is None:
            return
        if press.argument == "up":
            await self._tell(event, press, words.thanks)
            return
        more = [[action_ids.COMMENT, words.tell_more, f"{press.impression_id} down"]]
        await self._whisper(event, press.channel, press.thread_ts, press.user, words.sorry, more)

    async def _on_verdict(self, event: InboxEvent, press: Press) -> None:
        staff = await self._users.staff(press.user, press.user_name)
        verdict = "approved" if press.action_id.startswith(action_ids.APPROVE) else "rejected"
        first = await asyncio.to_thread(
            self._sheets.judge,
            press.impression_id,
            int(press.argument or 0),
            verdict,
            staff.name,
            self._clock(),
        )
        if first is not None and first != staff.name:
            await self._tell(event, press, f"{first} has judged this already.")

    async def _on_send_internal(self, event: InboxEvent, press: Press) -> None:
        """The text is read from Slack: the button that was pressed does not carry it."""
        staff = await self._users.staff(press.user, press.user_name)
        desk, card_id, ts = self._staff_desk, press.impression_id, press.argument
        view = await asyncio.to_thread(desk.desk.view, card_id)
        if view is None or view.card.channel is None or view.card.ts is None:
            return
        channel, thread_ts = view.card.channel, view.card.ts
        text = await self._live_calls.message_text(channel, thread_ts, ts)
        if text is None:
            await self._tell(event, press, "That message is gone; nothing was sent.")
            return
        told = await asyncio.to_thread(desk.send_message, card_id, channel, ts, text, staff)
        if told is None:
            await self._mark(event, channel, ts)
        await self._tell(event, press, told)

    async def _on_submission(self, event: InboxEvent) -> None:
        body = event.body
        staff = await self._users.staff(body["user"], body.get("user_name", ""))
        callback, key = body["callback_id"], event.event_key
        told: str | None = None
        if callback == action_ids.EDIT_MODAL:
            told = await asyncio.to_thread(
                self._staff_desk.send_edited,
                body["card_id"],
                key,
                body["text"],
                body.get("reply_id"),
                staff,
            )
        elif callback == action_ids.REPLY_MODAL:
            form = ReplyForm(*body["form"])
            told = await asyncio.to_thread(
                self._staff_desk.add_reply, form, body.get("card_id"), key, staff
            )
        elif callback == action_ids.CORRECT_MODAL:
            first = await asyncio.to_thread(
                lambda: self._sheets.judge(
                    body["day"],
                    int(body["position"]),
                    "corrected",
                    staff.name,
                    self._clock(),
                    reply_id=body["reply_id"],
                )
            )
            told = f"{first} has judged this already." if first else None
        elif callback == action_ids.COMMENT_MODAL:
            press = Press(**body["press"])
            words = await asyncio.to_thread(self._threads.rate, press, body["text"])
            told = words.thanks if words else None
        if told and body.get("channel"):
            thread_ts = body.get("thread_ts") or None
            await self._whisper(event, body["channel"], thread_ts, body["user"], told)

    async def _on_command(self, event: InboxEvent) -> None:
        body = event.body
        staff = await self._users.staff(body["user_id"], body["user_name"])
        may = await self._users.may_manage(body["user_id"])
        text = await asyncio.to_thread(
            lambda: self._command.answer(body["text"], staff, may_manage=may)
        )
        await self._put(
            f"{event.event_key}:answer",
            lane=f"respond:{body['user_id']}",
            kind="respond",
            payload={"url": body["response_url"], "text": text, "response_type": "ephemeral"},
        )

    async def _on_home(self, event: InboxEvent) -> None:
        user, tab = event.body["user"], event.body.get("tab")
        try:
            if tab == "messages":
                await self._live_calls.suggest_prompts(event.body.get("channel"))
            else:
                await self._live_calls.publish_home(user)
        except SlackApiError as refused:  # it is drawn again each time it is opened
            log.warning("slack.home_refused", error=refused.response.get("error"))

    async def _on_home_button(self, event: InboxEvent, press: Press) -> None:
        name = press.action_id
        if name != action_ids.REFRESH:
            told = await self._managed(press)
            await self._put(
                f"{event.event_key}:told", lane=press.user, kind="words", payload={"text": told}
            )
        with contextlib.suppress(SlackApiError):
            await self._live_calls.publish_home(press.user)

    async def _managed(self, press: Press) -> str:
        if not await self._users.may_manage(press.user):
            return NOT_ALLOWED
        staff = await self._users.staff(press.user, press.user_name)
        try:
            if press.action_id == action_ids.RETRAIN:
                return await asyncio.to_thread(self._controls.retrain, staff.name)
            if press.action_id == action_ids.ROLL_BACK:
                return await asyncio.to_thread(self._controls.roll_back, staff.name)
            version = int(press.impression_id)
            ends = press.action_id.startswith(action_ids.KEEP)
            act = self._controls.keep if ends else self._controls.promote
            return await asyncio.to_thread(act, version, staff.name)
        except ModelNotChanged as refused:
            log.warning("slack.not_managed", action=press.action_id, reason=str(refused))
            return f"That did not work: {refused}"

    async def _say(self, event: InboxEvent, text: str) -> None:
        """Words in the thread that the event came from."""
        channel, _, thread_ts = event.lane.partition(":")
        await self._put(
            f"{event.event_key}:words",
            lane=channel,
            kind="words",
            payload={"text": text},
            thread_ts=thread_ts,
        )

    async def _tell(self, event: InboxEvent, press: Press, text: str | None) -> None:
        """Words that only who pressed sees."""
        if text and press.channel:
            await self._whisper(event, press.channel, press.thread_ts, press.user, text)

    async def _whisper(
        self,
        event: InboxEvent,
        channel: str,
        thread_ts: str | None,
        user: str,
        text: str,
        buttons: list[list[str]] | None = None,
    ) -> None:
        payload: dict[str, Any] = {"user": user, "text": text, "buttons": buttons or []}
        key = f"{event.event_key}:whisper"
        await self._put(key, lane=channel, kind="whisper", payload=payload, thread_ts=thread_ts)

    async def _mark(self, event: InboxEvent, channel: str, ts: str) -> None:
        """A tick at a message of the staff that went to the shopper."""
        payload = {"ts": ts, "name": "white_check_mark"}
        await self._put(f"mark:{channel}:{ts}", lane=channel, kind="mark", payload=payload)

    async def _put(self, key: str, **message: Any) -> None:
        await asyncio.to_thread(lambda: self._outbox.put(key=key, now=self._clock(), **message))
