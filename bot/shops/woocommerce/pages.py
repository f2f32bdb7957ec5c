"""A WordPress shop's pages and posts, out of WordPress' own REST API, which needs no key."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx

from bot.shops.polling import TIMEOUT, ShopRefused, get_page, read_json
from feedback.knowledge import Lenient, ShopPage, without_entities

PAGE: Final = 100
KINDS: Final = ("pages", "posts")
FIELDS: Final = "id,link,title,content,modified_gmt"
# WooCommerce's own pages: what stands in them is made for one shopper.
OWN_PAGES: Final = ("woocommerce/cart", "woocommerce/checkout", "[woocommerce_")


class WordPressPages:
    """What a shop has written in WordPress."""

    def __init__(
        self,
        shop: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`shop` is the shop's address; `transport` is for tests."""
        self._shop, self._sleep = shop, sleep
        self._http = httpx.Client(
            base_url=f"{shop.rstrip('/')}/wp-json/wp/v2/", timeout=TIMEOUT, transport=transport
        )

    def pages(self) -> Iterator[ShopPage]:
        """Published pages and posts, without those that need a password.

        Raises:
            ShopRefused: the shop does not answer, or not with pages.
        """
        for kind in KINDS:
            for one in self._listed(kind):
                content = one.inner("content")
                html = str(content.fields.get("rendered") or "")
                if content.flag("protected") or any(own in html for own in OWN_PAGES):
                    continue
                title = without_entities(one.inner("title").text("rendered"))
                yield ShopPage(one.text("link"), title, html, one.moment("modified_gmt"))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _listed(self, kind: str) -> Iterator[Lenient]:
        page, pages = 1, 1
        while page <= pages:
            # By id: what is changed meanwhile does not move a page to where it was read already.
            params = {"per_page": PAGE, "page": page, "orderby": "id", "order": "asc",
                      "_fields": FIELDS}  # fmt: skip
            answer = get_page(self._http, self._shop, kind, params, self._sleep)
            total = answer.headers.get("X-WP-TotalPages", "1")
            pages = int(total) if total.isdecimal() else 1
            found = read_json(self._shop, answer)
            if not isinstance(found, list) or not all(_is_page(one) for one in found):
                raise ShopRefused(self._shop, "it lists no pages", "Is the address the shop's?")
            yield from map(Lenient, found)
            page += 1


def _is_page(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("link"), str)
