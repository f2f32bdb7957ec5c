"""Reads customers, orders and products of one Shopify shop, in pages that Shopify answers."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.actions.back_office import (
    ActionCall,
    BackOfficeRefused,
    CustomerAccount,
    PlacedOrder,
    ProductOffer,
)
from bot.actions.shopify import queries
from bot.actions.shopify.admin import QueryTooDear, ShopifyAdmin
from bot.actions.shopify.orders import Node, read_customer, read_offer, read_placed, sku_of

VARIANT_ID: Final = "gid://shopify/ProductVariant/"
NEWEST: Final = 50  # orders of a customer
PAGE: Final = 20  # of them at once, where Shopify takes that; what it asks for is what it costs


class ShopifyRecords:
    """The records of one Shopify shop."""

    def __init__(self, admin: ShopifyAdmin) -> None:
        """Ask through `admin`."""
        self._admin = admin
        self._page = PAGE

    def customer_by_email(self, email: str) -> CustomerAccount | None:
        """Who has this e-mail."""
        found = self._customers(f'email:"{_quoted(email)}"')
        return next((one for one in found if one.email.lower() == email.lower()), None)

    def customer_by_name(self, first: str, last: str, postcode: str) -> CustomerAccount | None:
        """Who has this name, and this postcode in their default address; None if several do."""
        query = f'first_name:"{_quoted(first)}" last_name:"{_quoted(last)}"'
        found = [
            one
            for one in self._customers(query)
            if (one.first_name.lower(), one.last_name.lower()) == (first.lower(), last.lower())
            and one.address["zip"].split("-")[0] == postcode
        ]
        return found[0] if len(found) == 1 else None

    def customer(self, customer_id: str) -> CustomerAccount | None:
        """The customer as they are now."""
        found = self._admin.ask(queries.CUSTOMER, id=customer_id).get("customer")
        return read_customer(found) if found else None

    def orders(self, customer_id: str) -> tuple[PlacedOrder, ...]:
        """Their newest fifty orders."""
        found: list[PlacedOrder] = []
        cursor: str | None = None
        while len(found) < NEWEST:
            orders = self._orders_of(customer_id, cursor)
            found += map(read_placed, orders.get("nodes", ()))
            page = orders.get("pageInfo") or {}
            if not page.get("hasNextPage"):
                break
            cursor = page["endCursor"]
        return tuple(found[:NEWEST])

    def _orders_of(self, customer_id: str, cursor: str | None) -> Node:
        """One page of them; a smaller one, from then on, where Shopify calls it too dear."""
        while True:
            asked = {"id": customer_id, "first": self._page, "after": cursor}
            try:
                found = self._admin.ask(queries.ORDERS_OF, **asked).get("customer") or {}
            except QueryTooDear:
                if self._page == 1:
                    raise
                self._page = max(1, self._page // 3)
                continue
            return dict(found.get("orders") or {})

    def product(self, product_id: str) -> ProductOffer | None:
        """A product with its variants."""
        found = self._admin.ask(queries.PRODUCT, id=product_id).get("product")
        return read_offer(found) if found else None

    def _customers(self, query: str) -> list[CustomerAccount]:
        found = self._admin.ask(queries.CUSTOMERS, query=query).get("customers") or {}
        return [read_customer(node) for node in found.get("nodes", ())]

    def _order(self, call: ActionCall) -> Node:
        number = str(call.arguments["order_id"])
        found = self._admin.ask(queries.ORDER_NAMED, query=f'name:"{_quoted(number)}"')
        nodes = (found.get("orders") or {}).get("nodes", ())
        mine = [node for node in nodes if str(node["name"]).lstrip("#") == number]
        if len(mine) != 1:
            raise BackOfficeRefused("order_not_found")
        order: Node = mine[0]
        return order

    def _variants(self, changes: Sequence[Mapping[str, str]]) -> list[str]:
        """The ids of the variants that items become."""
        found = [self._variant(change["new_sku"]) for change in changes]
        if not all(each["availableForSale"] for each in found):
            raise BackOfficeRefused("out_of_stock")
        return [str(each["id"]) for each in found]

    def _variant(self, sku: str) -> Node:
        """The variant of a SKU; one without a SKU goes by its id."""
        if sku.startswith(VARIANT_ID):
            told = self._admin.ask(queries.VARIANT, id=sku).get("productVariant")
            mine = [told] if told else []
        else:
            query = f'sku:"{_quoted(sku)}"'
            found = self._admin.ask(queries.VARIANTS, query=query).get("productVariants") or {}
            mine = [each for each in found.get("nodes", ()) if sku_of(each) == sku]
        if len(mine) != 1:
            raise BackOfficeRefused("variant_not_found")
        return dict(mine[0])


def _quoted(text: str) -> str:
    """Safe inside the quotation marks of a search."""
    return text.replace("\\", "").replace('"', "")
