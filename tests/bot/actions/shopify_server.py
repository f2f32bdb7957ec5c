"""A Shopify shop behind its Admin GraphQL API, written from its documents; it can fail.

The schema is the part of Shopify's that order actions use, and graphql-core runs it: a field or an
argument that is not there is refused as Shopify refuses it. It stands where the network is.
"""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
from graphql import build_schema, graphql_sync

from bot.actions.shopify.admin import ShopifyAdmin
from bot.actions.shopify.office import ShopifyOffice

SCHEMA = build_schema("""
scalar Decimal
scalar DateTime
scalar URL
type Money { amount: Decimal! }
type Bag { shopMoney: Money! }
type UserError { field: [String!] message: String! code: String }
type EmailAddress { emailAddress: String! }
type Address { address1: String address2: String city: String provinceCode: String zip: String
  countryCodeV2: String firstName: String lastName: String phone: String }
type Customer { id: ID! firstName: String lastName: String defaultEmailAddress: EmailAddress
  defaultAddress: Address orders(first: Int, sortKey: OrderSortKeys, reverse: Boolean): Orders! }
enum OrderSortKeys { CREATED_AT ID }
enum OrderCancelReason { CUSTOMER DECLINED FRAUD INVENTORY OTHER STAFF }
enum ReturnReason { UNWANTED SIZE_TOO_SMALL DEFECTIVE OTHER WRONG_ITEM }
type Customers { nodes: [Customer!]! }
type Orders { nodes: [Order!]! }
type Cancellation { staffNote: String }
type Option { name: String! value: String! }
type Variant { id: ID! sku: String price: Decimal! availableForSale: Boolean!
  selectedOptions: [Option!]! }
type Variants { nodes: [Variant!]! }
type Product { id: ID! title: String! productType: String!
  variants(first: Int): Variants! }
type LineItem { id: ID! sku: String title: String! currentQuantity: Int!
  discountedUnitPriceSet: Bag! variant: Variant product: Product }
type LineItems { nodes: [LineItem!]! }
type Fulfillment { displayStatus: String deliveredAt: DateTime createdAt: DateTime! }
type ReturnLine { customerNote: String returnReasonNote: String }
type ReturnLines { nodes: [ReturnLine!]! }
type Return { id: ID! status: String! returnLineItems(first: Int): ReturnLines! }
type Returns { nodes: [Return!]! }
type Order { id: ID! name: String! createdAt: DateTime! cancelledAt: DateTime
  displayFulfillmentStatus: String! currencyCode: String! cancellation: Cancellation
  customer: Customer currentTotalPriceSet: Bag! netPaymentSet: Bag! shippingAddress: Address
  lineItems(first: Int): LineItems! fulfillments(first: Int): [Fulfillment!]!
  returns(first: Int): Returns! }
type FulfillmentLine { id: ID! lineItem: LineItem! }
type Returnable { quantity: Int! fulfillmentLineItem: FulfillmentLine! }
type ReturnableLines { nodes: [Returnable!]! }
type ReturnableFulfillment { returnableFulfillmentLineItems(first: Int): ReturnableLines! }
type ReturnableFulfillments { nodes: [ReturnableFulfillment!]! }
type Job { id: ID! done: Boolean! }
type CalculatedLine { subtotalSet: Bag! totalTaxSet: Bag! }
type CalculatedReturn { returnLineItems: [CalculatedLine!]! exchangeLineItems: [CalculatedLine!]! }
input CalculateReturnLine { fulfillmentLineItemId: ID! quantity: Int! }
input ExchangeLineItemInput { variantId: ID quantity: Int! }
input CalculateReturnInput { orderId: ID! returnLineItems: [CalculateReturnLine!]
  exchangeLineItems: [ExchangeLineItemInput!] }
type Query {
  customers(first: Int, query: String): Customers!
  customer(id: ID!): Customer
  orders(first: Int, query: String): Orders!
  product(id: ID!): Product
  productVariants(first: Int, query: String): Variants!
  returnableFulfillments(orderId: ID!, first: Int): ReturnableFulfillments!
  returnCalculate(input: CalculateReturnInput!): CalculatedReturn
  job(id: ID!): Job
}
input RefundMethod { originalPaymentMethodsRefund: Boolean }
input MailingAddressInput { address1: String address2: String city: String provinceCode: String
  zip: String countryCode: String firstName: String lastName: String phone: String }
input OrderInput { id: ID! shippingAddress: MailingAddressInput note: String }
type CancelPayload { job: Job orderCancelUserErrors: [UserError!]! }
type OrderPayload { order: Order userErrors: [UserError!]! }
type EditLine { id: ID! sku: String quantity: Int! }
type EditLines { nodes: [EditLine!]! }
type CalculatedOrder { id: ID! totalPriceSet: Bag! lineItems(first: Int): EditLines! }
type EditPayload { calculatedOrder: CalculatedOrder userErrors: [UserError!]! }
input ReturnRequestLine { fulfillmentLineItemId: ID! quantity: Int! returnReason: ReturnReason!
  customerNote: String }
input ReturnRequestInput { orderId: ID! returnLineItems: [ReturnRequestLine!]! }
input ReturnLineItemInput { fulfillmentLineItemId: ID! quantity: Int! returnReason: ReturnReason!
  returnReasonNote: String }
input ReturnInput { orderId: ID! returnLineItems: [ReturnLineItemInput!]!
  exchangeLineItems: [ExchangeLineItemInput!] }
type ReturnPayload { return: Return userErrors: [UserError!]! }
type Mutation {
  orderCancel(orderId: ID!, reason: OrderCancelReason!, refundMethod: RefundMethod,
    restock: Boolean!, notifyCustomer: Boolean, staffNote: String): CancelPayload
  orderUpdate(input: OrderInput!): OrderPayload
  orderEditBegin(id: ID!): EditPayload
  orderEditSetQuantity(id: ID!, lineItemId: ID!, quantity: Int!, restock: Boolean): EditPayload
  orderEditAddVariant(id: ID!, variantId: ID!, quantity: Int!,
    allowDuplicates: Boolean): EditPayload
  orderEditCommit(id: ID!, notifyCustomer: Boolean, staffNote: String): OrderPayload
  returnRequest(input: ReturnRequestInput!): ReturnPayload
  returnCreate(returnInput: ReturnInput!): ReturnPayload
}
""")

