"""Summary of a call in words: what a yes will do, to what, and what it moves."""

from collections.abc import Mapping
from typing import Any

from bot.actions.back_office import CustomerAccount
from bot.actions.resolved import SettledCall
from bot.actions.show import show_amounts, show_item, show_options
from bot.actions.words import ActionWords


def summary_of(
    words: ActionWords,
    settled: SettledCall,
    amounts: Mapping[str, Any],
    customer: CustomerAccount,
    fee: str = "",
) -> str:
    """What a yes will do; amounts are the shop's, `fee` is what it takes for sending back."""
    call, order = settled.call, settled.order
    lines = [words.actions[call.name].format(order=order.order_id if order else "") + ":"]
    if settled.swaps:
        lines += [
            words.swap_line.format(
                item=old.title, old=show_options(old.options), new=show_options(new.options)
            )
            for old, new in settled.swaps
        ]
    else:
        whole = order.pieces if order and call.name == "cancel_order" else ()
        lines += [words.item_line.format(item=show_item(i)) for i in settled.items or whole]
    if reason := call.arguments.get("reason"):
        lines.append(words.reason_line.format(reason=words.reasons.get(reason, reason)))
    currency = order.currency if order else "USD"
    lines += show_amounts(call.name, amounts, call.arguments, customer, currency, words)
    if fee:
        lines.append(words.fee_line.format(fee=fee))
    if "by_staff" in amounts:
        lines.append(words.by_staff_line)
    return "\n".join(lines)
