"""A shop behind a real nginx: shoppers are told apart by their own addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from feedback.db.forwarders import Forwarders
from feedback.db.tables.signals import Rating
from feedback.signals.votes import Vote, bursts
from tests.bot.serving import wait_until
from tests.browser.shop import OpenShop, opened
from tests.factories import NOW, hours
from tests.nginx import nginx_before

LIMIT = 8  # messages a minute and address


class Street:
    """nginx before the shop, and shoppers who come from addresses of this machine."""

    def __init__(self, address: str, open_shop: OpenShop) -> None:
        self.address = address
        self.shop = open_shop.shop

    def shopper(self, number: int, **headers: str) -> httpx.Client:
        """Somebody who comes from 127.0.0.`number`."""
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{number}")
        return httpx.Client(base_url=self.address, transport=transport, headers=headers)

    def votes(self) -> list[Vote]:
        """The thumbs, as learning reads them."""
        with self.shop.store.db.reading() as session:
            return [
                Vote(each.impression_id, each.voter, each.value, each.origin, each.rated_at)
                for each in session.exec(select(Rating))
            ]

    def forwarders(self) -> list[str]:
        """Who forwarded without being trusted."""
        seen = Forwarders(self.shop.orders.db).since(NOW - hours(10_000))
        return [each.address for each in seen]


@pytest.fixture
def street(one_database: Any, tmp_path: Path, request: Any) -> Iterator[Street]:
    """A shop that trusts nginx, unless the test says otherwise."""
    trusted = getattr(request, "param", ("127.0.0.1",))
    with (
        opened(one_database, trusted_proxies=trusted, address_per_minute=LIMIT) as shop,
        nginx_before(shop.address.removeprefix("http://"), tmp_path) as address,
    ):
        yield Street(address, shop)


def begin(shopper: httpx.Client) -> int:
    return shopper.post("/api/chat/sessions", json={}).status_code


class TestBehindNginx:
    def test_each_shopper_has_a_limit_of_their_own(self, street: Street) -> None:
        """Twelve come once; one comes too often, and makes up addresses in vain."""
        crowd = []
        for number in range(11, 23):
            with street.shopper(number) as shopper:
                crowd.append(begin(shopper))
        with street.shopper(30, **{"X-Forwarded-For": "203.0.113.7"}) as flood:
            told = [begin(flood) for _ in range(LIMIT)]
            flood.headers["X-Forwarded-For"] = "203.0.113.8"
            told.append(begin(flood))

        assert [200] * 12 == crowd
        assert [200] * LIMIT + [429] == told

    def test_thumbs_of_twenty_shoppers_are_no_burst(self, street: Street) -> None:
        """All of them are learned from."""
        for number in range(11, 31):
            with street.shopper(number) as shopper:
                rate(shopper)

        votes = street.votes()

        assert 20 == len({vote.origin for vote in votes})
        assert set() == bursts(votes)

    def test_events_come_through_while_they_happen(self, street: Street) -> None:
        """A stream is not held back."""
        with street.shopper(11) as shopper:
            token = shopper.post("/api/chat/sessions", json={}).json()["token"]
            shopper.headers["Authorization"] = f"Bearer {token}"
            with shopper.stream("GET", "/api/chat/events") as stream:
                assert "retry: 2000" == next(stream.iter_lines())

    @pytest.mark.parametrize("street", [()], indirect=True)
    def test_an_nginx_that_is_not_trusted_is_one_shopper_and_is_noted(self, street: Street) -> None:
        """`shopclerk check` names it."""
        begun = []
        for number in range(11, 21):
            with street.shopper(number) as shopper:
                begun.append(begin(shopper))

        assert [200] * LIMIT + [429] * 2 == begun
        wait_until(lambda: ["127.0.0.1"] == street.forwarders())


def rate(shopper: httpx.Client) -> None:
    token = shopper.post("/api/chat/sessions", json={}).json()["token"]
    shopper.headers["Authorization"] = f"Bearer {token}"
    asked = {"text": "How do I return something?", "client_id": "one"}
    reply = shopper.post("/api/chat/messages", json=asked).json()["reply"]
    thumb = {"impression_id": reply["impression_id"], "value": "up"}
    assert 200 == shopper.post("/api/chat/ratings", json=thumb).status_code
