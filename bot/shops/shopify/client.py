"""Shopify's Admin API: the orders that changed, in the shape its webhooks have."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from bot.shops.polling import TIMEOUT, get_page, listed_orders, read_json

API_VERSION: Final = "2026-07"  # Shopify keeps a version for a year, then serves the next one
PAGE: Final = 250


class ShopifyOrders:
    """Orders out of Shopify's Admin API, in the shape its webhooks have."""

    def __init__(
        self,
        shop: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`shop` is the name at Shopify, example.myshopify.com; `transport` is for tests."""
        base = shop if shop.startswith("http") else f"https://{shop}"
        self._shop = base
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{base.rstrip('/')}/admin/api/{API_VERSION}/",
            headers={"X-Shopify-Access-Token": token},
            timeout=TIMEOUT,
            transport=transport,
        )

    def changed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Orders changed at or after `since`, the longest unchanged first.

        Raises:
            ShopRefused: the shop does not answer, or not with orders.
        """
        url: str | None = "orders.json"
        params: dict[str, Any] | None = {
            "status": "any",
            "updated_at_min": since.astimezone(UTC).isoformat(),
            "order": "updated_at asc",
            "limit": PAGE,
        }
        while url is not None:
            answer = get_page(self._http, self._shop, url, params, self._sleep)
            yield from listed_orders(self._shop, read_json(self._shop, answer), "orders")
            # The next page's address holds everything; Shopify refuses other parameters with it.
            url, params = answer.links.get("next", {}).get("url"), None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()
