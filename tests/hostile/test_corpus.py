"""Every input of the corpus through the web, the webhooks, Slack and the imports: nothing fails."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.slack.receive import read_incoming
from bot.shops.signatures import sign
from feedback.desk.inbox import Inbox
from feedback.knowledge.importers import files
from feedback.knowledge.importers.files import BadLine
from feedback.knowledge.importers.records import FileUnreadable
from feedback.redaction import redact
from tests.bot.samples import order
from tests.bot.samples_shops import stripe_event, stripe_payment, woo_order
from tests.bot.shops.test_webhook import GENERIC, REFUND
from tests.bot.visitor import Visitor
from tests.bot.web_shop import ORDERS_SECRET, SHOPIFY_SECRET, WOO_SECRET, Shop, open_shop
from tests.factories import NOW
from tests.hostile.corpus import BODIES, TEXTS, VALUES
from tests.hostile.openapi import OPEN, stripe_signature

READERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "replies": (files.read_replies, {"reply_id": "r", "text": "t", "locale": "en"}),
    "questions": (files.read_questions, {"question": "q", "reply_id": "r", "locale": "en"}),
    "dialogues": (files.read_dialogues, {"id": "d", "turns": [{"speaker": "clerk", "text": "t"}]}),
    "ranking": (files.read_ranking, {"id": "r", "turns": [], "candidates": ["a"], "target": 0}),
    "orders": (files.read_purchases, GENERIC),
    "facts": (files.read_facts, {"name": "n", "value": "v"}),
    "rates": (files.read_rates, {"currency": "EUR", "base": "USD", "since": "2026-01-01"}),
}


@pytest.fixture
def shop(one_database: Any) -> Shop:
    return open_shop(one_database, **OPEN)


@pytest.fixture
def web(shop: Shop) -> Iterator[Visitor]:
    with shop.visitor() as client:
        begun = client.post("/api/chat/sessions", json={}).json()
        client.headers["Authorization"] = f"Bearer {begun['token']}"
        yield client


def dump(value: Any) -> bytes:
    """JSON as a careless program writes it: NaN and lone surrogates included."""
    return json.dumps(value).encode()


def refused_or_taken(answer: Any) -> bool:
    """An answer that says what it is, whatever was sent."""
    if answer.status_code < 400:
        return True
    return bool(answer.status_code < 500 and {"title", "detail"} <= answer.json().keys())


def wrong_values(good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`good` with each field in turn replaced by each text and value."""
    for field in good:
        for kind, values in (("text", TEXTS), ("value", VALUES)):
            for name, value in values.items():
                yield f"{field} {kind} {name}", {**good, field: value}


class TestCorpus:
    def test_is_large(self) -> None:
        """At least three hundred inputs, counted as they are sent to one door."""
        webhook = sum(1 for _ in wrong_values(GENERIC))

        assert len(TEXTS) + len(VALUES) + len(BODIES) >= 150
        assert webhook >= 300


class TestWeb:
    def test_every_text_is_answered_or_refused(self, web: Visitor) -> None:
        """As a message, a rating's comment, a page and an e-mail's place."""
        failed = []
        for name, text in TEXTS.items():
            message = {"text": text, "client_id": f"c-{name}", "page": text, "basket": [text]}
            for path, body in (
                ("/api/chat/messages", {"text": text, "client_id": f"t-{name}"}),
                ("/api/chat/messages", message),
                ("/api/chat/ratings", {"impression_id": text, "value": "up", "comment": text}),
                ("/api/chat/cart", {"cart_token": text}),
                ("/api/chat/sessions", {"locale": text, "page": text}),
            ):
                sent = dump(body)
                answer = web.post(path, content=sent, headers={"Content-Type": "application/json"})
                if not refused_or_taken(answer):
                    failed.append((path, name, answer.status_code, answer.text[:200]))
        assert [] == failed

    def test_every_body_is_refused(self, web: Visitor) -> None:
        """With a reason; never with a failure of ours."""
        failed = []
        for name, body in BODIES.items():
            for path in ("/api/chat/messages", "/api/chat/sessions", "/api/chat/ratings"):
                answer = web.post(path, content=body, headers={"Content-Type": "application/json"})
                if not refused_or_taken(answer):
                    failed.append((path, name, answer.status_code, answer.text[:200]))
        assert [] == failed


