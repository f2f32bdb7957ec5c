"""What every request goes through: size, origin, headers, counts, problems, documentation."""

import gzip
import re
from typing import Any

import pytest

from bot.http.assets import widget
from bot.http.config import WebConfig
from bot.http.context import Readiness
from bot.http.rate_limits import address_of
from bot.shops.signatures import sign
from bot.tokens import BadToken, Tokens
from feedback.db.errors import StoreUnreadable
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Clock, Shop, open_shop

PARTNER = "https://shop.example"


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/widget.js", "/healthz", "/nope", "/desk/login"])
    def test_every_answer_carries_them(self, web: Visitor, path: str) -> None:
        """No inline script may run anywhere; pages may not be framed."""
        headers = web.get(path).headers

        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "nosniff" == headers["x-content-type-options"]
        assert headers["x-request-id"]

    def test_by_https_browsers_are_told_to_stay_there(self, one_database: Any) -> None:
        """Where the public address is https; over http the header would be a lie."""
        with open_shop(one_database).visitor() as http:
            plain = http.get("/healthz").headers
        with open_shop(one_database, public_url="https://shop.test").visitor() as https:
            safe = https.get("/healthz").headers

        assert "strict-transport-security" not in plain
        assert "max-age=31536000" == safe["strict-transport-security"]

    def test_pages_hold_no_inline_script_or_style(self, web: Visitor) -> None:
        """They would not work."""
        for path in ("/", "/products/clay-mug", "/checkout", "/desk/login", "/api/docs"):
            page = web.get(path).text
            assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page), path

    def test_a_good_request_id_is_kept_and_a_bad_one_replaced(self, web: Visitor) -> None:
        """So that a proxy's logs and ours name the same request."""
        good = web.get("/healthz", headers={"X-Request-ID": "proxy-12345678"})
        bad = web.get("/healthz", headers={"X-Request-ID": "a b;c" * 30})

        assert "proxy-12345678" == good.headers["x-request-id"]
        assert re.fullmatch(r"[\w-]+", bad.headers["x-request-id"])


class TestOrigins:
    @pytest.fixture
    def embedded(self, one_database: Any) -> Any:
        """A shop whose widget one other site may embed."""
        with open_shop(one_database, allowed_origins=(PARTNER,)).visitor() as web:
            yield web

    def preflight(self, web: Visitor, origin: str) -> Any:
        return web.options(
            "/api/chat/messages",
            headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
        )

    def test_an_allowed_site_may_chat(self, embedded: Visitor) -> None:
        """Exactly that origin is named, and caches are told that it matters."""
        asked = self.preflight(embedded, PARTNER)
        begun = embedded.post("/api/chat/sessions", json={}, headers={"Origin": PARTNER})

        assert (204, 200) == (asked.status_code, begun.status_code)
        for answer in (asked, begun):
            assert PARTNER == answer.headers["access-control-allow-origin"]
            assert "Origin" in answer.headers["vary"]
        assert "Authorization" in asked.headers["access-control-allow-headers"]

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "http://shop.example",
            "https://a.shop.example",
            "null",
            "http://[",
        ],
    )
    def test_another_site_may_not(self, embedded: Visitor, origin: str) -> None:
        """Other hosts, other schemes, subdomains: the list is exact."""
        asked = self.preflight(embedded, origin)
        begun = embedded.post("/api/chat/sessions", json={}, headers={"Origin": origin})

        assert (403, 403) == (asked.status_code, begun.status_code)
        assert "access-control-allow-origin" not in begun.headers
        assert "SHOPCLERK_ALLOWED_ORIGINS" in begun.json()["detail"]

    def test_the_shops_own_pages_always_may(self, web: Visitor) -> None:
        """Under its public address and under whatever host it was reached."""
        own = web.post("/api/chat/sessions", json={}, headers={"Origin": "http://shop.test"})
        local = web.post(
            "http://localhost:8000/api/chat/sessions",
            json={},
            headers={"Origin": "http://localhost:8000"},
        )

        assert (200, 200) == (own.status_code, local.status_code)


class TestProblems:
    def test_unknown_addresses_and_methods_are_named(self, web: Visitor) -> None:
        """With what to do instead."""
        missing, wrong = web.get("/api/nothing"), web.get("/api/chat/messages")

        assert (404, 405) == (missing.status_code, wrong.status_code)
        assert "'/api/nothing'" in missing.json()["detail"]
        assert "use POST" in wrong.json()["detail"]
        assert {"type", "title", "status", "detail", "request_id"} == missing.json().keys()

    def test_each_kind_is_explained_where_its_type_points(self, web: Visitor) -> None:
        """`type` is an address of ours."""
        kind = web.get("/api/nothing").json()["type"]

        path, _, fragment = kind.partition("#")
        assert f'id="{fragment}"' in web.get(path).text

    def test_a_crash_says_nothing_of_itself(self, shop: Shop, web: Visitor) -> None:
        """The log knows; the sender gets a reference."""

        def crash() -> Readiness:
            raise RuntimeError("secret detail")

        object.__setattr__(shop.app.state.context, "ready", crash)

        answer = web.get("/readyz")

        assert 500 == answer.status_code
        assert "secret detail" not in answer.text
        assert answer.json()["request_id"] == answer.headers["x-request-id"]

    def test_a_store_that_is_away_is_a_503(self, shop: Shop, web: Visitor) -> None:
        """Nothing was recorded: send it again."""

        def away() -> Readiness:
            raise StoreUnreadable("shopclerk.db", "disk full", "Free some space.")

        object.__setattr__(shop.app.state.context, "ready", away)

        answer = web.get("/readyz")

        assert (503, "5") == (answer.status_code, answer.headers["retry-after"])


