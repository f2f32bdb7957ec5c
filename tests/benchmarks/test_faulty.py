"""The proxy that does what networks do."""

import socket
from contextlib import suppress

from benchmarks.product.faulty import FaultyProxy


def test_a_reset_is_felt_at_both_ends_at_once():
    """Though nothing is on its way: else a server keeps the locks of a caller that is gone."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        FaultyProxy(f"127.0.0.1:{listener.getsockname()[1]}") as proxy,
        socket.create_connection(("127.0.0.1", int(proxy.address.split(":")[1]))) as caller,
        listener.accept()[0] as server,
    ):
        for end in (server, caller):
            end.settimeout(5)
        caller.sendall(b"hello")
        assert server.recv(5) == b"hello"

        proxy.do("resetting")

        for end in (server, caller):
            with suppress(ConnectionResetError):
                assert end.recv(5) == b""
