"""Formats orders, items and amounts for a summary."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.actions.addresses import show_address
from bot.actions.back_office import CustomerAccount, OrderItem, PlacedOrder
from bot.actions.payment import show_method
from bot.actions.words import ActionWords
from bot.languages import read_price


def show_options(options: Mapping[str, str]) -> str:
    """The options of a variant.

    >>> show_options({"color": "red", "waterproof": "yes"})
    'red, waterproof: yes'
    """
    bare = {"yes", "no", "none"}
    return ", ".join(
        f"{name}: {value}" if value.lower() in bare or value.isdecimal() else value
        for name, value in options.items()
    )


def show_item(item: OrderItem) -> str:
    """An item with its options."""
    options = show_options(item.options)
    return f"{item.title} ({options})" if options else item.title


def show_order(order: PlacedOrder, words: ActionWords) -> str:
    """An order as a button: its number, and what is in it."""
    titles = words.joined.join(dict.fromkeys(piece.title for piece in order.pieces))
    return f"{order.order_id}: {titles}"


def show_amounts(
    name: str,
    amounts: Mapping[str, Any],
    arguments: Mapping[str, Any],
    customer: CustomerAccount,
    currency: str,
    words: ActionWords,
) -> list[str]:
    """The lines of a summary about money, by what the back office's dry run told."""
    to = amounts.get("to") or [arguments.get("payment_method_id")]
    methods = _methods(to if isinstance(to, list) else [to], customer, words)
    if name == "change_payment" and "charge" in amounts:
        charged = _money(amounts["charge"], currency)
        return [words.payment_line.format(method=methods, amount=charged)]
    if "difference" in amounts:
        difference = _number(amounts["difference"])
        if difference == 0:
            return [words.even_line.format(method=methods)]
        line = words.charge_line if difference > 0 else words.refund_line
        return [line.format(amount=_money(abs(difference), currency), method=methods)]
    if "refund" in amounts:
        refunded = _money(amounts["refund"], currency)
        return [words.refund_line.format(amount=refunded, method=methods)]
    if "charge" in amounts:
        charged = _money(amounts["charge"], currency)
        return [words.charge_line.format(amount=charged, method=methods)]
    if "address" in amounts:
        return [words.address_line.format(address=show_address(amounts["address"]))]
    return []


def _methods(ids: Sequence[Any], customer: CustomerAccount, words: ActionWords) -> str:
    known = {method.id: method for method in customer.payment_methods}
    shown = [show_method(known[one], words) for one in ids if one in known]
    return words.joined.join(dict.fromkeys(shown)) or "–"


def _number(amount: Any) -> Decimal:
    try:
        return Decimal(str(amount))
    except InvalidOperation:
        return Decimal(0)


def _money(amount: Any, currency: str) -> str:
    return read_price(_number(amount), currency)
