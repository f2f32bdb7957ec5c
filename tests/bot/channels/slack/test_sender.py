"""When the outbox is looked at: at once where somebody is known to have written."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.slack.config import SlackLeases
from bot.channels.slack.sender import OutboxSender
from feedback.desk.outbox import Outbox

HOUR_S = 3600.0


class SlowQueue:
    """A queue whose looks are counted, each with what happens meanwhile."""

    def __init__(self):
        self.looks: asyncio.Queue[datetime] = asyncio.Queue()
        self.meanwhile: list[Callable[[], None]] = []
        self._loop = asyncio.get_running_loop()

    def fill(self, now):
        if self.meanwhile:
            self.meanwhile.pop()()
        self._loop.call_soon_threadsafe(self.looks.put_nowait, now)


@pytest.fixture
def run(shop):
    """Runs a test beside a sender that looks once an hour by itself."""

    def sending(test):
        async def both():
            queue = SlowQueue()
            leases = SlackLeases("me", shop.clock, timedelta(seconds=1))
            outbox = Outbox(shop.store.db)
            idle: dict[str, Any] = {"queue": queue, "renderer": None, "caller": None}
            sender = OutboxSender(outbox, **idle, leases=leases, look_s=HOUR_S)
            queue.meanwhile.append(lambda: test.during_first_look(sender))
            running = asyncio.create_task(sender.run())
            try:
                await asyncio.wait_for(test.after(sender, queue), 30)
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        asyncio.run(both())

    return sending


class TestWaking:
    def test_what_is_written_during_a_look_is_looked_for_again(self, run):
        """It came too late for that look, and must not wait for the next by the clock."""

        class Written:
            def during_first_look(self, sender):
                sender.wake_soon()

            async def after(self, sender, queue):
                await queue.looks.get()
                await queue.looks.get()

        run(Written())

    def test_another_thread_wakes_it(self, run):
        """The web chat writes in threads of its own."""

        class Chat:
            def during_first_look(self, sender):
                """Nobody has written yet."""

            async def after(self, sender, queue):
                await queue.looks.get()
                threading.Thread(target=sender.wake_soon).start()
                await queue.looks.get()

        run(Chat())
