"""Colleagues who approve every action that waits: at the desk, or on its card in Slack."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, Protocol

from bot.channels.slack import action_ids
from feedback.actions import ActionDecisions
from feedback.db import ActionRun
from tests.bot.channels.slack.running import connected, edge_of
from tests.bot.shop import Shop
from tests.slack_peer import MIA, REVIEW, Message, SlackPeer, button_of, eventually

By = Literal["nobody", "desk", "slack"]
APPROVE: Final = action_ids.ACTION_APPROVE


class Approver(Protocol):
    """Decides what waits."""

    def approve(self, run: ActionRun) -> None:
        """Say yes to it; what happens next is the product's."""


class AtTheDesk:
    """Decides as the page at /desk/actions does."""

    def __init__(self, shop: Shop) -> None:
        self._decisions = ActionDecisions(shop.store.db)
        self._clock = shop.clock

    def approve(self, run: ActionRun) -> None:
        """Press "Approve"."""
        self._decisions.decide(run.run_id, "approve", "Mei", self._clock())


class InSlack:
    """Waits for the card, and presses its button; now and then twice."""

    def __init__(self, peer: SlackPeer) -> None:
        self._peer = peer
        self._pressed = 0

    def approve(self, run: ActionRun) -> None:
        """Press "Approve" on the card of this run."""
        card = eventually(lambda: self._card(run.run_id))
        self._pressed += 1
        for _ in range(2 if self._pressed % 5 == 0 else 1):
            self._peer.press(card, MIA, APPROVE)

    def _card(self, run_id: str) -> Message | None:
        return next((one for one in self._peer.bot_messages(REVIEW) if _is_of(one, run_id)), None)


def _is_of(message: Message, run_id: str) -> bool:
    try:
        return bool(button_of(message, APPROVE)["value"] == run_id)
    except (KeyError, StopIteration, AssertionError):
        return False


@contextmanager
def colleague(by: By, shop: Shop, folder: Path) -> Iterator[Approver]:
    """Somebody at work in this way; the shop's clerk is connected to Slack where they are there."""
    if by != "slack":
        yield AtTheDesk(shop)
        return
    with SlackPeer(folder / "slack") as peer, connected(edge_of(shop, peer), peer):
        yield InSlack(peer)
