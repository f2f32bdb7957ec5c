"""Reverse of a call: what would take it back, as long as the back office allows it."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actions.addresses import full
from bot.actions.back_office import CustomerAccount, PlacedOrder
from feedback.dialogues import PlannedCall


def reverse_of(
    call: PlannedCall, order: Callable[[str], PlacedOrder | None], account: CustomerAccount
) -> dict[str, Any] | None:
    """The call that brings back what is now; None: nothing would, as after a cancellation.

    To be read before the call is carried out.
    """
    told = call.arguments
    if call.name == "change_customer_address":
        return _call(call.name, customer_id=told["customer_id"], address=full(account.address))
    now = order(str(told.get("order_id", "")))
    if now is None:
        return None
    if call.name == "change_order_address":
        return _call(call.name, order_id=now.order_id, address=full(now.shipping_address))
    if call.name == "change_items":
        back = [{"sku": each["new_sku"], "new_sku": each["sku"]} for each in told["changes"]]
        paid = {name: told[name] for name in ("payment_method_id",) if name in told}
        return _call(call.name, order_id=now.order_id, changes=back, **paid)
    return None


def _call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "arguments": arguments}


def with_amounts(undo: Mapping[str, Any], amounts: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse, with what its dry run told."""
    return {**undo, "amounts": dict(amounts)}
