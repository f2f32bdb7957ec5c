"""Slots of an action besides its items: the reason, the address, the payment method."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.actions.addresses import full, known_address, read_address
from bot.actions.back_office import ActionCall, PlacedOrder
from bot.actions.order_actions import OrderAction
from bot.actions.payment import names_a_kind, read_method, show_method
from bot.actions.resolved import (
    NeedsAnswer,
    NotAllowed,
    Offer,
    Resolved,
    SettledCall,
    ShopperRecords,
)
from feedback.dialogues import Wish


class SlotReader:
    """Reads what a wish tells of the slots of its action."""

    def __init__(self, records: ShopperRecords) -> None:
        """Read for this shopper."""
        self._customer = records.customer
        self._orders = records.orders
        self._words = records.words
        self._texts = records.texts
        self._actions = records.actions

    def reason(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        """A cancellation, once its reason is one the shop takes."""
        about = {"action": action.name, "order_id": order.order_id}
        for turn in reversed(wish.said):
            for reason, said in self._words.speech.reasons.items():
                if re.search(said, turn.text.lower()):
                    given = {"order_id": order.order_id, "reason": reason}
                    return SettledCall(ActionCall(action.name, given), order)
        if wish.asked.get("reason", 0) >= 2:
            return NotAllowed("invalid_reason", self._words.rules["invalid_reason"], about)
        return NeedsAnswer("reason", self._words.asks["reason"], about=about)

    def why(self, wish: Wish, settled: SettledCall) -> Resolved:
        """A call with the reason that an action of the shop's asks for; "other" if asked twice."""
        phrases = self._actions[settled.call.name].phrases
        told = phrases.get(self._words.locale) or phrases["en"]
        for turn in reversed(wish.said):
            for each in phrases.values():
                for code, (_, said) in each.reasons.items():
                    if re.search(said, turn.text.lower()):
                        return _with_reason(settled, code)
        if wish.asked.get("reason", 0) >= 2:
            return _with_reason(settled, "other")
        return NeedsAnswer("reason", told.why, about=settled.about)

    def address(
        self, wish: Wish, action: OrderAction, order: PlacedOrder | None
    ) -> NeedsAnswer | SettledCall:
        """A change of address, once it is told completely."""
        named = (
            {"order_id": order.order_id} if order else {"customer_id": self._customer.customer_id}
        )
        address = self._read_address(wish, order)
        about = {"action": action.name, **({"order_id": order.order_id} if order else {})}
        if address is None:
            return NeedsAnswer("address", self._words.asks["address"], about=about)
        return SettledCall(ActionCall(action.name, {**named, "address": address}), order)

    def payment(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        """A change of how an order is paid."""
        about = {"action": action.name, "order_id": order.order_id}
        others = [m for m in self._customer.payment_methods if m.id != order.paid_with]
        for turn in reversed(wish.said):
            if method := turn.value.get("payment_method_id"):
                return self._paid(action, order, method)
            found = read_method(turn.text, others, order.paid_with, self._words)
            if len(found) == 1:
                return self._paid(action, order, found[0].id)
            if found:
                break
        return NeedsAnswer(
            "payment_method", self._words.asks["payment_method"], self._methods(others), about
        )

    def method_of(self, wish: Wish, order: PlacedOrder, about: Mapping[str, str]) -> Any:
        """Where the money goes or comes from: as said, else as the order was paid."""
        methods = self._customer.payment_methods
        for turn in reversed(wish.said[wish.void.get("payment_method", 0) :]):
            if method := turn.value.get("payment_method_id"):
                return method
            found = read_method(turn.text, methods, order.paid_with, self._words)
            if len(found) == 1:
                return found[0].id
            ask = self._words.asks["payment_method"]
            if found:
                return NeedsAnswer("payment_method", ask, self._methods(found), about)
            if "payment_method" in turn.asked and names_a_kind(turn.text, self._words):
                rule = self._words.rules["unknown_payment_method"]
                return NotAllowed("unknown_payment_method", rule, about, "payment_method")
        if order.paid_with is not None:
            return order.paid_with
        ask = self._words.asks["payment_method"]
        return NeedsAnswer("payment_method", ask, self._methods(methods), about)

    def _read_address(self, wish: Wish, order: PlacedOrder | None) -> dict[str, str] | None:
        account = self._customer.address
        country = str(account.get("country") or "USA")
        now = full(order.shipping_address if order else account)
        known = [one.shipping_address for one in self._orders] + [account]
        known = [one for one in known if one and full(one) != now]
        speech = self._words.speech
        own_words = speech.account_address if order else r"(?!)"
        for turn in reversed(wish.said):
            if written := read_address(turn.text, country):
                return written
            if (other := self._address_of(turn.text)) is not None:
                return other
            text = re.sub(r"\b\d{5}\b(?=\W*$)", "", turn.text)
            if pointed := known_address(text, known, account if order else {}, own_words):
                return pointed
        if (only := self._address_elsewhere(wish, known)) is not None:
            return only
        if re.search(speech.same_address, wish.said[-1].text.lower() if wish.said else ""):
            found = (read_address(text, country) for text in self._texts)
            return next((one for one in found if one), None)
        return None

    def _address_elsewhere(
        self, wish: Wish, known: Sequence[Mapping[str, str]]
    ) -> dict[str, str] | None:
        """The address of "my other order", where all of them went to one other place."""
        others = {tuple(full(one).items()) for one in known}
        told = any(
            re.search(self._words.speech.address_of_other, turn.text.lower()) for turn in wish.said
        )
        return dict(next(iter(others))) if told and len(others) == 1 else None

    def _address_of(self, text: str) -> dict[str, str] | None:
        """The address of another order of theirs, where the text says "the same as order …"."""
        said = re.search(self._words.speech.address_of_order, text, re.IGNORECASE)
        number = said.group(0).upper() if said else ""
        found = (o for o in self._orders if number and o.order_id.upper() in number)
        return next((full(order.shipping_address) for order in found), None)

    @staticmethod
    def _paid(action: OrderAction, order: PlacedOrder, method: str) -> SettledCall:
        given = {"order_id": order.order_id, "payment_method_id": method}
        return SettledCall(ActionCall(action.name, given), order)

    def _methods(self, methods: Sequence[Any]) -> tuple[Offer, ...]:
        return tuple(
            Offer(show_method(m, self._words), {"payment_method_id": m.id}) for m in methods
        )


def _with_reason(settled: SettledCall, code: str) -> SettledCall:
    given = {**settled.call.arguments, "reason": code}
    return replace(settled, call=ActionCall(settled.call.name, given))
