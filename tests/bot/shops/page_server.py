"""Shopify's Admin GraphQL API and WordPress' REST API as documented, as far as pages go."""

import json
import re
from typing import Any

import httpx

PUBLIC = {"name": "Care", "access": {"storefront": "PUBLIC_READ"}}
HIDDEN = {"name": "Supplier", "access": {"storefront": "NONE"}}
CHANGED = "2026-11-01T10:00:00Z"


def metafield(
    value: str,
    definition: dict[str, Any] | None = PUBLIC,
    kind: str = "multi_line_text_field",
) -> dict[str, Any]:
    """A metafield of a page or a product."""
    return {"type": kind, "value": value, "definition": definition}


def page(handle: str, body: str, *fields: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A page in Shopify."""
    return {"title": handle.title(), "handle": handle, "body": body, "updatedAt": CHANGED,
            "isPublished": True, "metafields": {"nodes": list(fields)}, **changed}  # fmt: skip


class ShopifyServer:
    """Answers queries for pages, two at a time; `denied` are roots the token may not read."""

    def __init__(self) -> None:
        self.found: dict[str, list[dict[str, Any]]] = {"pages": [], "articles": [], "products": []}
        self.policies: list[dict[str, Any]] = []
        self.denied: set[str] = set()
        self.throttled = 0
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("x-shopify-access-token") != "shpat_1":
            return httpx.Response(401)
        if not re.fullmatch(r"/admin/api/\d{4}-\d\d/graphql\.json", request.url.path):
            return httpx.Response(404)
        asked = json.loads(request.content)
        root = re.findall(r"\{ (\w+)(?: \{ (shopPolicies))?", asked["query"])[0]
        name = root[1] or root[0]
        self.asked.append(name)
        if self.throttled:
            self.throttled -= 1
            return error("THROTTLED")  # with status 200, as it does
        if name in self.denied:
            return error("ACCESS_DENIED")
        if name == "shopPolicies":
            return data({"shop": {"shopPolicies": self.policies}})
        if name == "shop":
            return data({"shop": {"primaryDomain": {"url": "https://shop.example"}}})
        start = int(asked["variables"].get("after") or 0)
        nodes = self.found[name][start : start + 2]
        more = start + 2 < len(self.found[name])
        place = {"hasNextPage": more, "endCursor": str(start + 2) if nodes else None}
        return data({name: {"nodes": nodes, "pageInfo": place}})


def data(found: dict[str, Any]) -> httpx.Response:
    """An answer."""
    return httpx.Response(200, json={"data": found, "extensions": {"cost": {}}})


def error(code: str) -> httpx.Response:
    """A refusal: GraphQL's stand in the body."""
    told = {"message": code.title(), "extensions": {"code": code}}
    return httpx.Response(200, json={"errors": [told], "data": None})


class WordPressServer:
    """Lists pages and posts, two at a time."""

    def __init__(self) -> None:
        self.found: dict[str, list[dict[str, Any]]] = {"pages": [], "posts": []}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        kind = request.url.path.removeprefix("/wp-json/wp/v2/")
        if kind not in self.found:
            return httpx.Response(404, json={"code": "rest_no_route"})
        listed, number = self.found[kind], int(request.url.params["page"])
        pages = -(-len(listed) // 2)
        if number > max(pages, 1):
            return httpx.Response(400, json={"code": "rest_post_invalid_page_number"})
        return httpx.Response(
            200, json=listed[2 * number - 2 : 2 * number],
            headers={"X-WP-Total": str(len(listed)), "X-WP-TotalPages": str(pages)},
        )  # fmt: skip


def wordpress_page(slug: str, html: str, *, protected: bool = False) -> dict[str, Any]:
    """A page as WordPress lists it: titles have entities, dates no zone."""
    return {
        "id": len(slug), "link": f"https://woo.example/{slug}/",
        "title": {"rendered": f"{slug.title()} &#8211; help"},
        "content": {"rendered": html, "protected": protected},
        "modified_gmt": "2026-11-01T10:00:00",
    }  # fmt: skip
