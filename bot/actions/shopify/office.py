"""Shopify as a back office: order actions through the Admin GraphQL API.

Shopify knows no idempotency keys, so what an earlier attempt did is looked up before it is done
again: by the key in the staff's or the customer's note, and for an edit by the pieces that were in
the order before the yes.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from bot.actions.addresses import FIELDS
from bot.actions.back_office import ActionCall, BackOfficeAway, BackOfficeRefused
from bot.actions.shopify import queries
from bot.actions.shopify.admin import NotGranted, ShopifyAdmin
from bot.actions.shopify.inputs import after, by_staff, note_of, place_sent, plain
from bot.actions.shopify.orders import (
    Node,
    counts,
    lines_of,
    money,
    read_place,
    sku_of,
    status_of,
)
from bot.actions.shopify.records import ShopifyRecords

POLLS: Final = 4  # of a cancellation's job, a second apart; then the worker looks again


class ShopifyOffice(ShopifyRecords):
    """The orders of one Shopify shop."""

    can: Collection[str] = (
        "cancel_order",
        "change_order_address",
        "change_items",
        "return_items",
        "exchange_items",
    )

    def __init__(self, admin: ShopifyAdmin, sleep: Callable[[float], None] = time.sleep) -> None:
        """Ask and write through `admin`."""
        super().__init__(admin)
        self._sleep = sleep

    def dry_run(self, call: ActionCall) -> dict[str, Any]:
        """What the call would do, by Shopify's own calculation."""
        order = self._order(call)
        told = call.arguments
        match call.name:
            case "cancel_order":
                _must_be(order, "pending")
                return {"refund": str(money(order["netPaymentSet"])), "to": ["original"]}
            case "change_order_address":
                _must_be(order, "pending")
                return {"address": dict(told["address"])}
            case "change_items":
                _must_be(order, "pending")
                lines = counts(list(lines_of(order)))
                difference = self._edit(order, told["changes"])[1]
                return {"difference": str(difference), "lines": lines, **by_staff(difference)}
            case "return_items":
                _must_be(order, "delivered")
                return self._refund_of(order, told["skus"])
            case "exchange_items":
                _must_be(order, "delivered")
                out = [each["sku"] for each in told["changes"]]
                back, new = self._calculated(order, out, self._variants(told["changes"]))
                return {"difference": str(new - back), **by_staff(new - back)}
        raise BackOfficeRefused("not_here", f"Shopify has no {call.name}.")

    def execute(
        self, call: ActionCall, *, seen: Mapping[str, Any], key: str, actor: str
    ) -> dict[str, Any]:
        """Look whether an earlier attempt did it; do it; read it back."""
        note = note_of(actor, key)
        if not self._stands(call, seen, key):
            self._do(call, seen, note)
            if not self._stands(call, seen, key):
                raise BackOfficeAway(f"Shopify took {call.name}, but it does not show yet")
        return {name: value for name, value in seen.items() if name != "lines"}

    def _do(self, call: ActionCall, seen: Mapping[str, Any], note: str) -> None:
        order, told = self._order(call), call.arguments
        match call.name:
            case "cancel_order":
                _must_be(order, "pending")
                given = self._admin.write(queries.CANCEL, id=order["id"], restock=True, note=note)
                self._wait((given.get("job") or {}).get("id"))
            case "change_order_address":
                _must_be(order, "pending")
                sent = {"id": order["id"], "shippingAddress": place_sent(order, told["address"])}
                self._admin.write(queries.UPDATE, input=sent)
            case "change_items":
                _must_be(order, "pending")
                if counts(list(lines_of(order))) != seen.get("lines"):
                    raise BackOfficeRefused("changed_meanwhile")
                edit, difference = self._edit(order, told["changes"])
                if str(difference) != seen.get("difference"):
                    raise BackOfficeRefused("changed_meanwhile")
                self._admin.write(queries.EDIT_COMMIT, id=edit, note=note)
            case "return_items":
                lines = self._returning(order, told["skus"], "customerNote", note)
                sent = {"orderId": order["id"], "returnLineItems": lines}
                self._admin.write(queries.RETURN_REQUEST, input=sent)
            case "exchange_items":
                out = [each["sku"] for each in told["changes"]]
                lines = self._returning(order, out, "returnReasonNote", note)
                new = [{"variantId": one, "quantity": 1} for one in self._variants(told["changes"])]
                sent = {
                    "orderId": order["id"],
                    "returnLineItems": lines,
                    "exchangeLineItems": new,
                }
                self._admin.write(queries.RETURN_CREATE, input=sent)

    def _stands(self, call: ActionCall, seen: Mapping[str, Any], key: str) -> bool:
        """Whether the order is as this very call wanted it."""
        order, told = self._order(call), call.arguments
        if call.name == "cancel_order":
            note = (order.get("cancellation") or {}).get("staffNote") or ""
            return bool(order.get("cancelledAt")) and key in note
        if call.name == "change_order_address":
            now, wanted = read_place(order.get("shippingAddress")), plain(told["address"])
            return all(now[name].casefold() == wanted[name].casefold() for name in FIELDS)
        if call.name == "change_items":
            return counts(list(lines_of(order))) == after(seen.get("lines", {}), told["changes"])
        notes = (
            f"{line.get('customerNote') or ''} {line.get('returnReasonNote') or ''}"
            for each in (order.get("returns") or {}).get("nodes", ())
            for line in each["returnLineItems"]["nodes"]
        )
        return any(key in note for note in notes)

    # ── parts ──

    def _edit(self, order: Node, changes: Sequence[Mapping[str, str]]) -> tuple[str, Decimal]:
        """An edit that is begun and not committed: its id, and what it changes in the total."""
        begun = self._admin.write(queries.EDIT_BEGIN, id=order["id"])["calculatedOrder"]
        before = total = money(begun["totalPriceSet"])
        lines = {sku_of(line): line for line in begun["lineItems"]["nodes"] if line["quantity"]}
        out = Counter(change["sku"] for change in changes)
        for sku, number in out.items():
            if sku not in lines or lines[sku]["quantity"] < number:
                raise BackOfficeRefused("item_not_in_order")
            left = lines[sku]["quantity"] - number
            line = lines[sku]["id"]
            self._admin.write(queries.EDIT_QUANTITY, id=begun["id"], line=line, quantity=left)
        for variant in self._variants(changes):
            told = self._admin.write(queries.EDIT_ADD, id=begun["id"], variant=variant, quantity=1)
            total = money(told["calculatedOrder"]["totalPriceSet"])
        return str(begun["id"]), total - before

    def _returning(
        self, order: Node, skus: Sequence[str], note_field: str, note: str
    ) -> list[dict[str, Any]]:
        """The pieces that have been sent out and may come back."""
        found = self._admin.ask(queries.RETURNABLE, id=order["id"])["returnableFulfillments"]
        may = [
            line
            for each in found["nodes"]
            for line in each["returnableFulfillmentLineItems"]["nodes"]
        ]
        lines = []
        for sku, number in Counter(skus).items():
            fits = [
                one
                for one in may
                if sku_of(one["fulfillmentLineItem"]["lineItem"]) == sku
                and one["quantity"] >= number
            ]
            if not fits:
                raise BackOfficeRefused("item_not_in_order")
            lines.append(
                {
                    "fulfillmentLineItemId": fits[0]["fulfillmentLineItem"]["id"],
                    "quantity": number,
                    "returnReason": "UNWANTED",
                    note_field: note,
                }
            )
        return lines

    def _refund_of(self, order: Node, skus: Sequence[str]) -> dict[str, Any]:
        """What comes back for a return; a person does it where Shopify does not calculate it."""
        try:
            back, _ = self._calculated(order, skus, ())
        except NotGranted:  # "the shop must have access to exchanges"
            return {"by_staff": "this shop's plan does not calculate returns"}
        return {"refund": str(back), "to": ["original"]}

    def _calculated(
        self, order: Node, skus: Sequence[str], new: Sequence[str]
    ) -> tuple[Decimal, Decimal]:
        """What comes back, and what the new pieces come to, by Shopify's calculation."""
        lines = self._returning(order, skus, "returnReasonNote", "")
        sent = {
            "orderId": order["id"],
            "returnLineItems": [
                {name: line[name] for name in ("fulfillmentLineItemId", "quantity")}
                for line in lines
            ],
            "exchangeLineItems": [{"variantId": one, "quantity": 1} for one in new],
        }
        told = self._admin.ask(queries.CALCULATE_RETURN, input=sent).get("returnCalculate") or {}
        back, out = (
            sum(
                (
                    money(one["subtotalSet"]) + money(one["totalTaxSet"])
                    for one in told.get(part, ())
                ),
                Decimal(0),
            )
            for part in ("returnLineItems", "exchangeLineItems")
        )
        return back, out

    def _wait(self, job: str | None) -> None:
        """Until a cancellation's job is done, for a few seconds."""
        for _ in range(POLLS):
            if job is None or self._admin.ask(queries.JOB, id=job)["job"]["done"]:
                return
            self._sleep(1.0)


def _must_be(order: Node, status: str) -> None:
    if status_of(order) != status:
        raise BackOfficeRefused("wrong_status")
