"""Slots of an action on items: which pieces of the order, and which variant each becomes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.actions.back_office import (
    ActionCall,
    ItemVariant,
    OrderItem,
    PlacedOrder,
    ProductOffer,
)
from bot.actions.items import ItemReader
from bot.actions.order_actions import OrderAction
from bot.actions.pointing import Pointer, point
from bot.actions.resolved import (
    MAX_CHOICES,
    NeedsAnswer,
    NotAllowed,
    Offer,
    Resolved,
    SettledCall,
)
from bot.actions.show import show_item, show_options
from bot.actions.slots import SlotReader
from bot.actions.variants import OptionReader, OptionWishes, choose_variant
from bot.actions.words import ActionWords
from feedback.dialogues import Said, Wish

_CLAUSES: Final = re.compile(r"[,;.!?\n。，；！？、]+|\b(?:and|but|then|plus)\b|以及|并且")


class ItemSlots:
    """Reads which items a wish is about."""

    def __init__(
        self,
        items: ItemReader,
        slots: SlotReader,
        product: Callable[[str], ProductOffer | None],
        words: ActionWords,
        pointer: Pointer,
    ) -> None:
        """`product` gives a product as the back office has it now."""
        self._items = items
        self._slots = slots
        self._product = product
        self._words = words
        self._pointer = pointer

    def read(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        """A call on items, once all of them and their variants are settled."""
        about = {"action": action.name, "order_id": order.order_id}
        pieces = order.pieces
        # "The order with the lamp" tells which order, not that the lamp is meant.
        wish = replace(wish, said=tuple(t for t in wish.said if not self._tells_order(t)))
        chosen = self._items.chosen(pieces, wish.said)
        if not chosen:
            chosen = list(pieces) if len(pieces) == 1 else self._pointed_at(wish, pieces)
        if not chosen:
            offers = tuple(Offer(show_item(piece), {"sku": piece.sku}) for piece in pieces)
            return NeedsAnswer("item", self._words.asks["item"], offers[:MAX_CHOICES], about)
        swaps: list[tuple[OrderItem, ItemVariant]] = []
        open_: list[Resolved] = []
        if "variant" in action.needs:
            for piece in chosen:
                swapped = self._variant(wish, action, piece, chosen, pieces, about)
                if isinstance(swapped, ItemVariant):
                    swaps.append((piece, swapped))
                else:
                    open_.append(swapped)
            # Asked again and again, only the others were spoken of: then these alone are meant.
            if open_ and not (swaps and wish.asked.get("variant", 0) >= 2):
                return open_[0]
        given: dict[str, Any] = {"order_id": order.order_id}
        if swaps:
            given["changes"] = [{"sku": old.sku, "new_sku": new.sku} for old, new in swaps]
        else:
            given["skus"] = [piece.sku for piece in chosen]
        if "payment_method" in action.needs:
            method = self._slots.method_of(wish, order, about)
            if not isinstance(method, str):
                return method  # type: ignore[no-any-return]
            given["payment_method_id"] = method
        return SettledCall(ActionCall(action.name, given), order, tuple(swaps), tuple(chosen))

    def _pointed_at(self, wish: Wish, pieces: Sequence[OrderItem]) -> list[OrderItem]:
        """The one product that words of another kind point at."""
        products = list({piece.product_id: piece for piece in pieces}.values())
        names = [self._items.names_of(piece) for piece in products]
        place = point(wish.said, names, self._pointer, self._words.speech)
        meant = [] if place is None else [products[place].product_id]
        found = [piece for piece in pieces if piece.product_id in meant]
        return found if len(found) == 1 else []  # of several alike it is asked which

    def _tells_order(self, turn: Said) -> bool:
        """Whether a turn does no more than describe the order that was asked for."""
        speech = self._words.speech
        low = turn.text.lower()
        asked = {"order", "order_number", "confirmation"} & set(turn.asked)
        if not asked or turn.value or not re.search(speech.describes_order, low):
            return False
        behind = re.sub(speech.describes_order, " ", low)
        return (
            not any(re.search(cue, low) for cue in speech.cues.values())
            and not behind.strip(" ,.:;no")
        ) or "order_number" in turn.asked

    def _variant(
        self,
        wish: Wish,
        action: OrderAction,
        piece: OrderItem,
        chosen: Sequence[OrderItem],
        pieces: Sequence[OrderItem],
        about: Mapping[str, str],
    ) -> ItemVariant | Resolved:
        product = self._product(piece.product_id)
        if product is None:
            return NotAllowed("variant_not_found", self._words.rules["out_of_stock"], about)
        reader = OptionReader(product, piece, self._words.speech)
        wishes = OptionWishes()
        for turn in wish.said:
            if new := turn.value.get("new_sku"):
                if turn.value.get("sku", piece.sku) == piece.sku:
                    wishes = reader.pressed(new)
                continue
            text = self._about_item(turn.text, piece, chosen, pieces)
            wishes = wishes.then(reader.read(text, asked="variant" in turn.asked))
        choice = choose_variant(product, piece, wishes, same_allowed=action.same_variant)
        if choice.variant is not None:
            return choice.variant
        question = self._words.asks["variant"].format(item=show_item(piece))
        near = choice.near or tuple(v for v in product.variants if v.available)
        near = tuple(v for v in near if v.sku != piece.sku)
        if choice.not_had:
            item = show_item(piece)
            if not near:
                return NotAllowed("out_of_stock", self._words.rules["out_of_stock"], about)
            question = self._words.nothing_fits.format(item=item) + " " + question
        offers = tuple(
            Offer(show_options(v.options), {"sku": piece.sku, "new_sku": v.sku})
            for v in near[:MAX_CHOICES]
        )
        return NeedsAnswer("variant", question, offers, about)

    def _about_item(
        self, text: str, piece: OrderItem, chosen: Sequence[OrderItem], pieces: Sequence[OrderItem]
    ) -> str:
        """The clauses of a text that are about one item."""
        if len({one.product_id for one in chosen}) == 1 and len(chosen) == 1:
            others = [one for one in self._items.named(pieces, text) if one not in chosen]
            if not others:
                return text
        mine: list[str] = []
        holder: list[OrderItem] = list(chosen)
        for clause in _CLAUSES.split(text):
            named = self._items.named(pieces, clause)
            holder = named or holder
            if piece in holder:
                mine.append(clause)
        return " , ".join(mine)
