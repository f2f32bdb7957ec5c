"""The door keeps an event before it is acknowledged, however busy those inside are."""

import asyncio
import threading

from bot.channels.slack.receive import Receiver
from feedback.desk.inbox import Inbox, Incoming
from tests.factories import NOW


class TestAcknowledging:
    def test_does_not_wait_for_those_at_work(self, one_database):
        """Every thread that answers questions is taken, and stays so until we let go."""
        let_go, inbox = threading.Event(), Inbox(one_database)

        async def knock() -> None:
            loop = asyncio.get_running_loop()
            busy = [loop.run_in_executor(None, let_go.wait, 30) for _ in range(64)]
            door = Receiver(inbox, clock=lambda: NOW, arrived=lambda: None)
            try:
                async with asyncio.timeout(10):
                    await door.take(Incoming("event:1", "message", "C1:1.0", "1.0", {}))
            finally:
                let_go.set()
                await asyncio.gather(*busy)

        asyncio.run(knock())

        assert inbox.is_due(NOW)

    def test_what_could_not_be_kept_is_not_acknowledged(self, one_database):
        """Slack tells it again."""

        class Full(Inbox):
            def put_all(self, incoming, now):
                raise OSError("the disk is full")

        door = Receiver(Full(one_database), clock=lambda: NOW, arrived=lambda: None)
        incoming = Incoming("event:1", "message", "C1:1.0", "1.0", {})

        async def knock() -> str:
            try:
                await door.take(incoming)
            except OSError as failure:
                return str(failure)
            return "acknowledged"

        assert "the disk is full" == asyncio.run(knock())
