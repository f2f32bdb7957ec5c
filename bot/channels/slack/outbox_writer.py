"""Writes what is to be said into the outbox, in answer to an event; the same event says it once."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.channels.slack.messages import Message, Press
from bot.channels.slack.thread_notes import KEPT
from feedback.db import InboxEvent
from feedback.desk import Outbox

DONE: Final = "white_check_mark"
ButtonRow = Sequence[tuple[str, str, str]]  # action id, title, value


class OutboxWriter:
    """Says things: to all in a thread, to one person, by a reaction."""

    def __init__(self, outbox: Outbox, clock: Callable[[], datetime]) -> None:
        """Write into `outbox`."""
        self._outbox = outbox
        self._clock = clock

    async def say(self, event: InboxEvent, text: str) -> None:
        """Words in the thread that the event came from."""
        channel, _, thread_ts = event.lane.partition(":")
        key = f"{event.event_key}:words"
        await self.put(key, lane=channel, kind="words", payload={"text": text}, thread_ts=thread_ts)

    async def note(self, event: InboxEvent, channel: str, thread_ts: str, text: str) -> None:
        """Words of ours to the staff in a thread, in Slack's markup: they may mention somebody."""
        key = f"{event.event_key}:note"
        await self.put(key, lane=channel, kind="note", payload={"text": text}, thread_ts=thread_ts)

    async def tell(self, event: InboxEvent, press: Press, text: str | None) -> None:
        """Words that only who pressed sees; on a home page, a direct message."""
        if not text:
            return
        if press.channel:
            await self.whisper(event, press.channel, press.thread_ts, press.user, text)
        else:
            key = f"{event.event_key}:told"
            await self.put(key, lane=press.user, kind="words", payload={"text": text})

    async def tell_once(self, key: str, message: Message, text: str) -> None:
        """Words that only who wrote sees, once under this key."""
        payload = {"user": message.user, "text": text, "buttons": []}
        await self.put(
            key, lane=message.channel, kind="whisper", payload=payload, thread_ts=message.thread_ts
        )

    async def whisper(
        self,
        event: InboxEvent,
        channel: str,
        thread_ts: str | None,
        user: str,
        text: str,
        buttons: ButtonRow = (),
    ) -> None:
        """Words that only `user` sees, in Slack's markup."""
        payload = {"user": user, "text": text, "buttons": [list(each) for each in buttons]}
        key = f"{event.event_key}:whisper"
        await self.put(key, lane=channel, kind="whisper", payload=payload, thread_ts=thread_ts)

    async def mark(self, channel: str, thread_ts: str, ts: str, name: str = DONE) -> None:
        """A reaction at a message; one that waits at an earlier message of the thread is dropped.

        What stands above a tick was sent too, and reactions are counted.
        """
        await self.put(
            f"mark:{channel}:{ts}",
            lane=channel,
            kind="mark",
            payload={"ts": ts, "name": name},
            thread_ts=thread_ts,
            overtakes=True,
        )

    async def mark_kept(self, channel: str, thread_ts: str, ts: str) -> None:
        """A reaction at a message that was kept as a note, each at its own."""
        payload = {"ts": ts, "name": KEPT}
        key = f"kept:{channel}:{ts}"
        await self.put(key, lane=channel, kind="kept_mark", payload=payload, thread_ts=thread_ts)

    async def proposals(self, event: InboxEvent, channel: str, ts: str, ids: str) -> None:
        """Proposed replies as they stand now, in the message that proposed them."""
        key = f"{event.event_key}:proposals"
        payload = {"ts": ts, "ids": ids.split(",")}
        await self.put(key, lane=channel, kind="proposals", payload=payload)

    async def put(self, key: str, **message: Any) -> None:
        """Any message; see `feedback.desk.Outbox.put`."""
        await asyncio.to_thread(lambda: self._outbox.put(key=key, now=self._clock(), **message))
