"""Resolves a wish: from the shopper's words and the shop's facts to one call, or what to ask."""

from bot.actions.back_office import ActionCall, BackOffice, PlacedOrder
from bot.actions.item_slots import ItemSlots
from bot.actions.items import ItemReader, Names
from bot.actions.order_actions import OrderAction
from bot.actions.resolved import Resolved, SettledCall, ShopperRecords
from bot.actions.slots import SlotReader
from bot.actions.which_order import OrderReader
from bot.actions.wishes import FAMILY, SWAP
from feedback.dialogues import Wish


class WishResolver:
    """Resolves the wishes of one customer in one turn of a dialogue."""

    def __init__(self, office: BackOffice, records: ShopperRecords, names: Names) -> None:
        """`names` gives an item's names in every language."""
        bought = [piece for order in records.orders for piece in order.pieces]
        items = ItemReader(bought, names, records.words.speech)
        self._actions = records.actions
        self._orders = OrderReader(records, items)
        self._slots = SlotReader(records)
        self._items = ItemSlots(items, self._slots, office.product, records.words)

    def resolve(self, wish: Wish) -> Resolved:
        """What is to be done next about a wish."""
        if wish.action == "change_customer_address":
            return self._slots.address(wish, self._actions[wish.action], None)
        found = self._orders.read(wish)
        if not isinstance(found, PlacedOrder):
            return found
        action = self._action_for(wish.action, found)
        if action is None or found.status not in action.fits:
            return self._orders.wrong_status(wish.action, found)
        if "reason" in action.needs:
            return self._slots.reason(wish, action, found)
        if "address" in action.needs:
            return self._slots.address(wish, action, found)
        if "item" in action.needs:
            return self._items.read(wish, action, found)
        if "payment_method" in action.needs:
            return self._slots.payment(wish, action, found)
        return SettledCall(ActionCall(action.name, {"order_id": found.order_id}), found)

    def _action_for(self, wish: str, order: PlacedOrder) -> OrderAction | None:
        if wish != SWAP:
            return self._actions[wish]
        swaps = (self._actions[name] for name, kind in FAMILY.items() if kind == SWAP)
        return next((action for action in swaps if order.status in action.fits), None)
