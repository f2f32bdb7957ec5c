"""Junk at POST /slack/events: refused with a problem document; what is unsigned is not parsed."""

import hashlib
import hmac
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from bot.http import problems
from tests.bot.channels.slack.running import edge_of
from tests.bot.shop import Shop
from tests.bot.visitor import Visitor
from tests.slack_peer import SIGNING_SECRET

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EVENT = b'{"type": "url_verification", "challenge": "c"}'
JUNK = [
    b"[]", b"null", b"7", b'"text"', b"NaN", b"{", b"[" * 100_000, b'{"a":' * 100_000,
    b'{"authorizations": 5}', b'{"authorizations": [5]}', b'{"enterprise": 5}', b'{"team": []}',
    b'{"user": 1e999}', b'{"event": []}', b'{"event": "x"}', b'{"channel": true}',
    b'{"actions": {}}', b'{"actions": [null]}', b'{"view": 1}', b'{"message": [1]}', b"\xff\xfe",
]  # fmt: skip


class Slack:
    """Sends to the route, with a signature or without."""

    def __init__(self, web: Visitor) -> None:
        self.web = web

    def send(
        self,
        body: bytes,
        *,
        kind: str = JSON,
        signed: bool = True,
        headers: dict[str, str] | None = None,
    ) -> int:
        """The status; each refusal is a problem document."""
        stamp = str(int(time.time()))
        said = f"v0:{stamp}:".encode() + body
        signature = "v0=" + hmac.new(SIGNING_SECRET.encode(), said, hashlib.sha256).hexdigest()
        sent = {"Content-Type": kind}
        if signed:
            sent |= {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        written = {
            name.encode(): value.encode("latin-1")
            for name, value in {**sent, **(headers or {})}.items()
        }
        answer = self.web.post("/slack/events", content=body, headers=written)
        assert answer.is_success or {"title", "detail"} <= answer.json().keys()
        return int(answer.status_code)


@pytest.fixture
def slack(shop: Shop) -> Iterator[Slack]:
    app = FastAPI()
    problems.install(app)
    edge = edge_of(shop, None, socket_mode=False, api_url="http://127.0.0.1:9/")  # type: ignore[arg-type]
    app.add_api_route("/slack/events", edge.handle, methods=["POST"])
    with Visitor(app, "http://shop.test") as web:
        yield Slack(web)


class TestJunk:
    def test_slacks_own_request_is_taken(self, slack: Slack) -> None:
        """With whatever charset its content type names."""
        assert 200 == slack.send(EVENT)
        assert 200 == slack.send(EVENT, kind=f"{JSON}; charset=utf-8")

    @pytest.mark.parametrize("body", JUNK, ids=lambda body: repr(body[:20]))
    def test_what_has_not_slacks_shape_is_refused(self, slack: Slack, body: bytes) -> None:
        """As JSON and as a form's payload."""
        assert slack.send(body) in (400, 422)
        assert slack.send(b"payload=" + body, kind=FORM) in (400, 422)

    @pytest.mark.parametrize("body", JUNK, ids=lambda body: repr(body[:20]))
    def test_what_is_not_signed_is_not_parsed(self, slack: Slack, body: bytes) -> None:
        """Anybody can send it."""
        assert slack.send(body, signed=False) in (400, 401)

    @pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-1", "9" * 400, "1.5", "\xb2", "0x10"])
    def test_a_timestamp_that_is_no_number_is_refused(self, slack: Slack, stamp: str) -> None:
        """Before anything is computed with it."""
        assert 401 == slack.send(EVENT, headers={"X-Slack-Request-Timestamp": stamp})

    @pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "\xe4" * 64, "v1=" + "0" * 64])
    def test_a_signature_of_another_form_is_refused(self, slack: Slack, signature: str) -> None:
        """Some cannot be compared at all."""
        assert 401 == slack.send(EVENT, headers={"X-Slack-Signature": signature})

    @pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/xml"])
    def test_another_content_type_is_refused(self, slack: Slack, kind: str) -> None:
        """Slack sends two."""
        assert 415 == slack.send(EVENT, kind=kind)
