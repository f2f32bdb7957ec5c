"""WooCommerce's REST API: the orders that changed, in the shape its webhooks have."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from bot.shops.polling import TIMEOUT, get_page, listed_orders, read_json

PAGE: Final = 100


class WooOrders:
    """Orders out of WooCommerce's REST API."""

    def __init__(
        self,
        shop: str,
        key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`key` is consumer key and secret with a colon between: ck_…:cs_…."""
        name, _, secret = key.partition(":")
        self._shop = shop
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{shop.rstrip('/')}/wp-json/wc/v3/",
            auth=(name, secret),
            timeout=TIMEOUT,
            transport=transport,
        )

    def changed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Orders changed after `since`, the longest unchanged first.

        Raises:
            ShopRefused: the shop does not answer, or not with orders.
        """
        page, pages = 1, 1
        while page <= pages:
            params = {
                "modified_after": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "dates_are_gmt": "true",
                "orderby": "modified",
                "order": "asc",
                "per_page": PAGE,
                "page": page,
            }
            answer = get_page(self._http, self._shop, "orders", params, self._sleep)
            total = answer.headers.get("X-WP-TotalPages", "1")
            pages = int(total) if total.isdecimal() else 1
            listed = {"orders": read_json(self._shop, answer)}
            yield from listed_orders(self._shop, listed, "orders")
            page += 1

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
