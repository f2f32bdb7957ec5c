"""Sends what the OpenAPI document allows, and what it forbids, and notes wrong answers.

Used by the short test beside it and by the long one, benchmarks/battery/openapi_cases.py.
"""

import hashlib
import hmac
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from bot.reply_addresses import ReplyAddresses
from bot.shops.signatures import sign
from tests.bot.visitor import Visitor
from tests.bot.web_shop import (
    ORDERS_SECRET,
    PASSWORD,
    SHOPIFY_SECRET,
    STRIPE_SECRET,
    WOO_SECRET,
    Shop,
)


@schemathesis.serializer("message/rfc822")
def mail_bytes(_: Any, value: Any) -> bytes:
    """A mail is sent as it is written."""
    return str(value).encode("utf-8", "surrogatepass")


SIGNED = {
    "/webhooks/orders": ("X-Shopclerk-Signature", ORDERS_SECRET),
    "/webhooks/mail": ("X-Shopclerk-Signature", ORDERS_SECRET),
    "/webhooks/shopify": ("X-Shopify-Hmac-SHA256", SHOPIFY_SECRET),
    "/webhooks/woocommerce": ("X-WC-Webhook-Signature", WOO_SECRET),
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# Unlimited, so that every case meets the route and not the limits, and streams that end at once.
OPEN: dict[str, Any] = {
    "shopper_per_minute": 10**9,
    "address_per_minute": 10**8,
    "logins_per_minute": 10**8,
    "stream_seconds": 0.01,
    "poll_seconds": 0.005,
    "mail_secret": ORDERS_SECRET,
    "mail_replies": ReplyAddresses("reply@shop.example", b"key of the tests"),
    "mails_per_minute": 10**8,
}


class Wrong(NamedTuple):
    """An answer that should not have been."""

    operation: str
    status: int
    why: str
    sent: str


class Tally(NamedTuple):
    """What was sent, and what came back that should not have."""

    statuses: Counter[int]
    wrong: list[Wrong]


class Somebody:
    """A visitor who knows what shoppers and staff know: a token, a cookie, secrets of webhooks."""

    def __init__(self, shop: Shop, web: Visitor) -> None:
        """Begin a chat and log in at the desk."""
        self.shop, self.web = shop, web
        self.token = web.post("/api/chat/sessions", json={}).json()["token"]
        web.post("/desk/login", data={"password": PASSWORD, "name": "Mei"})
        self.cookie = dict(web.cookies)
        web.cookies.clear()
        shown = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookie.items())}
        page = web.get("/desk", headers=shown).text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found
        self.csrf = found[1]

    def send(self, case: Any, *, known: bool) -> httpx.Response:
        """The case, with what opens its door when `known`."""
        asked = case.as_transport_kwargs(base_url=str(self.web.base_url))
        path = case.operation.path
        headers = {str(k): str(v) for k, v in asked["headers"].items()}
        cookies = dict(asked.get("cookies") or {})
        content, data = _body(asked, headers)
        if known and path.startswith("/api/chat"):
            headers["Authorization"] = f"Bearer {self.token}"
        elif known and path.startswith(("/desk", "/reports")) and path != "/desk/logout":
            cookies = self.cookie
            if isinstance(data, dict):
                data = {**data, "csrf": self.csrf}
        elif known and path in SIGNED:
            name, secret = SIGNED[path]
            headers[name] = sign(secret, content or b"")
        elif known and path == "/webhooks/stripe":
            headers["Stripe-Signature"] = stripe_signature(self.shop, content or b"")
        if cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in cookies.items())
        request = httpx.Request(
            asked["method"],
            asked["url"],
            params=asked.get("params"),
            headers=[(k.encode(), _wire(v)) for k, v in headers.items() if _ascii(k)],
            content=content,
            data=data,
        )
        return self.web.send(request)


def stripe_signature(shop: Shop, body: bytes) -> str:
    """As Stripe signs: over the time and the body."""
    at = int(shop.clock().timestamp())
    made = hmac.digest(STRIPE_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hex()
    return f"t={at},v1={made}"


def send_all(shop: Shop, web: Visitor, *, each: int, number: int = 1) -> Tally:
    """At most `each` cases of either mode to every operation; `number` seeds the chance."""
    document = json.loads(json.dumps(shop.app.openapi()))
    schema = schemathesis.openapi.from_dict(document)
    somebody, tally = Somebody(shop, web), Tally(Counter(), [])
    every: Any = schema.get_all_operations()
    for found in every:
        operation: Any = found.ok()
        for mode in MODES:
            for known in (True, False):
                for case in cases(operation, mode, each if known else max(1, each // 4), number):
                    _judge(operation, case, somebody.send(case, known=known), tally)
    return tally


def cases(operation: Any, mode: GenerationMode, most: int, number: int) -> Iterator[Any]:
    """Cases of one operation; none where the document forbids nothing."""
    made: list[Any] = []

    @seed(number)
    @settings(
        max_examples=most, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def make(case: Any) -> None:
        made.append(case)

    try:
        make()
    except Unsatisfiable:
        return iter(())
    return iter(made)


def _judge(operation: Any, case: Any, answer: httpx.Response, tally: Tally) -> None:
    tally.statuses[answer.status_code] += 1
    documented = operation.definition.raw.get("responses", {})
    why = ""
    if answer.status_code >= 500:
        why = f"a failure: {answer.text[:200]}"
    elif str(answer.status_code) not in documented:
        why = "not documented"
    elif answer.status_code >= 400 and not _is_problem(answer):
        why = f"no problem document: {answer.text[:100]!r}"
    if why:
        name = f"{operation.method.upper()} {operation.path}"
        sent = ascii({"path": case.formatted_path, "body": case.body, "query": case.query})[:300]
        tally.wrong.append(Wrong(name, answer.status_code, why, sent))


def _is_problem(answer: httpx.Response) -> bool:
    if "text/html" in answer.headers.get("content-type", ""):
        return True
    return bool({"type", "title", "status", "detail"} <= answer.json().keys())


def _body(asked: dict[str, Any], headers: dict[str, str]) -> tuple[bytes | None, Any]:
    """The body as bytes, or a form's fields."""
    if "json" in asked:
        return json.dumps(asked["json"]).encode(), None
    data = asked.get("data")
    if isinstance(data, dict):
        headers.pop("Content-Type", None)
        return None, {str(k): str(v) for k, v in data.items() if _encodable(f"{k}{v}")}
    if isinstance(data, str):
        return data.encode("utf-8", "surrogatepass"), None
    return data, None


def _wire(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def rate(tally: Tally, started: float) -> str:
    """Cases, and how many a second."""
    number = sum(tally.statuses.values())
    return f"{number} cases, {number / (time.monotonic() - started):.0f}/s, {dict(tally.statuses)}"
