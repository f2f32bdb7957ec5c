"""Offer of a colleague's change: what it comes to, as the shopper is asked for their yes to it."""

from typing import Any

from bot.actions.back_office import ActionCall, BackOfficeAway, PlacedOrder
from bot.actions.flow_parts import FlowParts
from bot.actions.languages import action_words
from bot.actions.resolved import SettledCall
from bot.actions.summaries import summary_of
from bot.messages import Choice
from feedback.db import ActionRun


def offer_of(parts: FlowParts, run: ActionRun) -> tuple[dict[str, Any], str]:
    """The amounts of a change by its dry run, and its summary.

    Raises:
        BackOfficeRefused: a rule forbids the change.
        BackOfficeAway: no answer came.
    """
    words = action_words(run.locale, parts.actions)
    call = ActionCall(run.name, run.arguments)
    amounts = parts.preview(call)
    account = parts.office.customer(run.customer_id)
    if account is None:
        raise BackOfficeAway("the customer is not there any more")
    order_id = run.arguments.get("order_id")
    orders = parts.office.orders(run.customer_id) if order_id else ()
    order = next((one for one in orders if one.order_id == order_id), None)
    settled = _settled(parts, call, order)
    fee = parts.fee(call.name, words.locale)
    return amounts, summary_of(words, settled, amounts, account, fee)


def offer_text(run: ActionRun, parts: FlowParts) -> str:
    """What the shopper is asked."""
    words = action_words(run.locale, parts.actions)
    said = f" {run.decision}" if run.decision else ""
    return f"{words.changed.format(words=said)}\n{run.summary}\n{words.confirm}"


def offer_buttons(run: ActionRun, parts: FlowParts) -> tuple[Choice, Choice]:
    """Yes and no to exactly this change."""
    words, yes = action_words(run.locale, parts.actions), {"offer": run.run_id, "confirm": "yes"}
    return (
        Choice(f"action:{run.run_id}:yes", words.yes_button, value=yes),
        Choice(f"action:{run.run_id}:no", words.no_button, value={**yes, "confirm": "no"}),
    )


def _settled(parts: FlowParts, call: ActionCall, order: PlacedOrder | None) -> SettledCall:
    """A call with the items behind its SKUs, for its summary."""
    by_sku = {piece.sku: piece for piece in (order.pieces if order else ())}
    items = [by_sku[sku] for sku in call.arguments.get("skus", ()) if sku in by_sku]
    swaps = []
    for change in call.arguments.get("changes", ()):
        old = by_sku.get(change["sku"])
        offer = parts.office.product(old.product_id) if old else None
        variants = offer.variants if offer else ()
        new = next((v for v in variants if v.sku == change["new_sku"]), None)
        if old and new:
            swaps.append((old, new))
    return SettledCall(call, order, tuple(swaps), tuple(items))
