"""Shopify's pages, policies, blog posts and metafields, out of its Admin GraphQL API.

Of metafields only those are read whose definition lets the storefront read them: others hold notes
that no shopper should see.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import httpx

from bot.shops.polling import TIMEOUT, TRIES, ShopRefused, ask_patiently, read_json
from bot.shops.shopify.client import API_VERSION
from bot.shops.shopify.rich_text import metafield_html
from feedback.knowledge import Lenient, ShopPage

THROTTLED_S: Final = 2.0  # gives back 100 points at the slowest rate there is; a query costs fewer
PUBLIC: Final = "PUBLIC_READ"
FIELDS: Final = (
    "metafields(first: 20) { nodes { type value definition { name access { storefront } } } }"
)
PAGED: Final = "nodes { %s } pageInfo { hasNextPage endCursor }"
ARTICLE: Final = f"title handle body updatedAt isPublished blog {{ handle }} {FIELDS}"
PRODUCT: Final = f"title onlineStoreUrl {FIELDS}"
# What is asked for, and the scope of the token that it takes.
SHOP: Final = "{ shop { primaryDomain { url } } }"
POLICIES: Final = "{ shop { shopPolicies { title body url updatedAt } } }"
PAGES: Final = (
    "query ($after: String) { pages(first: 50, after: $after) { "
    f"{PAGED % f'title handle body updatedAt isPublished {FIELDS}'} }} }}"
)
ARTICLES: Final = (
    f"query ($after: String) {{ articles(first: 50, after: $after) {{ {PAGED % ARTICLE} }} }}"
)
PRODUCTS: Final = (
    "query ($after: String) { products(first: 20, after: $after,"
    f' query: "status:active") {{ {PAGED % PRODUCT} }} }}'
)
CONTENT_SCOPE: Final = "read_content"
POLICY_SCOPE: Final = "read_legal_policies"
PRODUCT_SCOPE: Final = "read_products"
REPORT: Final = "Is this an old version of the program?"


class ScopeLacking(Exception):
    """The token may not read what a query asks for."""


class ShopifyPages:
    """What a shop has written in Shopify."""

    def __init__(
        self,
        shop: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`shop` is the name at Shopify, example.myshopify.com; `transport` is for tests."""
        self._shop = shop if shop.startswith("http") else f"https://{shop}"
        self._sleep = sleep
        self._http = httpx.Client(
            headers={"X-Shopify-Access-Token": token}, timeout=TIMEOUT, transport=transport
        )

    def pages(self) -> Iterator[ShopPage]:
        """Policies, pages, posts, and the metafields of products.

        Raises:
            ShopRefused: the shop does not answer, or the token may not read some of it.
        """
        domain = self._ask(SHOP).inner("shop").inner("primaryDomain").text("url")
        base = (domain or self._shop).rstrip("/")
        lacking = []
        for scope, read in (
            (POLICY_SCOPE, self._policies),
            (CONTENT_SCOPE, self._pages),
            (CONTENT_SCOPE, self._articles),
            (PRODUCT_SCOPE, self._products),
        ):
            try:
                yield from read(base)
            except ScopeLacking:
                lacking.append(scope)
        if lacking:
            scopes = " and ".join(dict.fromkeys(lacking))
            raise ShopRefused(self._shop, "the token may not read all", f"Give it {scopes}.")

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _policies(self, base: str) -> Iterator[ShopPage]:
        for one in self._ask(POLICIES).inner("shop").each("shopPolicies"):
            if one.fields.get("body"):
                yield _page(one.text("url"), one, one.moment("updatedAt"))

    def _pages(self, base: str) -> Iterator[ShopPage]:
        for one in self._listed(PAGES, "pages"):
            if one.flag("isPublished"):
                yield _page(f"{base}/pages/{one.text('handle')}", one, one.moment("updatedAt"))

    def _articles(self, base: str) -> Iterator[ShopPage]:
        for one in self._listed(ARTICLES, "articles"):
            if one.flag("isPublished"):
                path = f"blogs/{one.inner('blog').text('handle')}/{one.text('handle')}"
                yield _page(f"{base}/{path}", one, one.moment("updatedAt"))

    def _products(self, base: str) -> Iterator[ShopPage]:
        """What the catalogue does not have of products: their metafields. Each sale changes one."""
        for one in self._listed(PRODUCTS, "products"):
            if one.text("onlineStoreUrl") and _fields(one):
                yield _page(one.text("onlineStoreUrl"), one, None)

    def _listed(self, query: str, name: str) -> Iterator[Lenient]:
        after = ""
        while True:
            found = self._ask(query, after).inner(name)
            yield from found.each("nodes")
            place = found.inner("pageInfo")
            after = place.text("endCursor")
            if not place.flag("hasNextPage") or not after:
                return

    def _ask(self, query: str, after: str = "") -> Lenient:
        """What a query gives; waited for where it asks for patience, which it does with a 200."""
        url = f"{self._shop.rstrip('/')}/admin/api/{API_VERSION}/graphql.json"
        asked = {"query": query, "variables": {"after": after} if after else {}}
        for attempt in range(1, TRIES + 1):
            answer = ask_patiently(
                lambda: self._http.post(url, json=asked), self._shop, self._sleep
            )
            said = read_json(self._shop, answer)
            told = Lenient(said if isinstance(said, dict) else {})
            codes = {one.inner("extensions").text("code") or "?" for one in told.each("errors")}
            if "ACCESS_DENIED" in codes:
                raise ScopeLacking
            if codes and codes != {"THROTTLED"}:
                raise ShopRefused(self._shop, f"it says {', '.join(sorted(codes))}", REPORT)
            if not codes:
                return told.inner("data")
            self._sleep(THROTTLED_S * attempt)
        raise ShopRefused(self._shop, "it is too busy", "It is tried again with the schedule.")


def _page(url: str, one: Lenient, changed_at: datetime | None) -> ShopPage:
    html = str(one.fields.get("body") or "")
    return ShopPage(url, one.text("title"), html, changed_at, _fields(one))


def _fields(one: Lenient) -> tuple[tuple[str, str], ...]:
    """The named texts of it that the storefront may read, as HTML."""
    return tuple(
        (each.inner("definition").text("name"), html)
        for each in one.inner("metafields").each("nodes")
        if each.inner("definition").inner("access").text("storefront") == PUBLIC
        and (html := metafield_html(each.text("type"), str(each.fields.get("value") or "")))
    )
