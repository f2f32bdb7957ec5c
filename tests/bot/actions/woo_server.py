"""A WooCommerce shop behind its REST API (v3), written from its documents; it can fail."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx

from bot.actions.woocommerce.office import WooOffice
from bot.actions.woocommerce.rest import WooRest

BILLING = {
    "first_name": "Ann", "last_name": "Lee", "email": "Ann@example.com",
    "address_1": "1 Oak Street", "address_2": "", "city": "Denver", "state": "CO",
    "postcode": "80014", "country": "US",
}  # fmt: skip


UNPAID = ("pending", "on-hold")
STATUSES = (*UNPAID, "processing", "completed", "cancelled", "refunded", "failed")
MOST_ON_A_PAGE = 100


def order(number: int, status: str) -> dict[str, Any]:
    return {
        "id": number,
        "number": str(number),
        "status": status,
        "currency": "USD",
        "total": "30.00",
        "date_created_gmt": "2026-03-01T00:00:00",
        "date_paid_gmt": None if status in UNPAID else "2026-03-01T00:00:01",
        "date_completed_gmt": "2026-03-05T00:00:00" if status == "completed" else None,
        "billing": dict(BILLING),
        "shipping": {**BILLING, "email": None},
        "line_items": [
            {
                "id": 1,
                "name": "Linen Shirt - S",
                "parent_name": "Linen Shirt",
                "product_id": 7,
                "variation_id": 71,
                "sku": "shirt-s",
                "quantity": 1,
                "price": 30,
                "meta_data": [
                    {"key": "pa_size", "value": "s", "display_key": "Size", "display_value": "S"},
                    {"key": "_reduced_stock", "value": "1"},
                ],
            }
        ],
        "meta_data": [],
        "refunds": [],
    }


class WooServer:
    """Ann's orders: 101 paid, not sent, 102 not paid, 103 completed; `writes` has each change."""

    def __init__(self) -> None:
        rows = (order(101, "processing"), order(102, "pending"), order(103, "completed"))
        self.orders = {row["id"]: row for row in rows}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.writes: list[str] = []
        self.gateway_refuses = False
        self.lose: Callable[[str], str] = lambda _: ""  # "before", "after": where answers get lost

    def office(self) -> WooOffice:
        """The real executor, talking to this."""
        transport = httpx.MockTransport(self.answer)
        return WooOffice(WooRest("https://shop.example", "ck_1:cs_1", transport=transport))

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/wp-json/wc/v3/")
        what = f"{request.method} {path}"
        lost = self.lose(what)
        if lost == "before":
            raise httpx.ReadTimeout("no answer")
        body = json.loads(request.content) if request.content else {}
        code, told = self._do(request.method, path.split("/"), dict(request.url.params), body)
        if lost == "after":
            raise httpx.ReadTimeout("no answer")
        return httpx.Response(code, json=told)

    def _do(
        self, method: str, parts: list[str], asked: dict[str, str], body: dict[str, Any]
    ) -> tuple[int, Any]:
        if int(asked.get("per_page", 10)) > MOST_ON_A_PAGE:
            return 400, {"code": "rest_invalid_param", "message": "per_page"}
        match method, parts:
            case "GET", ["orders"]:
                word = asked["search"].lower()
                return 200, [o for o in self.orders.values() if word in json.dumps(o).lower()
                             or word in f"{o['billing']['first_name']} {o['billing']['last_name']}".lower()]  # fmt: skip  # noqa: E501
            case "GET", ["products", "7"]:
                return 200, {"id": 7, "name": "Linen Shirt", "attributes": []}
            case "GET", ["products", "7", "variations"]:
                return 200, [_variation("s", "instock"), _variation("m", "outofstock")]
            case _, ["orders", number, *rest] if int(number) in self.orders:
                return self._of_order(method, int(number), rest, body)
        return 404, {"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."}

    def _of_order(
        self, method: str, number: int, rest: list[str], body: dict[str, Any]
    ) -> tuple[int, Any]:
        row = self.orders[number]
        match method, rest:
            case "GET", []:
                return 200, row
            case "PUT", [] if body.get("status", "pending") not in STATUSES:
                return 400, {"code": "rest_invalid_param", "message": "status"}
            case "PUT", []:
                marks = {each["key"]: each for each in row["meta_data"]}
                marks |= {each["key"]: each for each in body.pop("meta_data", ())}
                row.update(body, meta_data=list(marks.values()))
                self.writes.append(body.get("status") or "address")
                return 200, row
            case "GET", ["refunds"]:
                return 200, self.refunds.get(number, [])
            case "POST", ["refunds"]:
                if self.gateway_refuses:
                    code = "woocommerce_rest_cannot_create_order_refund"
                    return 500, {"code": code, "message": "The gateway refused."}
                left = Decimal(row["total"]) + sum(Decimal(r["total"]) for r in row["refunds"])
                if not 0 < Decimal(body["amount"]) <= left:
                    code = "woocommerce_rest_cannot_create_order_refund"
                    return 500, {"code": code, "message": "Invalid refund amount."}
                if Decimal(body["amount"]) == left:
                    row["status"] = "refunded"  # by WooCommerce itself, once all went back
                row["refunds"].append({"total": f"-{body['amount']}"})
                self.refunds.setdefault(number, []).append(body)
                self.writes.append(f"refund {body['amount']}")
                return 201, body
            case "POST", ["notes"]:
                return 201, body
        return 404, {"code": "rest_no_route", "message": ""}


def _variation(size: str, stock: str) -> dict[str, Any]:
    return {
        "id": 71, "sku": f"shirt-{size}", "price": "30.00", "stock_status": stock,
        "purchasable": True, "attributes": [{"name": "Size", "option": size.upper()}],
    }  # fmt: skip
