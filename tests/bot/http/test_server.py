"""What one connection, and one address, may take of the server: real sockets on this machine."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest

from bot.http.open_connections import ConnectionLimits, OpenConnections, room_in
from bot.http.server import Bounds
from tests.bot.serving import listening, served, wait_until
from tests.bot.web_shop import Shop, open_shop

QUICK = Bounds(head_seconds=1.0, body_seconds=1.0, idle_seconds=1.0)
HEAD = b"GET /healthz HTTP/1.1\r\nHost: shop.test\r\n"
KILOBYTE = b"x" * 1_000


class Server:
    """A served shop, and raw connections to it."""

    def __init__(self, shop: Shop, port: int) -> None:
        self.shop = shop
        self.port = port
        self.address = f"http://127.0.0.1:{port}"

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """A new connection from an address of this machine."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=10, source_address=(source, 0)
        )

    def is_well(self, source: str = "127.0.0.9") -> bool:
        """Whether somebody else is answered."""
        with self.connect(source) as line:
            line.sendall(HEAD + b"Connection: close\r\n\r\n")
            return read_all(line).startswith(b"HTTP/1.1 200")

    def refused(self, reason: str) -> float:
        """How many connections were refused or cut for `reason`."""
        counter = self.shop.app.state.context.metrics.refused_connections
        return float(counter.labels(reason)._value.get())


@contextmanager
def open_server(database: Any, **options: Any) -> Iterator[Server]:
    """A shop at a free port; `room` and `bounds` are the server's, the rest the shop's."""
    of_server = {name: options.pop(name) for name in ("room", "bounds") if name in options}
    shop = open_shop(database, **options)
    with listening() as listener, served(shop.app, listener, **of_server):
        yield Server(shop, listener.getsockname()[1])


