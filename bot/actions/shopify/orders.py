"""Reads customers, orders and products of Shopify's Admin GraphQL API. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.actions.back_office import (
    CustomerAccount,
    ItemVariant,
    OrderItem,
    Payment,
    PaymentMethod,
    PlacedOrder,
    ProductOffer,
)

Node = Mapping[str, Any]
# Shopify gives money back the way it came; more of it is nobody's business here.
ORIGINAL: Final = PaymentMethod("original", "original")
# Until the warehouse has it an order may be changed.
OPEN: Final = frozenset({"UNFULFILLED", "ON_HOLD", "SCHEDULED", "OPEN"})
ON_ITS_WAY: Final = frozenset(
    {"IN_TRANSIT", "OUT_FOR_DELIVERY", "CONFIRMED", "LABEL_PRINTED", "LABEL_PURCHASED"}
    | {"ATTEMPTED_DELIVERY", "DELAYED", "PICKED_UP", "CARRIER_PICKED_UP", "NOT_DELIVERED"}
)
GOING_BACK: Final = frozenset({"REQUESTED", "OPEN"})


def read_customer(node: Node) -> CustomerAccount:
    """A customer's account."""
    email = (node.get("defaultEmailAddress") or {}).get("emailAddress") or ""
    return CustomerAccount(
        customer_id=str(node["id"]),
        first_name=node.get("firstName") or "",
        last_name=node.get("lastName") or "",
        email=email,
        address=read_place(node.get("defaultAddress")),
        payment_methods=(ORIGINAL,),
    )


def read_place(node: Node | None) -> dict[str, str]:
    """An address by our names.

    >>> read_place({"address1": "1 Oak St", "provinceCode": "CO", "countryCodeV2": "US"})
    {'address1': '1 Oak St', 'address2': '', 'city': '', 'state': 'CO', 'zip': '', 'country': 'US'}
    """
    told = node or {}
    names = ("address1", "address2", "city", "provinceCode", "zip", "countryCodeV2")
    ours = ("address1", "address2", "city", "state", "zip", "country")
    return {our: str(told.get(name) or "") for our, name in zip(ours, names, strict=True)}


def read_placed(node: Node) -> PlacedOrder:
    """An order as it stands now; what was taken out of it by an edit is not in its lines."""
    delivered = [each.get("deliveredAt") for each in node.get("fulfillments") or ()]
    return PlacedOrder(
        order_id=str(node["name"]).lstrip("#"),
        status=status_of(node),
        lines=tuple(map(_line, lines_of(node))),
        currency=str(node.get("currencyCode") or "USD"),
        total=money(node.get("currentTotalPriceSet")),
        placed_at=str(node.get("createdAt") or ""),
        delivered_at=str(max(filter(None, delivered), default="")),
        customer_id=str((node.get("customer") or {}).get("id") or ""),
        shipping_address=read_place(node.get("shippingAddress")),
        payments=(Payment(ORIGINAL.id, amount=money(node.get("netPaymentSet"))),),
    )


def lines_of(node: Node) -> Iterator[Node]:
    """The lines that still hold pieces."""
    for line in (node.get("lineItems") or {}).get("nodes", ()):
        if line.get("currentQuantity"):
            yield line


def status_of(node: Node) -> str:
    """What may be done with the order now, in the words of order actions."""
    if node.get("cancelledAt"):
        return "cancelled"
    if any(each["status"] in GOING_BACK for each in (node.get("returns") or {}).get("nodes", ())):
        return "return requested"
    told = node.get("displayFulfillmentStatus")
    if told in OPEN:
        return "pending"
    states = {each.get("displayStatus") for each in node.get("fulfillments") or ()}
    return "processed" if told != "FULFILLED" or states & ON_ITS_WAY else "delivered"


def read_offer(node: Node) -> ProductOffer:
    """A product with its variants; one without a SKU goes by its id."""
    variants = (node.get("variants") or {}).get("nodes", ())
    return ProductOffer(
        str(node["id"]),
        str(node.get("title") or ""),
        tuple(
            ItemVariant(
                sku_of(each),
                _options(each),
                Decimal(str(each.get("price") or 0)),
                bool(each.get("availableForSale")),
            )
            for each in variants
        ),
    )


def sku_of(node: Node) -> str:
    """A line's or a variant's SKU, else its variant's id."""
    variant = node.get("variant") or {}
    return str(node.get("sku") or variant.get("id") or node.get("id"))


def counts(nodes: Sequence[Node], field: str = "currentQuantity") -> dict[str, int]:
    """How many pieces of each SKU there are."""
    counted: dict[str, int] = {}
    for node in nodes:
        counted[sku_of(node)] = counted.get(sku_of(node), 0) + int(node.get(field) or 0)
    return {sku: number for sku, number in sorted(counted.items()) if number}


def money(bag: Node | None) -> Decimal:
    """The amount in the shop's currency."""
    try:
        return Decimal(str(((bag or {}).get("shopMoney") or {}).get("amount", 0)))
    except InvalidOperation:
        return Decimal(0)


def _line(node: Node) -> OrderItem:
    product = node.get("product") or {}
    return OrderItem(
        sku=sku_of(node),
        product_id=str(product.get("id") or ""),
        title=str(node.get("title") or ""),
        price=money(node.get("discountedUnitPriceSet")),
        options=_options(node.get("variant") or {}),
        quantity=int(node["currentQuantity"]),
        category=str(product.get("productType") or ""),
    )


def _options(variant: Node) -> dict[str, str]:
    """The options of a variant; "Title: Default Title" is Shopify's word for none."""
    told = variant.get("selectedOptions") or ()
    return {
        str(each["name"]).lower(): str(each["value"])
        for each in told
        if each["value"] != "Default Title"
    }