class TestWebhooks:
    @pytest.mark.parametrize("good", [GENERIC, REFUND], ids=["order", "refund"])
    def test_every_wrong_field_of_ours_is_named(self, web: Visitor, good: dict[str, Any]) -> None:
        """Signed, so that it is read."""
        failed = []
        for name, body in wrong_values(good):
            sent = dump(body)
            headers = {"X-Shopclerk-Signature": sign(ORDERS_SECRET, sent)}
            answer = web.post("/webhooks/orders", content=sent, headers=headers)
            if not refused_or_taken(answer):
                failed.append((name, answer.status_code, answer.text[:200]))
        assert [] == failed

    def test_every_body_and_every_wrong_field_of_a_shop_system(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Shopify's, WooCommerce's and Stripe's."""
        failed = []
        for source, good in (
            ("shopify", order()),
            ("woocommerce", woo_order()),
            ("stripe", stripe_payment()),
        ):
            few = [(n, b) for n, b in wrong_values(good) if n.split()[-1] in SOME]
            bodies = [(name, dump(wrap(source, body))) for name, body in few]
            for name, body in [*bodies, *BODIES.items()]:
                answer = web.post(
                    f"/webhooks/{source}", content=body, headers=signed(shop, source, body)
                )
                if not refused_or_taken(answer):
                    failed.append((source, name, answer.status_code, answer.text[:200]))
        assert [] == failed


SOME = {"nul", "huge", "empty_list"}  # every field has its turn in test_parsers.py


def wrap(source: str, body: dict[str, Any]) -> Any:
    return stripe_event("payment_intent.succeeded", body) if source == "stripe" else body


def signed(shop: Shop, source: str, body: bytes) -> dict[str, str]:
    if source == "shopify":
        return {"X-Shopify-Topic": "orders/create",
                "X-Shopify-Hmac-SHA256": sign(SHOPIFY_SECRET, body)}  # fmt: skip
    if source == "woocommerce":
        return {"X-WC-Webhook-Topic": "order.updated",
                "X-WC-Webhook-Signature": sign(WOO_SECRET, body)}  # fmt: skip
    return {"Stripe-Signature": stripe_signature(shop, body)}


class TestSlack:
    def test_every_payload_is_read_or_left_alone_and_can_be_kept(self, one_database: Any) -> None:
        """Messages, presses and commands with each field wrong, one at a time."""
        inbox, kept = Inbox(one_database), 0
        event: dict[str, Any] = {
            "type": "message",
            "user": "U1",
            "ts": "1.1",
            "channel": "D1",
            "text": "hi",
        }
        press: dict[str, Any] = {"action_id": "desk_done", "value": "i1 up", "action_ts": "1.2"}
        for name, wrong in wrong_values(event):
            payload: dict[str, Any] = {
                "type": "event_callback",
                "event_id": name,
                "team_id": "T",
                "event": wrong,
            }
            kept += keep(inbox, payload)
        for name, wrong in wrong_values(press):
            payload = {
                "type": "block_actions", "trigger_id": name, "user": {"id": "U1"},
                "channel": {"id": "C1"}, "message": {"ts": "1.1"}, "actions": [wrong],
            }  # fmt: skip
            kept += keep(inbox, payload)
        assert kept > 300


def keep(inbox: Inbox, payload: dict[str, Any]) -> int:
    incoming = read_incoming(payload, "UBOT")
    return int(incoming is not None and inbox.put(incoming, NOW))


class TestImports:
    @pytest.mark.parametrize("kind", READERS)
    def test_a_bad_line_costs_only_itself(self, kind: str, tmp_path: Any) -> None:
        """The file's good lines are read, and each bad one is named with its number."""
        read, good = READERS[kind]
        lines = [dump(body) for _, body in wrong_values(good)]
        lines += [body for body in BODIES.values() if b"\n" not in body and body.strip()]
        path = tmp_path / "lines.jsonl"
        path.write_bytes(b"\n".join([*lines, dump(good)]) + b"\n")
        bad: list[BadLine] = []

        taken = list(read([path], bad))

        assert len(taken) + len(bad) <= len(lines) + 1
        assert len(bad) > 20

    @pytest.mark.parametrize("name", BODIES)
    def test_a_file_that_is_no_table_is_named(self, name: str, tmp_path: Any) -> None:
        """Products come in five forms; none of them fails on another's bytes."""
        found, refused = [], []
        for ending in ("csv", "tsv", "json", "xml", "csv.gz"):
            path = tmp_path / f"products.{ending}"
            path.write_bytes(BODIES[name])
            bad: list[BadLine] = []
            try:
                found += list(files.read_products([path], bad))
            except FileUnreadable as error:
                refused.append((path.name, str(error)))
        assert len(found) < 10
        assert all(file in said for file, said in refused)


class TestRedaction:
    @pytest.mark.parametrize("name", TEXTS)
    def test_takes_any_text_in_a_moment(self, name: str) -> None:
        """Nothing in it is quadratic: what is long is cut, and set aside for a person."""
        cleaned = redact(TEXTS[name])

        assert cleaned.quarantined or len(cleaned.text) <= 8_000
