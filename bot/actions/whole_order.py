"""Return of a whole order that has not left yet: what is meant is to cancel it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.actions.back_office import PlacedOrder
from bot.actions.items import ItemReader
from bot.actions.order_actions import OrderAction
from bot.actions.words import ActionSpeech
from feedback.dialogues import Wish


def sends_whole_back(wish: Wish, speech: ActionSpeech) -> bool:
    """Whether it is an order that is to go back, in so many words."""
    said = (turn.text.lower() for turn in wish.said)
    return wish.action == "return_items" and any(re.search(speech.whole_order, one) for one in said)


def cancels_instead(
    wish: Wish,
    order: PlacedOrder,
    actions: Mapping[str, OrderAction],
    items: ItemReader,
    speech: ActionSpeech,
) -> Wish:
    """A wish to cancel, where the whole of an order is to go back that is still here.

    Who names an item of it is told the rule instead: the rest was not asked for.
    """
    if order.status not in actions["cancel_order"].fits or not sends_whole_back(wish, speech):
        return wish
    named = items.named(order.pieces, " \n ".join(turn.text for turn in wish.said))
    products = {piece.product_id for piece in order.pieces}
    if named and {piece.product_id for piece in named} != products:
        return wish
    return replace(wish, action="cancel_order")
