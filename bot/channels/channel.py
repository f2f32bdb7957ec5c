"""`Channel`: a way by which shoppers reach the clerk, such as e-mail or WhatsApp.

A channel is one file that implements it; `ChannelWorker` does the rest. The web chat and Slack are
channels with more to show (buttons, cards, streams): they have edges of their own over the same
identity, the same clerk and the same outbox.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from bot.messages import Answer
from feedback.dialogues import DialogueThread


class ReceivedMessage(NamedTuple):
    """What a shopper wrote."""

    message_id: str  # the channel's own: the same again is answered once
    sender: tuple[str, ...]  # who wrote, as the channel names them; only a hash of it is kept
    thread: DialogueThread  # where the dialogue is held, and where its answers go
    text: str
    locale: str = ""  # where the channel knows it; else the text tells
    choice: str | None = None  # the reply whose button was pressed, where the channel has buttons


class OutgoingMessage(NamedTuple):
    """What a shopper is to read: an answer of the clerk's, or a colleague's words."""

    key: str  # the same key again is the same message, sent once more because of doubt
    thread: DialogueThread
    text: str
    author: str | None = None  # the colleague's name; None: the clerk
    answer: Answer | None = None  # with its choices and product cards, for channels that show them


class ChannelLimits(NamedTuple):
    """How much of a shopper's messages is taken."""

    text: int = 4_000  # characters; the clerk itself reads no more
    per_minute: int = 20


class NotDelivered(Exception):
    """A message did not arrive; `retry_s` says when to try again, None: it never will."""

    def __init__(self, reason: str, retry_s: float | None = 60.0) -> None:
        super().__init__(reason)
        self.retry_s = retry_s


class Channel(Protocol):
    """One way by which shoppers reach the clerk."""

    @property
    def name(self) -> str:
        """Written at its dialogues and messages: `email`."""
        ...

    @property
    def limits(self) -> ChannelLimits:
        """How much is taken."""
        ...

    def receive(self, raw: Any) -> ReceivedMessage | None:
        """Read what came in; None: it is not for the clerk (a bounce, an automatic answer)."""
        ...

    def identity(self, sender: tuple[str, ...]) -> str:
        """The shopper's id: a keyed hash, such as `ShopperIds` makes."""
        ...

    def deliver(self, message: OutgoingMessage) -> str | None:
        """Send a message; the channel's own id of it, where it gives one. Called in a thread.

        Raises:
            NotDelivered: it did not arrive.
        """
        ...


class ShopperIds:
    """Shoppers' ids of a channel: keyed hashes, so that they name nobody.

    A shopper known under an older key keeps their id, with their arm and their dialogues.
    """

    def __init__(
        self, channel: str, keys: Sequence[bytes], is_known: Callable[[str], bool]
    ) -> None:
        """`keys`: the newest first."""
        self._channel = channel
        self._keys = keys
        self._is_known = is_known

    def __call__(self, *sender: str) -> str:
        """The id of who is named so at the channel."""
        name = "/".join(sender).encode()
        ids = [
            f"{self._channel}-{hmac.digest(key, name, hashlib.sha256).hex()[:32]}"
            for key in self._keys
        ]
        return next((older for older in ids[1:] if self._is_known(older)), ids[0])
