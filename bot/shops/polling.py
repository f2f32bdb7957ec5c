"""Asks Shopify and WooCommerce for the orders that changed: what a webhook missed is found so.

Both are polite: a shop that says "too many requests" is waited for, a page at a time is kept.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import httpx

API_VERSION: Final = "2026-07"  # Shopify keeps a version for a year, then serves the next one
PAGE_SHOPIFY: Final = 250
PAGE_WOO: Final = 100
TRIES: Final = 5
LONGEST_WAIT: Final = 60.0  # seconds
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)


class ShopRefused(Exception):
    """The shop's API does not give us its orders."""

    def __init__(self, where: str, reason: str, remedy: str) -> None:
        super().__init__(f"{where} does not give us its orders: {reason}. {remedy}")


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
            "limit": PAGE_SHOPIFY,
        }
        while url is not None:
            answer = _get(self._http, self._shop, url, params, self._sleep)
            yield from _listed(self._shop, _json(self._shop, answer), "orders")
            # The next page's address holds everything; Shopify refuses other parameters with it.
            url, params = answer.links.get("next", {}).get("url"), None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


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
                "per_page": PAGE_WOO,
                "page": page,
            }
            answer = _get(self._http, self._shop, "orders", params, self._sleep)
            total = answer.headers.get("X-WP-TotalPages", "1")
            pages = int(total) if total.isdecimal() else 1
            yield from _listed(self._shop, {"orders": _json(self._shop, answer)}, "orders")
            page += 1

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _get(
    http: httpx.Client,
    where: str,
    url: str,
    params: dict[str, Any] | None,
    sleep: Callable[[float], None],
) -> httpx.Response:
    for attempt in range(1, TRIES + 1):
        try:
            answer = http.get(url, params=params)
        except httpx.TransportError as error:
            reason: str = type(error).__name__
            wait = float(2**attempt)
        else:
            if answer.is_success:
                return answer
            if answer.status_code in (401, 403, 404):
                raise ShopRefused(
                    where, f"it answers {answer.status_code}", "Check its address and the key."
                )
            reason = f"it answers {answer.status_code}"
            asked = answer.headers.get("Retry-After", "")
            wait = float(asked) if asked.replace(".", "", 1).isdecimal() else float(2**attempt)
        if attempt < TRIES:
            sleep(min(wait, LONGEST_WAIT))
    raise ShopRefused(where, f"{reason}, {TRIES} times", "It is tried again at the next hour.")


def _json(where: str, answer: httpx.Response) -> Any:
    try:
        return json.loads(answer.content, parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ShopRefused(where, "its answer is not JSON", "Is the address the shop's?") from None


def _listed(where: str, answer: Any, key: str) -> list[dict[str, Any]]:
    found = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShopRefused(where, "its answer holds no list of orders", "Is the address the shop's?")
    return found