def read_all(line: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    said = b""
    try:
        while part := line.recv(65_536):
            said += part
    except ConnectionError:
        pass
    return said


def status(said: bytes) -> int:
    """An answer's status; 0: there was none."""
    return int(said.split(b" ", 2)[1]) if said else 0


def flood(line: socket.socket, what: bytes, times: int) -> bytes:
    """Send until it is refused; the answer."""
    try:
        for _ in range(times):
            line.sendall(what)
    except ConnectionError:
        pass
    return read_all(line)


class TestHead:
    @pytest.mark.parametrize(
        "begun",
        [
            b"GET /healthz HTTP/1.1\r\nX-Long: ",
            b"GET /" + KILOBYTE,
            b"GET /healthz HTTP/1.1\r\nX-",
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Trailer: ",
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;extension=",
        ],
        ids=["value", "address", "name", "trailer", "chunk extension"],
    )
    def test_one_without_an_end_is_cut_off(self, one_database: Any, begun: bytes) -> None:
        """After kilobytes, not after the fifty megabytes that let all others wait two seconds."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall(begun)
            answer = flood(line, KILOBYTE, 50_000)

            assert status(answer) in (0, 200, 431)  # 0: cut off while it still wrote
            assert 1.0 == server.refused("head-too-large")
            assert server.is_well()

    @pytest.mark.parametrize(
        "headers",
        [b"X-Long: " + b"x" * 40_000 + b"\r\n", b"X: 1\r\n" * 300],
        ids=["long", "many"],
    )
    def test_one_that_is_too_large_is_told_so(self, one_database: Any, headers: bytes) -> None:
        """As a problem document."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall(HEAD + headers + b"\r\n")
            answer = read_all(line)

        assert 431 == status(answer)
        assert b"application/problem+json" in answer

    def test_the_cookies_of_a_shops_domain_fit(self, one_database: Any) -> None:
        """A browser sends those of every program there."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall(HEAD + b"Cookie: " + b"x" * 16_000 + b"\r\nConnection: close\r\n\r\n")

            assert 200 == status(read_all(line))

    def test_a_trailer_is_no_header(self, one_database: Any) -> None:
        """It would come after the limits were asked."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall(
                HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                b"0\r\nX-Request-ID: of-a-trailer\r\n\r\n"
            )
            answer = read_all(line)

        assert 200 == status(answer)
        assert b"of-a-trailer" not in answer

    def test_what_cannot_be_read_is_a_problem_document(self, one_database: Any) -> None:
        """Programs read the same form everywhere."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall(b"NONSENSE\r\n\r\n")
            answer = read_all(line)

        assert 400 == status(answer)
        assert b'"type": "/api/docs#bad-request"' in answer


class TestTime:
    @pytest.mark.parametrize(
        ("begun", "told"),
        [
            (b"", 0),  # a browser's connection in advance is closed without a word
            (b"\r\n", 408),
            (b"GET", 408),
            (HEAD, 408),
            (b"POST /api/chat/sessions HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", 408),
            (b"POST /api/chat/sessions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", 408),
        ],
        ids=["nothing", "an empty line", "a word", "half a head", "half a body", "half a chunk"],
    )
    def test_half_a_request_is_not_waited_for(
        self, one_database: Any, begun: bytes, told: int
    ) -> None:
        """However far it came."""
        with open_server(one_database, bounds=QUICK) as server, server.connect() as line:
            line.sendall(begun)

            assert told == status(read_all(line))

    def test_a_byte_now_and_then_does_not_help(self, one_database: Any) -> None:
        """The whole head has so long, not each byte."""
        with open_server(one_database, bounds=QUICK) as server, server.connect() as line:
            line.sendall(HEAD + b"X-Slow: ")
            line.settimeout(0.05)
            told = b""
            for _ in range(200):
                line.sendall(b"x")
                with suppress(TimeoutError):
                    told = line.recv(65_536)
                    break

        assert 408 == status(told)

    def test_after_an_answer_too(self, one_database: Any) -> None:
        """The second request of a connection, and empty lines instead of one."""
        for more in (b"GET /hea", b"\r\n"):
            with open_server(one_database, bounds=QUICK) as server, server.connect() as line:
                line.sendall(HEAD + b"\r\n")
                assert line.recv(65_536).startswith(b"HTTP/1.1 200")
                line.sendall(more)

                assert status(read_all(line)[-1_000:].lstrip()) == 408

    def test_an_answer_that_nobody_reads_is_ended(self, one_database: Any) -> None:
        """It would lie here for as long as the other side likes."""
        with open_server(one_database, bounds=Bounds(unread_seconds=0.3)) as server:
            server.shop.app.add_api_route("/large", lambda: "x" * 20_000_000)
            with server.connect() as line:
                line.sendall(b"GET /large HTTP/1.1\r\nHost: shop.test\r\n\r\n")

                wait_until(lambda: server.refused("not-read") == 1)

    def test_a_proxys_idle_connection_is_kept_longer(self, one_database: Any) -> None:
        """Longer than it keeps it itself: it would send a request into a closed one otherwise."""
        with (
            open_server(one_database, bounds=QUICK, trusted_proxies=("127.0.0.2",)) as server,
            server.connect("127.0.0.2") as proxy,
            server.connect("127.0.0.3") as other,
        ):
            for line in (proxy, other):
                line.sendall(HEAD + b"\r\n")
                line.recv(65_536)

            assert b"" == read_all(other)
            proxy.sendall(HEAD + b"\r\n")
            assert proxy.recv(65_536).startswith(b"HTTP/1.1 200")


class TestForwarding:
    def test_uvicorns_own_belief_is_off(self, one_database: Any, monkeypatch: Any) -> None:
        """Neither the own machine nor its variable makes anybody trusted."""
        monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
        with open_server(one_database, address_per_minute=2) as server:
            begun = [
                httpx.post(
                    f"{server.address}/api/chat/sessions",
                    json={},
                    headers={"X-Forwarded-For": f"203.0.113.{number}"},
                ).status_code
                for number in range(3)
            ]

        assert [200, 200, 429] == begun


class TestConnections:
    def test_one_address_has_its_share(self, one_database: Any) -> None:
        """The one too many is told; others are answered."""
        with open_server(one_database, room=ConnectionLimits(100, per_address=5)) as server:
            held = [server.connect() for _ in range(5)]
            wait_until(lambda: server.is_well())
            with server.connect() as line:
                told = read_all(line)

            assert 429 == status(told)
            assert server.is_well()
            for line in held:
                line.close()
            wait_until(lambda: server.is_well("127.0.0.1"))

    def test_a_trusted_proxy_has_no_share(self, one_database: Any) -> None:
        """All shoppers come through it."""
        room = ConnectionLimits(100, per_address=5)
        with open_server(one_database, room=room, trusted_proxies=("127.0.0.1",)) as server:
            held = [server.connect() for _ in range(20)]

            assert server.is_well("127.0.0.1")
            for line in held:
                line.close()

    @pytest.mark.parametrize(
        "half",
        [b"", b"GET /half", b"POST /api/chat/sessions HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"],
        ids=["nothing", "half a head", "half a body"],
    )
    def test_whoever_waits_longest_makes_room(self, one_database: Any, half: bytes) -> None:
        """Half-sent requests from many addresses shut nobody out."""
        with open_server(one_database, room=ConnectionLimits(30, per_address=100)) as server:
            held = [server.connect(f"127.0.0.{10 + number}") for number in range(60)]
            for line in held:
                with suppress(ConnectionError):  # it had to make room already
                    line.sendall(half)

            assert all(server.is_well() for _ in range(10))
            assert server.refused("evicted") >= 30
            for line in held:
                line.close()

    def test_streams_leave_room_for_others(self, one_database: Any) -> None:
        """Those of many addresses, too; one that ended makes room for the next."""
        room = ConnectionLimits(20, per_address=100)
        with open_server(
            one_database, room=room, streams=room.streams, stream_seconds=60
        ) as server:
            with ExitStack() as streams:
                told = [Stream(server, f"127.0.0.{n}", streams).status for n in range(20, 37)]

                assert [200] * 15 + [503] * 2 == told
                assert server.is_well()
            with ExitStack() as streams:
                wait_until(lambda: Stream(server, "127.0.0.40", streams).status == 200)

    def test_streams_of_one_address_are_bounded_over_its_sessions(self, one_database: Any) -> None:
        """Nineteen streams of three sessions, where sixteen messages a minute are allowed."""
        with (
            open_server(one_database, address_per_minute=16, stream_seconds=60) as server,
            ExitStack() as streams,
        ):
            sessions = [Stream(server, "127.0.0.1", streams) for _ in range(3)]
            told = [
                Stream(server, "127.0.0.1", streams, session.token).status
                for session in sessions
                for _ in range(6)
            ]

        assert [200] * 13 + [429] * 5 == told


class TestSentAhead:
    def test_a_crowd_of_requests_in_one_packet_is_refused(self, one_database: Any) -> None:
        """Ten thousand would be kept until the first is answered."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall((HEAD + b"\r\n") * 1_000)
            read_all(line)

            assert 1.0 == server.refused("bad-request")
            assert server.is_well()

    def test_a_few_are_answered_in_order(self, one_database: Any) -> None:
        """As HTTP allows."""
        with open_server(one_database) as server, server.connect() as line:
            line.sendall((HEAD + b"\r\n") * 4 + HEAD + b"Connection: close\r\n\r\n")

            assert 5 == read_all(line).count(b"HTTP/1.1 200")


