"""Whose X-Forwarded-For is believed, and who the sender is."""

from typing import Any

import pytest
from hypothesis import assume, given, strategies as st
from sqlmodel import select

from bot.http.proxies import Proxies, RequestSender, read_address
from bot.http.rate_limits import counted_as
from feedback.db.forwarders import Forwarders
from feedback.db.tables.signals import Rating
from tests.bot.web_shop import Shop, open_shop
from tests.factories import NOW, hours

CLUSTER = ("10.0.0.0/8", "fd00::/8")
PROXY, OTHER_PROXY = "10.1.2.3", "10.9.9.9"
ANNA, BEN = "203.0.113.7", "198.51.100.9"

addresses = st.ip_addresses().map(str)


def forwarded(*lines: str, scheme: str | None = None) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in lines]
    if scheme is not None:
        headers.append((b"x-forwarded-proto", scheme.encode()))
    return headers


class TestSender:
    @pytest.mark.parametrize(
        ("lines", "sender"),
        [
            ([ANNA], ANNA),
            ([f"{BEN}, {ANNA}"], ANNA),  # Anna says that she speaks for Ben
            ([f"{ANNA}, {OTHER_PROXY}"], ANNA),
            ([BEN, ANNA], ANNA),  # two lines are one list
            ([ANNA, f"{OTHER_PROXY}, {PROXY}"], ANNA),
            ([f"{ANNA}:51234"], ANNA),
            (["[2001:db8::7]:443"], "2001:db8::7"),
            (["2001:db8::7"], "2001:db8::7"),
            (["fe80::1%eth0"], "fe80::1"),
            ([f"::ffff:{ANNA}"], ANNA),
            ([f"{ANNA}, ::ffff:10.9.9.9, fd00::5"], ANNA),
            ([f'"{ANNA}"'], ANNA),
            ([OTHER_PROXY], OTHER_PROXY),  # the proxies themselves ask, as a health check does
            ([f"{ANNA}, unknown"], PROXY),  # what stands before a word is nobody's
            ([f"{ANNA}, unknown, {OTHER_PROXY}"], OTHER_PROXY),
            ([f"{ANNA}, ,"], ANNA),  # a list may have empty places
            (["unix:"], PROXY),
            ([""], PROXY),
            ([], PROXY),
            (["999.1.1.1"], PROXY),
            (["\xff\xfe, <script>"], PROXY),
            ([",".join([ANNA] + [OTHER_PROXY] * 5_000)], OTHER_PROXY),
        ],
    )
    def test_it_is_the_first_from_the_right_that_is_no_trusted_proxy(
        self, lines: list[str], sender: str
    ) -> None:
        """Ports, brackets, zones and mapped addresses are read; an entry that is none ends it."""
        assert sender == Proxies(CLUSTER).sender(PROXY, forwarded(*lines)).address

    @pytest.mark.parametrize("trusted", [(), CLUSTER])
    @pytest.mark.parametrize("peer", ["127.0.0.1", "::1", ANNA])
    def test_nobody_else_is_believed(self, trusted: tuple[str, ...], peer: str) -> None:
        """Not from the own machine either, and neither address nor scheme."""
        found = Proxies(trusted).sender(peer, forwarded(BEN, scheme="https"))

        assert RequestSender(peer, None, forwarder=peer) == found

    def test_a_unix_socket_is_trusted_by_name(self) -> None:
        """It has no address."""
        assert ANNA == Proxies(["unix"]).sender(None, forwarded(ANNA)).address
        assert RequestSender(None, None, "unix") == Proxies(CLUSTER).sender(None, forwarded(ANNA))

    @pytest.mark.parametrize(
        ("said", "scheme"),
        [("https", "https"), ("HTTP", "http"), ("http, https", "https"), ("javascript", None)],
    )
    def test_the_scheme_is_the_nearest_proxys_word(self, said: str, scheme: str | None) -> None:
        """And one of the two that there are."""
        assert scheme == Proxies(CLUSTER).sender(PROXY, forwarded(ANNA, scheme=said)).scheme

    def test_a_proxy_before_a_trusted_one_is_named(self) -> None:
        """A load balancer that was forgotten: everybody would come from its address."""
        found = Proxies(["10.1.0.0/16"]).sender(PROXY, forwarded(f"{ANNA}, {OTHER_PROXY}"))

        assert (OTHER_PROXY, OTHER_PROXY) == (found.address, found.forwarder)

    @given(st.lists(addresses, max_size=8), addresses)
    def test_nothing_that_a_shopper_sends_changes_who_they_are(
        self, made_up: list[str], shopper: str
    ) -> None:
        """The proxy adds the address it sees at the right."""
        proxy = "192.0.2.1"
        assume(shopper != proxy)
        found = Proxies([proxy]).sender(proxy, forwarded(", ".join([*made_up, shopper])))

        assert str(read_address(shopper)) == found.address

    @given(st.binary(max_size=200), addresses)
    def test_any_bytes_give_an_address(self, said: bytes, peer: str) -> None:
        """Never an error, and never something that is counted as no address."""
        found = Proxies(["0.0.0.0/1", "::/1"]).sender(peer, [(b"x-forwarded-for", said)])

        assert found.address is not None
        assert read_address(found.address) is not None


