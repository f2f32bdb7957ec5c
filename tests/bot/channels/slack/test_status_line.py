"""What Slack shows meanwhile is a nicety: nobody waits for it, and a refusal is not repeated."""

import asyncio
from typing import Any

from bot.channels.slack.status_line import MOST_AT_ONCE, REST_S, StatusLine


class Client:
    """Slack, answering a status when it is let."""

    def __init__(self, failure=None):
        self.asked: list[str] = []
        self.free = asyncio.Event()
        self._failure = failure

    async def api_call(self, method, *, json):
        self.asked.append(json["status"])
        if self._failure:
            raise self._failure
        await self.free.wait()


async def some_turns():
    for _ in range(5):
        await asyncio.sleep(0)


class TestStatusLine:
    def test_keeps_nobody_waiting_and_leaves_out_what_is_too_much(self):
        """A hundred threads at once: eight are told, and the calls end by themselves."""

        async def story():
            client: Any = Client()
            line = StatusLine(client)
            for number in range(100):
                line.begin("D1", f"{number}.1", f"words {number}")
            await some_turns()
            before = len(client.asked)
            client.free.set()
            await some_turns()
            line.begin("D1", "200.1", "more")
            await some_turns()
            return before, client.asked[-1]

        assert (MOST_AT_ONCE, "more") == asyncio.run(story())

    def test_rests_after_a_refusal(self):
        """A workspace without it, or one that is too busy, is not asked at every message."""

        async def story():
            client: Any = Client(OSError("away"))
            now = [100.0]
            line = StatusLine(client, lambda: now[0])
            for later in (0, 1, REST_S + 1):
                now[0] = 100.0 + later
                line.begin("D1", "1.1", f"after {later}")
                await some_turns()
            return client.asked

        assert ["after 0", f"after {REST_S + 1}"] == asyncio.run(story())
