"""Limits on request bodies: the largest of each path, and the memory of all of them together.

Checked while a body arrives, before it is hashed or parsed: a signature can be invented, too.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from starlette.types import Message, Receive

from bot.http.problems import Problem

KILOBYTE: Final = 1_000
CHAT_BYTES: Final = 64 * KILOBYTE
EVENT_BYTES: Final = 1_000 * KILOBYTE  # Slack's: one object an event
FILE_BYTES: Final = 10_100 * KILOBYTE  # a file, and the form around it
CAPS: Final = {
    "/slack/": EVENT_BYTES,
    "/api/chat/files": FILE_BYTES,
    "/webhooks/mail": FILE_BYTES,
    "/desk/dialogues/": FILE_BYTES,
}
HELD_BYTES: Final = 64_000 * KILOBYTE  # a dozen of the largest orders at the same moment


def cap_of(path: str, caps: Mapping[str, int]) -> int:
    """The most bytes that are read of a body; `caps` name paths that take more than the chat.

    >>> cap_of("/slack/events", CAPS), cap_of("/api/chat/messages", CAPS)
    (1000000, 64000)
    """
    return next((cap for start, cap in caps.items() if path.startswith(start)), CHAT_BYTES)


def too_large(cap: int) -> Problem:
    """What a body over its cap is answered."""
    return Problem("too-large", f"At most {cap // KILOBYTE} kB are taken here; send less at once.")


class Bodies:
    """Counts the bytes of all bodies that are being read or worked on."""

    def __init__(self, most: int = HELD_BYTES) -> None:
        self._most = most
        self._held = 0

    @contextmanager
    def counted(self, receive: Receive, cap: int) -> Iterator[Receive]:
        """A `receive` that stops a body at `cap`, and any body where too much is held already.

        Raises:
            Problem: out of the `receive` it gives; the body is too large, or comes at a bad moment.
        """
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            self._held += size
            if taken > cap:
                raise too_large(cap)
            if self._held > self._most:
                raise Problem("busy", "Send it again in 10 s.", {"Retry-After": "10"})
            return message

        try:
            yield bounded
        finally:
            self._held -= taken
