"""WooCommerce as a back office: cancels with the refund, changes addresses, notes returns.

A cancellation takes two calls. Where the payment gateway refuses the refund, the order is opened
again, and a colleague is asked; where no answer comes, the next attempt goes on from what it finds.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from bot.actions.back_office import (
    ActionCall,
    BackOfficeAway,
    BackOfficeRefused,
    CustomerAccount,
    PlacedOrder,
    ProductOffer,
)
from bot.actions.woocommerce.orders import (
    KEY,
    PLACE,
    Row,
    amount,
    kept_key,
    place_sent,
    read_account,
    read_offer,
    read_place,
    read_placed,
    still_paid,
)
from bot.actions.woocommerce.rest import WooRest

PAGE: Final = 50


class WooOffice:
    """The orders of one WooCommerce shop; customers are known by the e-mail of their orders."""

    can: Collection[str] = ("cancel_order", "change_order_address")

    def __init__(self, rest: WooRest) -> None:
        """Ask and write through `rest`."""
        self._rest = rest

    # ── reading ──

    def customer_by_email(self, email: str) -> CustomerAccount | None:
        """Whose newest order has this e-mail."""
        orders = self._of_email(email)
        return read_account(orders[0]) if orders else None

    def customer_by_name(self, first: str, last: str, postcode: str) -> CustomerAccount | None:
        """Who ordered under this name and postcode; None if several people did."""
        wanted = (first.lower(), last.lower(), postcode)
        found = {
            account.customer_id: account
            for account in map(read_account, self._found(f"{first} {last}"))
            if (account.first_name.lower(), account.last_name.lower(), account.address["zip"])
            == wanted
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def customer(self, customer_id: str) -> CustomerAccount | None:
        """The customer as their newest order has them."""
        return self.customer_by_email(customer_id)

    def orders(self, customer_id: str) -> tuple[PlacedOrder, ...]:
        """Their newest orders."""
        return tuple(map(read_placed, self._of_email(customer_id)))

    def product(self, product_id: str) -> ProductOffer | None:
        """A product with its variations."""
        product = self._rest.get(f"products/{int(product_id)}")
        if product is None:
            return None
        variations = self._rest.get(f"products/{int(product_id)}/variations", per_page=100)
        return read_offer(product, variations or [])

    # ── acting ──

    def dry_run(self, call: ActionCall) -> dict[str, Any]:
        """What the call would do, by what the order says now."""
        order = self._order(call)
        self._check(order, call)
        if call.name == "change_order_address":
            return {"address": dict(call.arguments["address"])}
        if call.name == "cancel_order":
            refund = still_paid(order)
            return {"refund": str(refund), "to": ["original"], "was": order["status"]}
        raise BackOfficeRefused("not_here", f"WooCommerce has no {call.name}.")

    def execute(
        self, call: ActionCall, *, seen: Mapping[str, Any], key: str, actor: str
    ) -> dict[str, Any]:
        """Do it where an earlier attempt has not; read it back."""
        order = self._order(call)
        if call.name == "change_order_address":
            self._send_elsewhere(order, call, key, actor)
        elif call.name == "cancel_order":
            self._cancel(order, call, seen, key, actor)
        else:
            raise BackOfficeRefused("not_here", f"WooCommerce has no {call.name}.")
        return {name: value for name, value in seen.items() if name != "was"}

    def _send_elsewhere(self, order: Row, call: ActionCall, key: str, actor: str) -> None:
        wanted = place_sent(call.arguments["address"])
        if not _goes_to(order, wanted):
            self._check(order, call)
            self._rest.put(f"orders/{order['id']}", {"shipping": wanted})
            if not _goes_to(self._read(order), wanted):
                raise BackOfficeAway("WooCommerce took the address, but it does not show")
            self._note(order, f"Address changed by {actor} ({key}).")

    def _cancel(
        self, order: Row, call: ActionCall, seen: Mapping[str, Any], key: str, actor: str
    ) -> None:
        path = f"orders/{order['id']}"
        if kept_key(order) != key:
            self._check(order, call)
            marked = [{"key": KEY, "value": key}]
            self._rest.put(path, {"status": "cancelled", "meta_data": marked})
            if self._read(order).get("status") != "cancelled":
                raise BackOfficeAway("WooCommerce took the cancellation, but it does not show")
        refund = amount(seen.get("refund"))
        if refund and not self._refunded(path, key):
            sent = {
                "amount": str(refund),
                "reason": f"Cancelled by {actor}",
                "api_refund": True,
                "meta_data": [{"key": KEY, "value": key}],
            }
            try:
                self._rest.post(f"{path}/refunds", sent)
            except BackOfficeRefused as refused:
                unmarked = [{"key": KEY, "value": ""}]
                self._rest.put(path, {"status": seen.get("was"), "meta_data": unmarked})
                raise BackOfficeRefused("refund_refused", str(refused)) from None
            if not self._refunded(path, key):
                raise BackOfficeAway("WooCommerce took the refund, but it does not show")

    # ── parts ──

    def _check(self, order: Row, call: ActionCall) -> None:
        if read_placed(order).status != "pending":
            raise BackOfficeRefused("wrong_status", f"{call.name}: {order.get('status')}")

    def _found(self, words: str) -> list[Row]:
        found = self._rest.get("orders", search=words, per_page=PAGE, orderby="date", order="desc")
        return list(found or ())

    def _of_email(self, email: str) -> list[Row]:
        mine = email.lower()
        return [one for one in self._found(email) if read_account(one).customer_id == mine]

    def _order(self, call: ActionCall) -> Row:
        number = str(call.arguments["order_id"])
        found = self._rest.get(f"orders/{int(number)}") if number.isdecimal() else None
        if found is not None and str(found.get("number") or found["id"]) == number:
            return dict(found)
        # A plugin may number orders in its own way.
        mine = [one for one in self._found(number) if str(one.get("number")) == number]
        if len(mine) != 1:
            raise BackOfficeRefused("order_not_found")
        return mine[0]

    def _read(self, order: Row) -> Row:
        return dict(self._rest.get(f"orders/{order['id']}") or {})

    def _refunded(self, path: str, key: str) -> bool:
        listed = self._rest.get(f"{path}/refunds", per_page=100)
        return any(kept_key(each) == key for each in listed or ())

    def _note(self, order: Row, text: str) -> None:
        """For the shop's own log; that it is missing undoes nothing."""
        try:
            self._rest.post(f"orders/{order['id']}/notes", {"note": text})
        except (BackOfficeAway, BackOfficeRefused):
            return


def _goes_to(order: Row, wanted: Mapping[str, str]) -> bool:
    now = read_place(order.get("shipping") or {})
    return all(now[ours].casefold() == wanted[name].casefold() for ours, name in PLACE.items())
