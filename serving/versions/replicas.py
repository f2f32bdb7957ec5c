"""Replicas of the model server behind one address, taken through a rollout together.

Calls may go to any of them, but a reload reaches one. A replica that only read the config file
would be told of a label and its version at once, which TensorFlow Serving refuses for good. So each
is told each step, and a version counts as loaded when all of them have loaded it.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from serving.client import AVAILABLE, END, TFServingRanker, VersionState
from serving.ranker import RankerUnavailable
from serving.versions.label_moves import ModelServer

log = structlog.get_logger()

AWAY: Final = "no replica answers"


def addresses_of(addresses: Iterable[str]) -> list[str]:
    """Every `host:port` behind the given ones: a name may stand for several servers.

    >>> addresses_of(["127.0.0.1:8500", "127.0.0.2:8500"])
    ['127.0.0.1:8500', '127.0.0.2:8500']
    """
    found = []
    for address in addresses:
        host, _, port = address.rpartition(":")
        try:
            infos = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            found.append(address)  # who dials it says what is wrong
            continue
        found += [f"{info[4][0]}:{port}" for info in infos]
    return list(dict.fromkeys(found))


class Replicas:
    """Several model servers as one; those away are left out: they start from the config file."""

    def __init__(
        self, addresses: Sequence[str], connect: Callable[[str], ModelServer] = TFServingRanker
    ) -> None:
        """Look behind `addresses` now; who joins later starts from the config file."""
        self._servers = {address: connect(address) for address in addresses_of(addresses)}

    def status(self, version: int | None = None) -> list[VersionState]:
        """The states that hold for all: available is what each has loaded, failed what any failed.

        Raises:
            RankerUnavailable: none of them answers.
        """
        seen = [states for _, states in self._answering(version)]
        found = {}
        for number in {state.version for states in seen for state in states}:
            found[number] = _common(number, [_state(number, states) for states in seen])
        return [found[number] for number in sorted(found)]

    def reload(self, config: str) -> None:
        """Have each that answers take a whole new model config.

        Raises:
            RankerUnavailable: none of them answers.
            ReloadRefused: one did not take it.
        """
        for address, _ in self._answering():
            self._servers[address].reload(config)

    def _answering(self, version: int | None = None) -> list[tuple[str, list[VersionState]]]:
        found = []
        reasons = [AWAY]
        for address, server in self._servers.items():
            try:
                found.append((address, server.status(version)))
            except RankerUnavailable as error:
                log.warning("replica.away", address=address, reason=str(error))
                reasons.append(str(error))
        if not found:
            raise RankerUnavailable(reasons[-1])
        return found


def _state(version: int, states: Iterable[VersionState]) -> VersionState | None:
    return next((state for state in states if state.version == version), None)


def _common(version: int, states: Sequence[VersionState | None]) -> VersionState:
    known = [state for state in states if state is not None]
    failed = [state for state in known if state.state == END and state.error]
    if failed:
        return failed[0]
    if len(known) == len(states):
        return min(known, key=lambda state: (state.state == AVAILABLE, state.state))
    return VersionState(version, min(min(state.state for state in known), AVAILABLE - 1), "")
