"""Carries messages between a `Channel` and the clerk: what came in is answered, the outbox sent."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.channels.channel import Channel, NotDelivered, OutgoingMessage, ReceivedMessage
from bot.clerk import MAX_TEXT, ChoiceNotOffered, Clerk, EmptyText
from bot.conversation import answer_shown
from bot.languages import phrases_in, reply_locale
from feedback.db import Dialogue, RateLimit, RateWindows
from feedback.desk import Claimed, Outbox
from feedback.dialogues import DialogueThread, Store

LEASE: Final = timedelta(minutes=2)  # longer than one delivery takes; a killed bot's is waited out
PACE: Final = timedelta(0)  # between two messages to the same place
LOOK_S: Final = 1.0

log = structlog.get_logger()


class TooManyMessages(Exception):
    """A shopper wrote more than the channel takes; it may come again after `wait_s`."""

    def __init__(self, channel: str, most: int, wait_s: float) -> None:
        super().__init__(f"More than {most} a minute by {channel} from one shopper.")
        self.wait_s = wait_s


class ChannelWorker:
    """One channel's work, synchronous but for `run`: call it in a thread."""

    def __init__(
        self,
        channel: Channel,
        *,
        clerk: Clerk,
        store: Store,
        windows: RateWindows,
        clock: Callable[[], datetime],
        owner: str,
    ) -> None:
        """`owner` names this process in leases; `windows` count for all processes."""
        self._channel = channel
        self._clerk = clerk
        self._store = store
        self._outbox = Outbox(store.db, channel.name)
        self._windows = windows
        self._clock = clock
        self._owner = owner

    def receive(self, raw: Any) -> None:
        """Answer what came in. The same message again is answered once.

        Raises:
            TooManyMessages: its sender wrote too much; nothing was recorded.
        """
        message = self._channel.receive(raw)
        if message is None:
            return
        shopper_id = self._channel.identity(message.sender)
        self._check_rate(shopper_id)
        dialogue = self._store.dialogue_in(message.thread) or self._clerk.open(
            shopper_id=shopper_id,
            channel=self._channel.name,
            locale=message.locale,
            thread=message.thread,
        )
        if words := self._answer(dialogue, message):
            self._outbox.put(
                key=f"words:{self._channel.name}:{message.message_id}",
                lane=message.thread.channel,
                thread_ts=message.thread.thread_ts,
                kind="words",
                payload={"text": words},
                dialogue_id=dialogue.dialogue_id,
                now=self._clock(),
            )

    def send_due(self) -> int:
        """Send what waits and may be sent now; how many messages were tried."""
        now = self._clock()
        if not self._outbox.is_due(now):
            return 0
        claimed = self._outbox.claim(self._owner, now, LEASE, PACE)
        for one in claimed:
            self._send(one)
        return len(claimed)

    async def run(self) -> None:
        """Send until cancelled; a failing store is waited for."""
        while True:
            try:
                sent = await asyncio.to_thread(self.send_due)
            except Exception:
                log.exception("channel.outbox_failed", channel=self._channel.name)
                sent = 0
            await asyncio.sleep(0 if sent else LOOK_S)

    def _check_rate(self, shopper_id: str) -> None:
        most = self._channel.limits.per_minute
        if over := self._windows.hit([RateLimit("shopper", shopper_id, most)], self._clock()):
            raise TooManyMessages(self._channel.name, most, over[1])

    def _answer(self, dialogue: Dialogue, message: ReceivedMessage) -> str | None:
        """Answer it, through the outbox; words where there is nothing that could be answered."""
        locale = reply_locale([message.text], session=dialogue.locale)
        limit = min(self._channel.limits.text, MAX_TEXT)
        if len(message.text) > limit:
            return phrases_in(locale).too_long.format(limit=limit)
        try:
            self._clerk.reply(
                dialogue.dialogue_id,
                message.text,
                client_id=message.message_id,
                choice=message.choice,
            )
        except (EmptyText, ChoiceNotOffered):
            return self._clerk.greeting(locale)
        return None

    def _send(self, claimed: Claimed) -> None:
        message, now = self._message(claimed), self._clock()
        if message is None:  # erased meanwhile
            self._outbox.failed(claimed.number, self._owner, "nothing to say any more")
            return
        try:
            channels_id = self._channel.deliver(message)
        except NotDelivered as refused:
            self._not_sent(claimed, refused, now)
        except Exception as failure:
            log.exception("channel.not_sent", channel=self._channel.name)
            self._not_sent(claimed, NotDelivered(type(failure).__name__), now)
        else:
            self._outbox.sent(claimed.number, self._owner, channels_id, now)

    def _not_sent(self, claimed: Claimed, refused: NotDelivered, now: datetime) -> None:
        if refused.retry_s is None:
            self._outbox.failed(claimed.number, self._owner, str(refused))
        else:
            due = now + timedelta(seconds=refused.retry_s)
            self._outbox.again(claimed.number, self._owner, due, str(refused), arrived=None)

    def _message(self, claimed: Claimed) -> OutgoingMessage | None:
        dialogue = self._store.dialogue(claimed.dialogue_id or "")
        if dialogue is None or not (dialogue.slack_channel and dialogue.thread_ts):
            return None
        thread = DialogueThread(dialogue.team or "", dialogue.slack_channel, dialogue.thread_ts)
        if claimed.kind == "words":
            return OutgoingMessage(claimed.key, thread, claimed.payload["text"])
        turn = self._store.turn(claimed.payload["turn_id"])
        if turn is None:
            return None
        shown = self._store.impression(turn.impression_id) if turn.impression_id else None
        answer = answer_shown(turn, shown) if shown else None
        return OutgoingMessage(claimed.key, thread, turn.text, turn.author, answer)