class TestCounting:
    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),  # a socket for both kinds writes it so
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("unknown", "unknown"),
        ],
    )
    def test_what_an_address_is_counted_as(self, address: str, counted: str) -> None:
        """All IPv4 shoppers of a socket for both kinds would be one network of IPv6 otherwise."""
        assert counted == counted_as(address)


class TestShopBehindAProxy:
    """The whole web edge, its requests coming from one proxy."""

    def begin(self, web: Any, shopper: str) -> int:
        return int(
            web.post(
                "/api/chat/sessions", json={}, headers={"X-Forwarded-For": shopper}
            ).status_code
        )

    def test_each_shopper_has_a_limit_of_their_own(self, one_database: Any) -> None:
        """Seventy-five shoppers through one proxy; one of them more often than sixty times."""
        shop = open_shop(one_database, trusted_proxies=CLUSTER)
        with shop.visitor(PROXY) as web:
            crowd = [self.begin(web, f"203.0.113.{number}") for number in range(75)]
            flood = [self.begin(web, BEN) for _ in range(65)]

        assert [200] * 75 == crowd
        assert [200] * 60 + [429] * 5 == flood

    def test_without_a_trusted_proxy_the_header_changes_nothing(self, one_database: Any) -> None:
        """Nobody gets around a limit by it."""
        with open_shop(one_database, address_per_minute=5).visitor() as web:
            begun = [self.begin(web, f"203.0.113.{number}") for number in range(8)]

        assert [200] * 5 + [429] * 3 == begun

    def test_the_limit_of_an_address_can_be_raised(self, one_database: Any) -> None:
        """By SHOPCLERK_MESSAGES_A_MINUTE, for shops whose shoppers share addresses."""
        with open_shop(one_database, address_per_minute=90).visitor() as web:
            begun = [self.begin(web, ANNA) for _ in range(91)]

        assert [200] * 90 + [429] == begun

    def test_logins_are_counted_apart(self, one_database: Any) -> None:
        """One who guesses at the desk shuts nobody else out."""
        shop = open_shop(one_database, trusted_proxies=CLUSTER)
        with shop.visitor(PROXY) as web:

            def login(who: str, name: str) -> int:
                form = {"name": name, "password": "wrong"}
                answer = web.post("/desk/login", data=form, headers={"X-Forwarded-For": who})
                return int(answer.status_code)

            guessed = [login(ANNA, f"name {number}") for number in range(7)]

            assert 429 == guessed[-1]
            assert 429 != login(BEN, "mei")

    def test_thumbs_of_many_shoppers_have_many_origins(self, one_database: Any) -> None:
        """They are no burst, then."""
        shop = open_shop(one_database, trusted_proxies=CLUSTER)
        with shop.visitor(PROXY) as web:
            for number in range(20):
                self.rate(web, f"203.0.113.{number}", f"c{number}")

        assert 20 == len(origins(shop))

    def rate(self, web: Any, shopper: str, client_id: str) -> None:
        headers = {"X-Forwarded-For": shopper}
        token = web.post("/api/chat/sessions", json={}, headers=headers).json()["token"]
        headers["Authorization"] = f"Bearer {token}"
        asked = {"text": "return", "client_id": client_id}
        shown = web.post("/api/chat/messages", json=asked, headers=headers).json()["reply"]
        thumb = {"impression_id": shown["impression_id"], "value": "up"}
        assert 200 == web.post("/api/chat/ratings", json=thumb, headers=headers).status_code


class TestUntrustedProxies:
    def seen(self, shop: Shop) -> list[str]:
        forwarders = Forwarders(shop.orders.db)
        return [each.address for each in forwarders.since(NOW - hours(10_000))]

    def test_one_is_noted_for_check(self, one_database: Any) -> None:
        """By its address, which is the shop's own machine; and counted for Prometheus."""
        shop = open_shop(one_database)
        with shop.visitor("172.18.0.1") as web:
            for _ in range(3):
                web.get("/healthz", headers={"X-Forwarded-For": ANNA})
            counted = web.get("/metrics").text

        assert ["172.18.0.1"] == self.seen(shop)
        assert "shopclerk_untrusted_forwarded_total 3.0" in counted

    def test_a_public_address_is_not_kept(self, one_database: Any) -> None:
        """It may be a person's."""
        shop = open_shop(one_database)
        with shop.visitor("93.184.216.34") as web:
            web.get("/healthz", headers={"X-Forwarded-For": ANNA})

        assert ["public"] == self.seen(shop)

    def test_a_trusted_one_is_not_noted(self, one_database: Any) -> None:
        """Nor is a request without the header."""
        shop = open_shop(one_database, trusted_proxies=CLUSTER)
        with shop.visitor(PROXY) as web:
            web.get("/healthz", headers={"X-Forwarded-For": ANNA})
        with shop.visitor("172.18.0.1") as web:
            web.get("/healthz")

        assert [] == self.seen(shop)


def origins(shop: Shop) -> set[str | None]:
    """Where the thumbs in a shop's store came from."""
    with shop.store.db.reading() as session:
        return set(session.exec(select(Rating.origin)))
