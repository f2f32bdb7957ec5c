"""gRPC channel options: round robin over addresses, keep-alive, message sizes, reconnects."""

import ipaddress
from collections.abc import Sequence
from typing import Final

from serving.errors import BadAddress

MAX_MESSAGE_BYTES: Final = 64 << 20

CHANNEL_OPTIONS: Final = (
    ("grpc.lb_policy_name", "round_robin"),  # several addresses, or one name with several
    # A peer that vanished without a word is noticed after 5 s of unanswered calls. No pings while
    # nobody asks: the stock server hangs up on clients that send them.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    # A company's web proxy (http_proxy) knows nothing of loopback or of inner networks.
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),  # a server that is back is found within 2 s
)


def target(addresses: Sequence[str]) -> str:
    """What gRPC dials; its resolver of names takes one, its list of addresses numbers only."""
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or "," in address:
            raise BadAddress(address, "it is not host:port")
    if len(addresses) == 1:
        return addresses[0]
    for address in addresses:
        try:
            ipaddress.IPv4Address(address.rpartition(":")[0])
        except ValueError as error:
            raise BadAddress(address, "among several, it is not a numeric IPv4 address") from error
    return "ipv4:" + ",".join(addresses)