class TestHealth:
    def test_alive_and_ready(self, web: Visitor) -> None:
        """Each part speaks for itself."""
        assert {"status": "alive"} == web.get("/healthz").json()
        assert {"store": "well"} == web.get("/readyz").json()["parts"]

    def test_not_ready_is_503(self, one_database: Any) -> None:
        """A load balancer looks at the status alone."""
        away = Readiness(False, {"model server": "does not answer"})
        with open_shop(one_database, ready=away).visitor() as web:
            assert 503 == web.get("/readyz").status_code

    def test_counts_requests_and_answers(self, web: Visitor, session: dict[str, Any]) -> None:
        """By route, never by address or id."""
        web.post("/api/chat/messages", json={"text": "return", "client_id": "c"})

        counts = web.get("/metrics").text

        assert 'shopclerk_answers_total{kind="answer",served_by="model"} 1.0' in counts
        assert 'route="/api/chat/messages",status="200"} 1.0' in counts


class TestDocumentation:
    def test_every_answer_of_every_operation_is_documented(self, web: Visitor) -> None:
        """What bad requests get is in the document: status by status."""
        schema = web.get("/api/openapi.json").json()
        found = []
        for path, methods in schema["paths"].items():
            for method, operation in methods.items():
                address = re.sub(r"{\w+}", "x", path)
                for body in (b"", b"{", b"\xff", b"[]", b"{}", b"x" * 1_000_001):
                    answer = web.request(
                        method, address, content=body, headers={"Content-Type": "application/json"}
                    )
                    allowed = {*operation["responses"], "303"}  # 303: the desk asks for a login
                    if str(answer.status_code) not in allowed or answer.status_code == 500:
                        found.append((method, path, body[:5], answer.status_code))

        assert [] == found

    def test_it_names_only_schemas_it_holds(self, web: Visitor) -> None:
        """FastAPI's own error shapes are gone, ours are there."""
        text = web.get("/api/openapi.json").text

        names = set(re.findall(r"#/components/schemas/(\w+)", text))
        assert names <= web.get("/api/openapi.json").json()["components"]["schemas"].keys()
        assert "HTTPValidationError" not in text


class TestWidgetScript:
    def test_is_small(self) -> None:
        """At most 15 kB over the wire."""
        assert len(gzip.compress(widget().content)) <= 15_000

    def test_never_writes_markup(self) -> None:
        """Text enters a page as text only."""
        script = widget().content.decode()

        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert word not in script

    def test_is_sent_packed_to_who_unpacks(self, web: Visitor) -> None:
        """A third of its size; as it is to anybody else."""
        packed = web.get("/widget.js", headers={"Accept-Encoding": "gzip"})
        plain = web.get("/widget.js", headers={"Accept-Encoding": "identity"})

        assert ("gzip", None) == tuple(a.headers.get("content-encoding") for a in (packed, plain))
        assert widget().content == packed.content == plain.content

    def test_is_not_sent_again_when_known(self, web: Visitor) -> None:
        """By its mark."""
        mark = web.get("/widget.js").headers["etag"]

        assert 304 == web.get("/widget.js", headers={"If-None-Match": mark}).status_code

    def test_files_of_our_pages_are_served(self, web: Visitor) -> None:
        """And nothing else."""
        assert [200, 404] == [web.get(f"/static/{n}").status_code for n in ("shop.css", "x.css")]


class TestTokens:
    def test_an_older_secret_still_reads_and_the_last_one_signs(self) -> None:
        """So secrets rotate without logging anybody out."""
        clock = Clock()
        old = Tokens("old", clock=clock)
        rotated = Tokens(["old", "new"], clock=clock)

        assert "s1" == rotated.read_shopper(old.shopper("s1"))
        assert "s1" == Tokens("new", clock=clock).read_shopper(rotated.shopper("s1"))
        with pytest.raises(BadToken):
            old.read_shopper(rotated.shopper("s1"))

    def test_lives(self) -> None:
        """A shopper's token in a basket lasts 30 days."""
        clock = Clock()
        tokens = Tokens("secret", clock=clock)
        token = tokens.shopper("s1")
        clock.pass_by(days=29)
        still = tokens.read_shopper(token)
        clock.pass_by(days=1)

        assert "s1" == still
        with pytest.raises(BadToken, match="expired"):
            tokens.read_shopper(token)


class TestSmallThings:
    def test_signature_is_what_others_compute(self) -> None:
        """The known answer of RFC 4231, test case 2, in base64."""
        key, data = "Jefe", b"what do ya want for nothing?"

        assert "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=" == sign(key, data)

    @pytest.mark.parametrize(
        ("host", "counted"),
        [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("x", "x")],
    )
    def test_an_ipv6_household_counts_as_one(self, host: str, counted: str) -> None:
        """Its single addresses are free to change."""
        from starlette.requests import Request

        assert counted == address_of(Request({"type": "http", "client": (host, 1)}))

    def test_hosts_of_the_shop(self) -> None:
        """Ours, those that embed the widget, and named ones."""
        config = WebConfig("http://a.test:8000", lambda: "x", ("https://b.test",), ("C.test",))

        assert {"a.test:8000", "b.test", "c.test"} == config.hosts
