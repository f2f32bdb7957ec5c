"""A Shopify shop behind its Admin GraphQL API, written from its documents; it can fail.

A field or an argument that its schema lacks is refused as Shopify refuses it, and so are a query
that asks for too much, a note that is too long, a change of what has been sent. It stands where
the network is.
"""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
from graphql import graphql_sync

from bot.actions.shopify.admin import ShopifyAdmin
from bot.actions.shopify.office import ShopifyOffice
from tests.bot.actions.shopify_schema import DEAREST, SCHEMA, cost_of

PRICES = {
    "shirt-s": "20.00", "shirt-m": "20.00", "shirt-xl": "25.00", "mug": "10.00",
    "bowl-s": "8.00", "bowl-l": "8.00",
}  # fmt: skip
SOLD_OUT = {"shirt-xxl"}
NO_SKU = {"bowl-s", "bowl-l"}  # of a shop that gives none: these go by their variant's id
NOTES = {"customerNote": 300, "returnReasonNote": 255}  # characters


def bag(amount: Any) -> dict[str, Any]:
    return {"shopMoney": {"amount": str(amount)}}


def variant(sku: str) -> dict[str, Any]:
    size = sku.rpartition("-")[2].upper()
    return {
        "id": f"gid://shopify/ProductVariant/{sku}",
        "sku": None if sku in NO_SKU else sku,
        "price": PRICES.get(sku, "20.00"),
        "availableForSale": sku not in SOLD_OUT,
        "selectedOptions": [{"name": "Size", "value": size}],
    }


def name_of(node: dict[str, Any]) -> str:
    """The last part of an id, which tells a line or a variant here."""
    return str(node["id"]).rpartition("/")[2]


def line(sku: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{sku}",
        "sku": None if sku in NO_SKU else sku,
        "title": "Mug" if sku == "mug" else "Linen Shirt",
        "currentQuantity": quantity,
        "discountedUnitPriceSet": bag(PRICES[sku]),
        "variant": variant(sku),
        "product": {
            "id": "gid://shopify/Product/1",
            "title": "Linen Shirt",
            "productType": "Shirts",
        },
    }


PLACE = {
    "address1": "1 Oak Street", "address2": "", "city": "Denver", "provinceCode": "CO",
    "zip": "80014", "countryCodeV2": "US", "firstName": "Ann", "lastName": "Lee",
}  # fmt: skip


def order(number: str, status: str, *lines: dict[str, Any]) -> dict[str, Any]:
    total = sum(Decimal(PRICES[name_of(each)]) * each["currentQuantity"] for each in lines)
    sent = {"displayStatus": "DELIVERED", "deliveredAt": "2026-03-05T00:00:00Z",
            "createdAt": "2026-03-02T00:00:00Z"}  # fmt: skip
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "createdAt": "2026-03-01T00:00:00Z",
        "cancelledAt": None,
        "displayFulfillmentStatus": status,
        "currencyCode": "USD",
        "cancellation": None,
        "currentTotalPriceSet": bag(total),
        "netPaymentSet": bag(total),
        "shippingAddress": dict(PLACE),
        "lineItems": {"nodes": list(lines)},
        "fulfillments": [sent] if status == "FULFILLED" else [],
        "returns": {"nodes": []},
    }