PRICES = {"shirt-s": "20.00", "shirt-m": "20.00", "shirt-xl": "25.00", "mug": "10.00"}
SOLD_OUT = {"shirt-xxl"}


def bag(amount: Any) -> dict[str, Any]:
    return {"shopMoney": {"amount": str(amount)}}


def variant(sku: str) -> dict[str, Any]:
    size = sku.rpartition("-")[2].upper()
    return {
        "id": f"gid://shopify/ProductVariant/{sku}",
        "sku": sku,
        "price": PRICES.get(sku, "20.00"),
        "availableForSale": sku not in SOLD_OUT,
        "selectedOptions": [{"name": "Size", "value": size}],
    }


def line(sku: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/LineItem/{sku}",
        "sku": sku,
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
    total = sum(Decimal(PRICES[each["sku"]]) * each["currentQuantity"] for each in lines)
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
        self.polls = 1  # of a job until it is done
        self.lose: Callable[[str], str] = lambda _: ""  # "before", "after": where answers get lost
        self._edits: dict[str, dict[str, Any]] = {}
        self._job: tuple[str, str] | None = None

    def office(self) -> ShopifyOffice:
        """The real executor, talking to this."""
        transport = httpx.MockTransport(self.answer)
        admin = ShopifyAdmin("shop.myshopify.com", "shpat_test", transport=transport)
        return ShopifyOffice(admin, sleep=lambda _: None)

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["X-Shopify-Access-Token"] == "shpat_test"
        sent = json.loads(request.content)
        lost = self.lose(sent["operationName"])
        if lost == "before":
            raise httpx.ReadTimeout("no answer")
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
            "orders": lambda _, **__: {"nodes": list(self.store.values())},
        }

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

    def returnableFulfillments(self, _: Any, *, orderId: str, **__: Any) -> Any:  # noqa: N803
        lines = self._of(orderId)["lineItems"]["nodes"]
        nodes = [
            {
                "quantity": each["currentQuantity"],
                "fulfillmentLineItem": {"id": f"fl-{each['sku']}", "lineItem": each},
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
        if self.refuses == "orderCancel" or kept["cancelledAt"]:
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
        edit = f"edit-{len(self._edits)}"
        self._edits[edit] = {"order": id, **copy.deepcopy(self._of(id))}
        return self._calculated(edit)

    def orderEditSetQuantity(self, _: Any, *, id: str, lineItemId: str, quantity: int, **__: Any):  # noqa: A002, N803
        for each in self._edits[id]["lineItems"]["nodes"]:
            if f"calc-{each['sku']}" == lineItemId:
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
        total = sum(Decimal(PRICES[each["sku"]]) * each["currentQuantity"] for each in lines)
        nodes = [
            {"id": f"calc-{each['sku']}", "sku": each["sku"], "quantity": each["currentQuantity"]}
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
