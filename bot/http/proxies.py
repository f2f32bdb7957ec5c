"""Trusted proxies: whose X-Forwarded-For is believed, and the sender that follows from it.

A header is believed as far as the proxies that wrote it are: read from the right, the first address
that is no trusted proxy is the sender. With no proxy named, the header is anybody's words.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

UNIX: Final = "unix"  # names the peer at the other end of a Unix socket, which has no address
SCHEMES: Final = ("http", "https")
MAX_HOPS: Final = 20  # entries read; more than any chain of proxies has

Address = IPv4Address | IPv6Address


class RequestSender(NamedTuple):
    """Who sent a request, as far as it can be believed."""

    address: str | None  # None: nobody knows
    scheme: str | None  # as a trusted proxy says; None: none said
    forwarder: str | None = None  # an address that speaks for others and is not trusted


class Proxies:
    """The proxies that are trusted."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        """`networks` are addresses, networks, and `unix`.

        Raises:
            ValueError: one is none of these.
        """
        named = list(networks)
        self._unix = UNIX in named
        self._networks = [ip_network(each, strict=False) for each in named if each != UNIX]
        self._any = bool(named)

    def trust(self, peer: str | None) -> bool:
        """Whether what this peer says of others is believed; None is a Unix socket's."""
        if not self._any:
            return False
        if peer is None:
            return self._unix
        address = read_address(peer)
        return address is not None and self._hold(address)

    def sender(self, peer: str | None, headers: Iterable[tuple[bytes, bytes]]) -> RequestSender:
        """Who sent a request that came from `peer` with `headers`."""
        chain: list[str] = []
        scheme = None
        for name, value in headers:
            if name == b"x-forwarded-for":
                chain += value.decode("latin-1").split(",")
            elif name == b"x-forwarded-proto":
                scheme = value.decode("latin-1").rpartition(",")[2].strip().lower()
        if not self.trust(peer):
            return RequestSender(peer, None, (peer or UNIX) if chain else None)
        address, unread = self._first_untrusted(peer, chain)
        forwarder = address if unread and address != peer else None
        return RequestSender(address, scheme if scheme in SCHEMES else None, forwarder)

    def _first_untrusted(self, peer: str | None, chain: Sequence[str]) -> tuple[str | None, int]:
        """From the right, and how many entries stand before it.

        Where all are trusted it is the first of them: the proxy itself asks. An entry that is no
        address ends the search at the proxy that wrote it.
        """
        last = peer
        for read, entry in enumerate(reversed(chain[-MAX_HOPS:]), 1):
            if not entry.strip():
                continue  # a list may have empty places
            address = read_address(entry)
            if address is None:
                return last, 0
            last = str(address)
            if not self._hold(address):
                return last, len(chain) - read
        return last, 0

    def _hold(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def read_address(text: str) -> Address | None:
    """The address in `text`: bare, in brackets, with a port or a zone; None if there is none.

    An IPv4 address that is written as an IPv6 one (as a socket for both kinds does) is IPv4.
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