class ShopifyServer:
    """Ann's orders: #1001 not sent yet, #1002 delivered; `writes` holds every change."""

    def __init__(self) -> None:
        self.store = {
            "1001": order("1001", "UNFULFILLED", line("shirt-s"), line("mug", 2)),
            "1002": order("1002", "FULFILLED", line("shirt-s"), line("mug")),
        }
        self.writes: list[str] = []
        self.refuses = ""  # a mutation that answers with a user error
        self.no_exchanges = False  # the shop's plan has none, and no calculated returns
        self.throttles = 0  # so many answers are refused, for too much was asked at once
        self.polls = 1  # of a job until it is done
        self.lose: Callable[[str], str] = lambda _: ""  # "before", "after": where answers get lost
        self._edits: dict[str, dict[str, Any]] = {}
        self._job: tuple[str, str] | None = None

    def office(self) -> ShopifyOffice:
        """The real executor, talking to this."""
        transport = httpx.MockTransport(self.answer)
        admin = ShopifyAdmin(
            "shop.myshopify.com", "shpat_test", transport=transport, sleep=lambda _: None
        )
        return ShopifyOffice(admin, sleep=lambda _: None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["X-Shopify-Access-Token"] == "shpat_test"
        sent = json.loads(request.content)
        lost = self.lose(sent["operationName"])
        if lost == "before":
            raise httpx.ReadTimeout("no answer")
        if self.throttles:
            self.throttles -= 1
            return _refused("Throttled", "THROTTLED")
        if cost_of(sent["query"], sent["variables"]) > DEAREST:
            return _refused("The query's cost is over the most of one query", "MAX_COST_EXCEEDED")
        if self.no_exchanges and sent["operationName"] == "CalculateReturn":
            return _refused("Access denied for returnCalculate field", "ACCESS_DENIED")
        told = graphql_sync(
            SCHEMA, sent["query"], root_value=self, variable_values=sent["variables"]
        )
        if lost == "after":
            raise httpx.ReadTimeout("no answer")
        body: dict[str, Any] = {"data": told.data}
        if told.errors:
            body["errors"] = [{"message": str(error)} for error in told.errors]
        return httpx.Response(200, json=body)

    # ── queries ──

    def _ann(self) -> dict[str, Any]:
        return {
            "id": "gid://shopify/Customer/1",
            "firstName": "Ann",
            "lastName": "Lee",
            "defaultEmailAddress": {"emailAddress": "ann@example.com"},
            "defaultAddress": PLACE,
            "orders": self._page_of_orders,
        }

    def _page_of_orders(self, _: Any, *, first: int, after: str | None = None, **__: Any) -> Any:
        begin = int(after or 0)
        end = begin + first
        nodes = list(self.store.values())
        page = {"hasNextPage": end < len(nodes), "endCursor": str(end)}
        return {"nodes": nodes[begin:end], "pageInfo": page}

    def customers(self, _: Any, *, query: str, **__: Any) -> Any:
        known = ('email:"ann@example.com"', 'first_name:"Ann" last_name:"Lee"')
        return {"nodes": [self._ann()] if query in known else []}

    def customer(self, _: Any, *, id: str) -> Any:  # noqa: A002 - Shopify's name
        return self._ann() if id.endswith("/1") else None

    def orders(self, _: Any, *, query: str, **__: Any) -> Any:
        number = query.partition('"')[2].rstrip('"')
        self._work_off()
        return {"nodes": [self.store[number]] if number in self.store else []}

    def product(self, _: Any, *, id: str) -> Any:  # noqa: A002
        skus = ("shirt-s", "shirt-m", "shirt-xl", "shirt-xxl")
        nodes = [variant(sku) for sku in skus]
        return {"id": id, "title": "Linen Shirt", "productType": "Shirts",
                "variants": {"nodes": nodes}}  # fmt: skip

    def productVariants(self, _: Any, *, query: str, **__: Any) -> Any:
        return {"nodes": [variant(query.partition('"')[2].rstrip('"'))]}

    def productVariant(self, _: Any, *, id: str) -> Any:  # noqa: A002
        return variant(id.rpartition("/")[2])

    def returnableFulfillments(self, _: Any, *, orderId: str, **__: Any) -> Any:  # noqa: N803
        lines = self._of(orderId)["lineItems"]["nodes"]
        nodes = [
            {
                "quantity": each["currentQuantity"],
                "fulfillmentLineItem": {"id": f"fl-{name_of(each)}", "lineItem": each},
            }
            for each in lines
        ]
        return {"nodes": [{"returnableFulfillmentLineItems": {"nodes": nodes}}]}

    def returnCalculate(self, _: Any, *, input: Any) -> Any:  # noqa: A002
        def told(amount: str) -> dict[str, Any]:
            return {"subtotalSet": bag(amount), "totalTaxSet": bag("0.50")}

        back = [
            told(PRICES[each["fulfillmentLineItemId"][3:]]) for each in input["returnLineItems"]
        ]
        new = [
            told(variant(each["variantId"].rpartition("/")[2])["price"])
            for each in input["exchangeLineItems"]
        ]
        return {"returnLineItems": back, "exchangeLineItems": new}

    def job(self, _: Any, *, id: str) -> Any:  # noqa: A002
        self._work_off()
        return {"id": id, "done": self._job is None}

    # ── mutations ──

    def orderCancel(self, _: Any, *, orderId: str, staffNote: str, **__: Any) -> Any:  # noqa: N803
        kept = self._of(orderId)
        stays = kept["cancelledAt"] or kept["returns"]["nodes"] or kept["fulfillments"]
        if self.refuses == "orderCancel" or stays:
            return {"job": None, "orderCancelUserErrors": [{"message": "Cannot be cancelled"}]}
        self._job = (kept["name"].lstrip("#"), staffNote)
        return {"job": {"id": "job-1", "done": False}, "orderCancelUserErrors": []}

    def orderUpdate(self, _: Any, *, input: Any) -> Any:  # noqa: A002
        kept, told = self._of(input["id"]), dict(input["shippingAddress"])
        told["countryCodeV2"] = told.pop("countryCode")
        kept["shippingAddress"] = told  # the whole of it: what was left out is gone
        self.writes.append("address")
        return {"order": kept, "userErrors": []}

    def orderEditBegin(self, _: Any, *, id: str) -> Any:  # noqa: A002
        if self._of(id)["fulfillments"]:
            return {"calculatedOrder": None, "userErrors": [{"message": "Only unfulfilled lines"}]}
        edit = f"edit-{len(self._edits)}"
        self._edits[edit] = {"order": id, **copy.deepcopy(self._of(id))}
        return self._calculated(edit)

    def orderEditSetQuantity(self, _: Any, *, id: str, lineItemId: str, quantity: int, **__: Any):  # noqa: A002, N803
        for each in self._edits[id]["lineItems"]["nodes"]:
            if f"calc-{name_of(each)}" == lineItemId:
                each["currentQuantity"] = quantity
        return self._calculated(id)

    def orderEditAddVariant(self, _: Any, *, id: str, variantId: str, **__: Any):  # noqa: A002, N803
        self._edits[id]["lineItems"]["nodes"].append(line(variantId.rpartition("/")[2]))
        return self._calculated(id)

    def orderEditCommit(self, _: Any, *, id: str, **__: Any) -> Any:  # noqa: A002
        edit = self._edits[id]
        kept = self._of(edit["order"])
        kept["lineItems"] = edit["lineItems"]
        self.writes.append("edit")
        return {"order": kept, "userErrors": []}

    def returnRequest(self, _: Any, *, input: Any) -> Any:  # noqa: A002
        return self._return(input, "REQUESTED", "return")

    def returnCreate(self, _: Any, *, returnInput: Any) -> Any:  # noqa: N803
        return self._return(returnInput, "OPEN", "exchange")

    def _return(self, told: Any, status: str, what: str) -> Any:
        for each in told["returnLineItems"]:
            if any(len(each.get(name) or "") > most for name, most in NOTES.items()):
                return {"return": None, "userErrors": [{"message": "The note is too long"}]}
        made = {
            "id": "gid://shopify/Return/1",
            "status": status,
            "returnLineItems": {"nodes": told["returnLineItems"]},
        }
        self._of(told["orderId"])["returns"]["nodes"].append(made)
        self.writes.append(what)
        return {"return": made, "userErrors": []}

    def _calculated(self, edit: str) -> Any:
        lines = self._edits[edit]["lineItems"]["nodes"]
        total = sum(Decimal(PRICES[name_of(each)]) * each["currentQuantity"] for each in lines)
        nodes = [
            {
                "id": f"calc-{name_of(each)}",
                "sku": each["sku"],
                "quantity": each["currentQuantity"],
                "variant": each["variant"],
            }
            for each in lines
        ]
        calculated = {"id": edit, "totalPriceSet": bag(total), "lineItems": {"nodes": nodes}}
        return {"calculatedOrder": calculated, "userErrors": []}

    def _of(self, order_id: str) -> dict[str, Any]:
        return self.store[order_id.rpartition("/")[2]]

    def _work_off(self) -> None:
        """The job of a cancellation is done after so many looks."""
        if self._job is None:
            return
        self.polls -= 1
        if self.polls <= 0:
            number, note = self._job
            self.store[number]["cancelledAt"] = "2026-03-06T00:00:00Z"
            self.store[number]["cancellation"] = {"staffNote": note}
            self.writes.append("cancel")
            self._job = None


def _refused(message: str, code: str) -> httpx.Response:
    """As Shopify refuses a whole query: with 200, and a code among the extensions."""
    error = {"message": message, "extensions": {"code": code}}
    return httpx.Response(200, json={"errors": [error]})
