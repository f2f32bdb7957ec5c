"""Resolves a wish: from the shopper's words and the shop's facts to one call, or what to ask."""

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.back_office import ActionCall, BackOffice, OrderItem, PlacedOrder
from bot.actions.english import ENGLISH
from bot.actions.item_slots import ItemSlots
from bot.actions.items import ItemReader, Names
from bot.actions.order_actions import OrderAction
from bot.actions.pointing import Pointer, points_nowhere
from bot.actions.policy import PolicyCase, judge
from bot.actions.resolved import NotAllowed, Resolved, SettledCall, ShopperRecords
from bot.actions.slots import SlotReader
from bot.actions.which_order import OrderReader
from bot.actions.whole_order import cancels_instead
from bot.actions.wishes import FAMILY, SWAP
from feedback.dialogues import Wish


class WishResolver:
    """Resolves the wishes of one customer in one turn of a dialogue."""

    def __init__(
        self,
        office: BackOffice,
        records: ShopperRecords,
        names: Names,
        pointer: Pointer = points_nowhere,
    ) -> None:
        """`names` gives an item's names in every language; `pointer` knows what is near them."""
        bought = [piece for order in records.orders for piece in order.pieces]
        items = ItemReader(bought, names, records.words.speech)
        self._records = records
        self._reader = items
        self._actions = records.actions
        self._orders = OrderReader(records, items, pointer)
        self._slots = SlotReader(records)
        self._items = ItemSlots(items, self._slots, office.product, records.words, pointer)

    def resolve(self, wish: Wish) -> Resolved:
        """What is to be done next about a wish."""
        if wish.action == "change_customer_address":
            return self._slots.address(wish, self._actions[wish.action], None)
        found = self._orders.read(wish)
        if not isinstance(found, PlacedOrder):
            return found
        speech = self._records.words.speech
        wish = cancels_instead(wish, found, self._actions, self._reader, speech)
        action = self._action_for(wish.action, found)
        if action is None or found.status not in action.fits:
            return self._orders.wrong_status(wish.action, found)
        forbidden, _ = self._judged(action.name, found, ())
        if forbidden is not None:
            return forbidden
        settled = self._settle(wish, action, found)
        if not isinstance(settled, SettledCall):
            return settled
        forbidden, policy = self._judged(action.name, found, settled.items)
        return forbidden or replace(settled, policy=policy)

    def _settle(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        """The call, once nothing is missing."""
        if "reason" in action.needs and "item" in action.needs:
            items = self._items.read(wish, action, order)
            return self._slots.why(wish, items) if isinstance(items, SettledCall) else items
        if "reason" in action.needs:
            return self._slots.reason(wish, action, order)
        if "address" in action.needs:
            return self._slots.address(wish, action, order)
        if "item" in action.needs:
            return self._items.read(wish, action, order)
        if "payment_method" in action.needs:
            return self._slots.payment(wish, action, order)
        return SettledCall(ActionCall(action.name, {"order_id": order.order_id}), order)

    def _judged(
        self, action: str, order: PlacedOrder, items: Sequence[OrderItem]
    ) -> tuple[NotAllowed | None, str]:
        """The shop's rule that forbids it; else the one it passed, for the staff."""
        records = self._records
        verdict = judge(action, PolicyCase(order, items, records.now), records.facts)
        if verdict is None:
            return None, ""
        if verdict.allowed:
            return None, ENGLISH.passed[verdict.code].format(**verdict.fills)
        rule = records.words.rules[verdict.code]
        about = {"action": action, "order_id": order.order_id}
        text = rule.format(order=order.order_id, **verdict.fills)
        return NotAllowed(verdict.code, text, about), ""

    def _action_for(self, wish: str, order: PlacedOrder) -> OrderAction | None:
        if wish != SWAP:
            return self._actions[wish]
        swaps = (self._actions[name] for name, kind in FAMILY.items() if kind == SWAP)
        return next((action for action in swaps if order.status in action.fits), None)
