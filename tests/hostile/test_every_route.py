"""Junk at every route that anybody reaches: an answer below 500, refusals as problem documents."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot.shops.signatures import sign
from tests.bot.visitor import Visitor
from tests.bot.web_shop import ORDERS_SECRET, open_shop
from tests.hostile.openapi import OPEN

BODIES = {
    "nothing": b"",
    "list": b"[]",
    "list in list": b"[[{}]]",
    "null": b"null",
    "number": b"7",
    "text": b'"text"',
    "NaN": b"NaN",
    "NaN inside": b'{"text": NaN, "value": -Infinity, "choice": 1e999}',
    "huge integer": b'{"text": ' + b"9" * 5_000 + b"}",
    "huge integers": b'{"client_id": 99999999999999999999999, "impression_id": -1}',
    "deep": b"[" * 50_000,
    "deep object": b'{"a":' * 10_000,
    "half a surrogate": b'{"text": "\\ud800", "client_id": "\\udfff", "name": "\\ud800"}',
    "surrogate as a key": b'{"\\ud800": 1}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "UTF-16": '{"text": "a"}'.encode("utf-16"),
    "NUL": b'{"text": "\\u0000", "client_id": "\\u0000"}',
    "doubled keys": b'{"text": "a", "text": []}',
    "form": b"name=a&name=b&password=%ff%00&csrf=%ed%a0%80",
    "form without values": b"&&&===&a",
    "multipart": b'--x\r\nContent-Disposition: form-data; name="csv"; filename="a"\r\n\r\n\xff'
    b"\r\n--x--",
    "multipart cut off": b"--x\r\nContent-Disposition: form-da",
}
KINDS = [
    "application/json",
    "application/json; charset=nonsense",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "\xff/\xfe",
    "",
]
# Pages and files that no program is told of.
UNLISTED = {
    "GET": {
        *("/api/docs", "/api/openapi.json", "/desk/conversations", "/mail/end/{token}"),
        *("/static/{name}", "/widget/chat-{locale}.js"),
    },
    "POST": {"/mail/end/{token}"},
}
IN_PATHS = ["x", "%00", "%ff", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "a" * 3_000, "9" * 400]
HEADERS = {
    "Authorization": ["Bearer", "Bearer \xff", "Bearer " + "a." * 900, "Basic ===", ""],
    "Cookie": ["shopclerk_desk=\xff", "=;=;", "shopclerk_desk=" + "a" * 3_000],
    "Last-Event-ID": ["-1", "\xb2", "9" * 30, "NaN"],
    "Origin": ["null", "\xff", "http://[", "https://" + "a" * 3_000],
    "Host": ["[", "a:b:c", "\xff", ""],
    "Accept-Language": ["\xff", ";q=;q=;", "en" * 1_000],
    "Content-Length": ["-1", "\xb2", "1e3", "9" * 40],
    "X-Forwarded-For": ["\xff", "[[[", ",,,,"],
    "X-Request-ID": ["\r", "\xff" * 20],
    "Range": ["bytes=-", "bytes=9-1", "\xff"],
    "If-None-Match": ["\xff", '"'],
    "If-Modified-Since": ["\xff", "yesterday", "Mon, 99 Foo 99999 99:99:99 GMT"],
}


@pytest.fixture
def web(one_database: Any) -> Iterator[Visitor]:
    with open_shop(one_database, **OPEN).visitor() as client:
        token = client.post("/api/chat/sessions", json={}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def routes(web: Visitor, method: str) -> list[str]:
    """The paths that take this method, in the OpenAPI document or not."""
    found = web.get("/api/openapi.json").json()["paths"]
    named = {path for path, operations in found.items() if method.lower() in operations}
    return sorted(named | UNLISTED.get(method, set()))


def routes_of(listed: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Method and path of each route of an app, its included routers' too."""
    for route in listed:
        if (inside := getattr(route, "original_router", None)) is not None:
            yield from routes_of(inside.routes)
        else:
            yield from ((method, route.path) for method in route.methods or ())


def is_well(answer: Any) -> bool:
    """Below 500 (or 503: not set up), and a refusal says what is wrong."""
    if answer.status_code < 400:
        return True
    kind = answer.headers.get("content-type", "")
    if answer.status_code in (404, 405) or kind.startswith("text/html"):
        return True
    return bool(answer.status_code < 500) and kind.startswith("application/problem+json")


class TestEveryRoute:
    def test_no_route_is_left_out_here(self, one_database: Any, web: Visitor) -> None:
        """A new one is in the OpenAPI document, or in the short list of those that are not."""
        app = open_shop(one_database, **OPEN).app
        own = {each for each in routes_of(app.routes) if each[0] in ("GET", "POST")}
        tried = {(method, path) for method in ("GET", "POST") for path in routes(web, method)}

        assert (set(), set()) == (own - tried, tried - own)

    @pytest.mark.slow
    def test_a_body_of_any_kind_is_answered(self, web: Visitor) -> None:
        """Each body under each content type, signed where a signature opens the door."""
        wrong = []
        for path in routes(web, "POST"):
            for name, body in BODIES.items():
                for kind in KINDS:
                    headers = {
                        b"Content-Type": kind.encode("latin-1"),
                        b"X-Shopclerk-Signature": sign(ORDERS_SECRET, body).encode(),
                    }
                    answer = web.post(fill(path, "x"), content=body, headers=headers)
                    if not is_well(answer):
                        wrong.append((path, name, kind, answer.status_code))

        assert [] == wrong

    def test_a_header_of_any_kind_is_answered(self, web: Visitor) -> None:
        """Each header, wrong in each way, at each address."""
        wrong = []
        for method in ("GET", "POST"):
            for path in routes(web, method):
                for name, values in HEADERS.items():
                    for value in values:
                        headers = {name.encode(): value.encode("latin-1")}
                        answer = web.request(method, fill(path, "x"), headers=headers)
                        if not is_well(answer):
                            wrong.append((path, name, value[:20], answer.status_code))

        assert [] == wrong

    def test_an_address_of_any_kind_is_answered(self, web: Visitor) -> None:
        """Where a part of it is free, and where a query is read."""
        wrong = []
        for method in ("GET", "POST"):
            for path in routes(web, method):
                for part in IN_PATHS:
                    for address in {
                        fill(path, part),
                        f"{fill(path, 'x')}?page={part}&since={part}",
                    }:
                        answer = web.request(method, address)
                        if not is_well(answer):
                            wrong.append((method, address[:60], answer.status_code))

        assert [] == wrong


def fill(path: str, value: str) -> str:
    """A route's path, with `value` wherever it is free."""
    return re.sub(r"\{[^}]*\}", lambda _: value, path)
