"""A small shop's back office behind the signed API, written from its description; it can fail.

It stands where the network is: the client that signs, sends and reads is the real one.
"""

import base64
import copy
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from bot.actions.signed_back_office import SignedBackOffice

SECRET = "a-secret-of-both"

ANN: dict[str, Any] = {
    "customer_id": "ann",
    "first_name": "Ann",
    "last_name": "Lee",
    "email": "ann@example.com",
    "address": {
        "address1": "1 Oak Street",
        "address2": "",
        "city": "Denver",
        "state": "CO",
        "zip": "80014",
        "country": "USA",
    },
    "payment_methods": [
        {"id": "card-1", "kind": "credit_card", "brand": "visa", "last_four": "1111"},
        {"id": "gift-1", "kind": "gift_card", "balance": "5.00"},
    ],
}
BOB: dict[str, Any] = {**ANN, "customer_id": "bob", "first_name": "Bob", "email": "bob@example.com"}


def line(sku: str, product: str, title: str, price: str, **options: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "product_id": product,
        "title": title,
        "price": price,
        "options": options,
        "quantity": 1,
    }


def order(number: str, status: str, *lines: dict[str, Any], customer: str = "ann") -> dict:
    total = sum(Decimal(each["price"]) for each in lines)
    return {
        "order_id": number,
        "status": status,
        "lines": list(lines),
        "currency": "USD",
        "total": str(total),
        "placed_at": f"2026-03-0{number[-1]}T00:00:00Z",
        "customer_id": customer,
        "shipping_address": ANN["address"],
        "payments": [{"kind": "payment", "amount": str(total), "payment_method_id": "card-1"}],
    }


LAMP = line("lamp-red", "lamp", "Desk Lamp", "40.00", color="red", power="battery")
MUG = line("mug-s", "mug", "Stone Mug", "10.00", size="small")
RUG = line("rug-1", "rug", "Wool Rug", "90.00", color="gray")
HAT = line("hat-1", "hat", "Felt Hat", "30.00", color="black")

PRODUCTS: dict[str, Any] = {
    "lamp": {
        "product_id": "lamp",
        "title": "Desk Lamp",
        "variants": [
            {"sku": sku, "options": {"color": c, "power": p}, "price": price, "available": here}
            for sku, c, p, price, here in (
                ("lamp-red", "red", "battery", "40.00", True),
                ("lamp-blue", "blue", "battery", "45.00", True),
                ("lamp-blue-usb", "blue", "USB", "38.00", True),
                ("lamp-green", "green", "battery", "41.00", False),
            )
        ],
    },
    "mug": {
        "product_id": "mug",
        "title": "Stone Mug",
        "variants": [
            {"sku": "mug-s", "options": {"size": "small"}, "price": "10.00", "available": True},
            {"sku": "mug-l", "options": {"size": "large"}, "price": "12.00", "available": True},
        ],
    },
}


