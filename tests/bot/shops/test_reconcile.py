"""Stories of orders that a webhook lost, fetched from the shop's API."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.shops.polling import ShopRefused
from bot.shops.reconcile import reconcile_orders
from bot.shops.shop_system import ConnectedShop, ShopOrders
from bot.shops.shopify.client import ShopifyOrders
from bot.shops.shopify.system import take_listed as take_shopify
from bot.shops.webhook import intake_of
from bot.shops.woocommerce.client import WooOrders
from bot.shops.woocommerce.system import take_listed as take_woo
from tests.bot.samples import order, refund
from tests.bot.samples_shops import woo_order
from tests.bot.web_shop import Shop, open_shop

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class ShopServer:
    """A shop's API as documented: pages, limits and refusals; plays both systems."""

    def __init__(self, orders: list[dict[str, Any]], *, page: int = 2, busy: int = 0) -> None:
        self.orders, self.page, self.busy = orders, page, busy
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.busy:
            self.busy -= 1
            return httpx.Response(429, headers={"Retry-After": "2.0"})
        if request.url.path.startswith("/wp-json/wc/v3/orders"):
            return self._woo(request)
        return self._shopify(request)

    def _woo(self, request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] != httpx.BasicAuth("ck_1", "cs_1")._auth_header:
            return httpx.Response(401)
        number = int(request.url.params["page"])
        part = self.orders[(number - 1) * self.page : number * self.page]
        pages = -(-len(self.orders) // self.page)
        return httpx.Response(200, json=part, headers={"X-WP-TotalPages": str(pages)})

    def _shopify(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("x-shopify-access-token") != "shpat_1":
            return httpx.Response(401)
        start = int(request.url.params.get("page_info", "0"))
        if start and "status" in request.url.params:
            return httpx.Response(400)  # as Shopify does: page_info stands alone
        more = start + self.page
        links = {}
        if more < len(self.orders):
            links["Link"] = f'<{request.url.copy_with(query=None)}?page_info={more}>; rel="next"'
        return httpx.Response(200, json={"orders": self.orders[start:more]}, headers=links)


@pytest.fixture
def shop(one_database: Any) -> Shop:
    return open_shop(one_database)


def shopify(server: ShopServer, waited: list[float] | None = None) -> ShopifyOrders:
    sleep = (waited if waited is not None else []).append
    transport = httpx.MockTransport(server)
    return ShopifyOrders("example.myshopify.com", "shpat_1", transport=transport, sleep=sleep)


def connected(orders: ShopOrders) -> ConnectedShop:
    return ConnectedShop("shopify", orders, take_shopify)


class TestReconciliation:
    def test_what_shopify_lists_and_we_miss_is_taken_in(self, shop: Shop) -> None:
        """Over all pages, refunds included; what was known is no news."""
        intake = intake_of(shop.app.state.context)
        listed = [order(id=n, name=f"#{n}") for n in range(1, 6)]
        listed[0]["refunds"] = [refund(order_id=1)]
        server = ShopServer(listed)
        now = shop.clock()

        first = reconcile_orders(intake, connected(shopify(server)), now, SINCE)
        again = reconcile_orders(intake, connected(shopify(server)), now)

        found = shop.orders.look_up("1", "ana@example.org")
        assert (5, 5, 0) == (first.orders, first.missed, first.refused)
        assert (0, now - timedelta(hours=1)) == (again.missed, again.since)
        assert found is not None
        assert Decimal("10.00") == found.refunded

    def test_what_woocommerce_lists_likewise(self, shop: Shop) -> None:
        """And an order we do not understand costs only itself."""
        intake = intake_of(shop.app.state.context)
        listed = [woo_order(id=n, number=str(n)) for n in range(1, 4)]
        server = ShopServer([*listed, woo_order(id=9, total="much")])
        woo = WooOrders("https://woo.example", "ck_1:cs_1", transport=httpx.MockTransport(server))

        done = reconcile_orders(
            intake, ConnectedShop("woocommerce", woo, take_woo), shop.clock(), SINCE
        )

        assert (4, 3, 1) == (done.orders, done.missed, done.refused)
        assert "2026-11-01T00:00:00" == server.asked[0].url.params["modified_after"]

    def test_a_deletion_that_came_after_the_order_was_put_back_is_undone(self, shop: Shop) -> None:
        """It tells no time; the shop's list tells that the order is there."""
        intake = intake_of(shop.app.state.context)
        take_woo(intake, woo_order(id=1, number="1"))
        intake.order_gone("woocommerce", "1")
        server = ShopServer([woo_order(id=1, number="1")])
        woo = WooOrders("https://woo.example", "ck_1:cs_1", transport=httpx.MockTransport(server))

        shop.clock.pass_by(hours=1)
        connected_woo = ConnectedShop("woocommerce", woo, take_woo)
        reconcile_orders(intake, connected_woo, shop.clock(), SINCE)

        found = shop.orders.look_up("1", woo_order()["billing"]["email"])
        assert found is not None
        assert "paid" == found.status

    def test_a_busy_shop_is_waited_for(self, shop: Shop) -> None:
        """As long as it asks."""
        waited: list[float] = []
        server = ShopServer([order()], busy=2)

        assert 1 == len(list(shopify(server, waited).changed_since(SINCE)))
        assert [2.0, 2.0] == waited

    @pytest.mark.parametrize("status", [401, 403, 404, 500, 429])
    def test_a_refusal_is_named_and_the_place_is_not_moved(self, shop: Shop, status: int) -> None:
        """The next run begins where the last whole one ended."""
        intake = intake_of(shop.app.state.context)

        with pytest.raises(ShopRefused, match=str(status)):
            reconcile_orders(intake, connected(_answering(httpx.Response(status))), shop.clock())
        assert intake.connections.state("shopify").reconciled_until is None

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"orders": 1}', json.dumps([1]).encode()])
    def test_an_answer_of_another_kind_is_named(self, body: bytes) -> None:
        """A login page, say."""
        with pytest.raises(ShopRefused, match="Is the address"):
            list(_answering(httpx.Response(200, content=body)).changed_since(SINCE))


def _answering(answer: httpx.Response) -> ShopifyOrders:
    transport = httpx.MockTransport(
        lambda _: httpx.Response(answer.status_code, content=answer.content)
    )
    return ShopifyOrders("x.myshopify.com", "t", transport=transport, sleep=lambda _: None)
