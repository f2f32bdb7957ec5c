"""Which machines may be spoken to: none in private networks, whatever a name resolves to (SSRF)."""

import socket
from collections.abc import Callable, Collection, Iterable
from ipaddress import ip_address
from typing import Any, Final

import httpcore

from feedback.db import FeedbackError

CONNECT_S: Final = 10.0
Resolve = Callable[[str, int], Iterable[str]]


class PrivateAddress(FeedbackError):
    """A name leads to a machine of a private network."""

    def __init__(self, host: str, address: str) -> None:
        """Name both."""
        super().__init__(
            f"{host} is {address}, an address of a private network; those are read only when they"
            " are named and --local is said."
        )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as this machine finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class GuardedConnections(httpcore.SyncBackend):
    """Connects to public addresses alone, and to exactly the one that was checked."""

    def __init__(self, local: Collection[str] = (), resolve: Resolve = resolve) -> None:
        """`local` are hosts with their ports that may be private, "localhost:8000"."""
        self._local = frozenset(local)
        self._resolve = resolve

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *options: Any, **named: Any
    ) -> httpcore.NetworkStream:
        """Connect to a checked address.

        A name that resolves to a public address now and to a private one a moment later gains
        nothing: the name is resolved once.

        Raises:
            PrivateAddress: one of the name's addresses is private.
            httpcore.ConnectError: none of them answers, or there is none.
        """
        try:
            addresses = list(self._resolve(host, port))
        except OSError as unknown:
            raise httpcore.ConnectError(f"{host} is no machine's name") from unknown
        for address in addresses:
            if f"{host}:{port}" not in self._local and not is_public(address):
                raise PrivateAddress(host, address)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return super().connect_tcp(address, port, timeout or CONNECT_S, *options, **named)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                failed = refused
        raise failed


def is_public(address: str) -> bool:
    """Whether an address is of the open internet.

    >>> [is_public(a) for a in ("93.184.216.34", "10.1.2.3", "127.0.0.1", "::1", "169.254.169.254")]
    [True, False, False, False, False]
    >>> is_public("::ffff:10.0.0.1"), is_public("64:ff9b::a00:1"), is_public("2606:4700::1")
    (False, False, True)
    """
    parsed = ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if mapped is not None:
        return is_public(str(mapped))
    if address.lower().startswith("64:ff9b:"):  # an IPv4 address behind a translator
        return False
    return parsed.is_global and not parsed.is_multicast