class SmallBackOffice:
    """Orders of Ann and one of Bob; `log` holds every write that was done."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.orders = {
            each["order_id"]: copy.deepcopy(each)
            for each in (
                order("A1001", "pending", LAMP, MUG),
                order("A1002", "delivered", RUG, HAT),
                order("A1003", "processed", HAT),
                order("B2001", "pending", MUG, customer="bob"),
            )
        }
        self.customers = {"ann": copy.deepcopy(ANN), "bob": copy.deepcopy(BOB)}
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.actors: list[str] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.lose: Callable[[str], str] = lambda _: ""  # "before", "after": where answers get lost
        self._clock = clock

    def client(self) -> SignedBackOffice:
        """The real client, talking to this."""
        return SignedBackOffice(
            "http://office.test",
            SECRET,
            clock=self._clock,
            transport=httpx.MockTransport(self.answer),
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        stamp = request.headers["X-Shopclerk-Timestamp"]
        signed = f"{stamp}.{request.method} {path}.".encode() + request.content
        wanted = base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()
        if wanted != request.headers["X-Shopclerk-Signature"]:
            return httpx.Response(401, json={"error": "bad_signature", "detail": ""})
        lost = self.lose(f"{request.method} {path}")
        if lost == "before":
            raise httpx.ReadTimeout("no answer")
        code, told = self._do(request, path)
        if lost == "after":
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(code, json=told)

    def _do(self, request: httpx.Request, path: str) -> tuple[int, Any]:
        at = urlsplit(path)
        parts = [unquote(part) for part in at.path.strip("/").split("/")[1:]]
        asked = dict(parse_qsl(at.query))
        if request.method == "GET":
            return self._read(parts, asked)
        body = json.loads(request.content)
        if asked.get("dry_run"):
            return self._write(parts, body, dry=True)
        key = request.headers["Idempotency-Key"]
        if key in self.answers:
            return 200, {**self.answers[key], "replayed": True}
        code, told = self._write(parts, body, dry=False)
        if code == 200:
            self.answers[key] = told
            self.actors.append(request.headers["X-Shopclerk-Actor"])
        return code, told

    def _read(self, parts: list[str], asked: dict[str, str]) -> tuple[int, Any]:
        match parts:
            case ["customers"] if "email" in asked:
                found = [c for c in self.customers.values() if c["email"] == asked["email"].lower()]
            case ["customers"]:
                found = [
                    c
                    for c in self.customers.values()
                    if (c["first_name"], c["last_name"], c["address"]["zip"])
                    == (asked["first_name"], asked["last_name"], asked["zip"])
                ]
            case ["customers", key]:
                found = [self.customers[key]] if key in self.customers else []
            case ["orders", key]:
                found = [self.orders[key]] if key in self.orders else []
            case ["customers", key, "orders"]:
                return 200, [o for o in self.orders.values() if o["customer_id"] == key]
            case ["products", key]:
                found = [PRODUCTS[key]] if key in PRODUCTS else []
            case _:
                found = []
        return (200, found[0]) if found else (404, {"error": "customer_not_found", "detail": ""})

    def _write(self, parts: list[str], body: dict[str, Any], *, dry: bool) -> tuple[int, Any]:
        room, key, what = parts
        target = self.customers[key] if room == "customers" else self.orders[key]
        needs = {"cancel": "pending", "items": "pending", "address": "pending"}.get(
            what, "delivered"
        )
        if room == "orders" and what not in ("email", "wrapping") and target["status"] != needs:
            return 409, {"error": "wrong_status", "detail": ""}
        outcome, after = self._outcome(what, target, body)
        if not dry:
            target.update(after)
            self.log.append((what, {"id": key, **body}))
        return 200, {"action": what, "dry_run": dry, "outcome": outcome, "status": "well"}

    @staticmethod
    def _outcome(
        what: str, target: dict[str, Any], body: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a write tells, and what it changes."""
        prices = {each["sku"]: Decimal(each["price"]) for each in target.get("lines", ())}
        if what == "cancel":
            return {"refund": target["total"], "to": ["card-1"]}, {"status": "cancelled"}
        if what == "address":
            name = "address" if "payment_methods" in target else "shipping_address"
            return {"address": body["address"]}, {name: body["address"]}
        if what == "returns":
            refund = str(sum(prices[sku] for sku in body["skus"]))
            to = [body["payment_method_id"]]
            return {"refund": refund, "to": to}, {"status": "return requested"}
        if what in ("email", "wrapping"):
            return {}, {}
        variants = {v["sku"]: v for p in PRODUCTS.values() for v in p["variants"]}
        new = sum(Decimal(variants[c["new_sku"]]["price"]) for c in body["changes"])
        difference = str(new - sum(prices[c["sku"]] for c in body["changes"]))
        if what == "exchanges":
            return {"difference": difference}, {"status": "exchange requested"}
        now = {c["sku"]: c["new_sku"] for c in body["changes"]}
        lines = [{**each, "sku": now.get(each["sku"], each["sku"])} for each in target["lines"]]
        return {"difference": difference}, {"status": "pending (item modified)", "lines": lines}