class Stream:
    """An event stream, of a new session or of one that is there; closed at the end of `until`."""

    def __init__(self, server: Server, source: str, until: ExitStack, token: str = "") -> None:
        transport = httpx.HTTPTransport(local_address=source)
        client = until.enter_context(
            httpx.Client(base_url=server.address, transport=transport, timeout=10)
        )
        self.token = token or client.post("/api/chat/sessions", json={}).json()["token"]
        request = client.build_request(
            "GET", "/api/chat/events", headers={"Authorization": f"Bearer {self.token}"}
        )
        answer = client.send(request, stream=True)
        until.callback(answer.close)
        self.status = answer.status_code


class Guest:
    """A connection that remembers whether it had to make room."""

    def __init__(self, counted: str | None) -> None:
        self.counted = counted
        self.gone = False

    def make_room(self) -> None:
        self.gone = True


class TestOpenConnections:
    def test_nobody_makes_room_who_is_being_answered(self) -> None:
        """The newest is refused, then."""
        taken, busy = OpenConnections(ConnectionLimits(2, 2)), [Guest("anna"), Guest("ben")]
        for guest in busy:
            assert taken.enter(guest) is None
            taken.asks(guest)

        assert "full" == taken.enter(Guest("mei"))
        taken.waits(busy[1])
        assert taken.enter(Guest("mei")) is None
        assert [False, True] == [guest.gone for guest in busy]

    def test_leaving_twice_is_leaving_once(self) -> None:
        """An address's count never falls below what is open."""
        taken, first, second = OpenConnections(ConnectionLimits(9, 1)), Guest("anna"), Guest("anna")
        taken.enter(first)
        taken.leave(first)
        taken.leave(first)

        assert taken.enter(second) is None
        assert "too-many-connections" == taken.enter(Guest("anna"))
        assert 1 == len(taken)

    @pytest.mark.parametrize(("files", "fit"), [(256, 128), (1_024, 896), (65_536, 65_408)])
    def test_files_are_kept_free_for_the_store(self, files: int, fit: int) -> None:
        """However many there are."""
        assert fit == room_in(files, 120).connections
