"""One Slack peer a module and mode, emptied between tests: by Socket Mode, and by signed events."""

from collections.abc import Iterator

import pytest

from tests.bot.channels.slack.running import Workspace
from tests.slack_peer import SlackPeer, free_port


@pytest.fixture(scope="module")
def socket_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackPeer]:
    """A peer that tells of events by Socket Mode."""
    with SlackPeer(tmp_path_factory.mktemp("slack")) as peer:
        yield peer


@pytest.fixture(scope="module")
def events_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SlackPeer, int]]:
    """A peer that posts signed events, and the port that it posts them to."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    with SlackPeer(tmp_path_factory.mktemp("slack"), mode="events", request_url=url) as peer:
        yield peer, port


@pytest.fixture
def socket_workspace(socket_peer: SlackPeer) -> Iterator[Workspace]:
    """An empty workspace that is reached by Socket Mode."""
    with socket_peer.emptied_afterwards():
        yield Workspace(socket_peer)


@pytest.fixture(params=["socket", "events"])
def workspace(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """An empty workspace in either mode."""
    if request.param == "socket":
        yield request.getfixturevalue("socket_workspace")
        return
    peer, port = request.getfixturevalue("events_peer")
    with peer.emptied_afterwards():
        yield Workspace(peer, port)
