"""Order a wish is about, among the customer's: by number, by what is in it, by its date."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions.back_office import PlacedOrder
from bot.actions.items import ItemReader
from bot.actions.pointing import Pointer, point
from bot.actions.resolved import (
    MAX_CHOICES,
    NeedsAnswer,
    NotAllowed,
    Offer,
    Resolved,
    SeveralWishes,
    ShopperRecords,
)
from bot.actions.show import show_order
from bot.actions.tokens import find, tokens
from bot.actions.whole_order import sends_whole_back
from bot.actions.wishes import FAMILY, SWAP
from bot.actions.words import ActionWords
from bot.messages import Asked
from feedback.dialogues import Said, Wish
from feedback.entities import read_order_words

_NUMBER: Final = re.compile(r"#?\b([A-Za-z]{1,3}\d{5,12}|#\d{3,12})\b")


class OrderReader:
    """Finds which of their orders a shopper means."""

    def __init__(self, records: ShopperRecords, items: ItemReader, pointer: Pointer) -> None:
        """`items` knows what they have bought."""
        self._pointer = pointer
        self._actions = records.actions
        self._orders = records.orders
        self._words = records.words
        self._texts = records.texts
        self._items = items

    def read(self, wish: Wish) -> PlacedOrder | Resolved:
        """The order meant; else what is to be asked or refused."""
        since = wish.void.get("order", 0)
        for turn in reversed(wish.said[since:]):
            described = self._described(wish, turn)
            if described is not None:
                return described
            told = self._numbered(turn)
            if told is None:
                continue
            if isinstance(told, NotAllowed):
                return told
            if len(told) == 1:
                return told[0]
            return self._each(wish, told)
        if wish.order_id is not None:
            pinned = [order for order in self._orders if order.order_id == wish.order_id]
            if pinned:
                return pinned[0]
        fits = self._fitting(wish)
        said = " \n ".join(turn.text for turn in wish.said)
        if re.search(self._words.speech.all_orders, said.lower()) and len(fits) > 1:
            return self._each(wish, fits)
        return self._by_words(wish, said, fits)

    def wrong_status(self, wish: str, order: PlacedOrder) -> NotAllowed:
        """The state of the order forbids it."""
        words = self._words
        needs = self._needed_states(wish)
        status = words.statuses.get(order.status, order.status)
        text = words.rules["wrong_status"].format(order=order.order_id, status=status, needs=needs)
        text = " ".join(filter(None, (text, words.instead.get(order.status))))
        about = {"action": one_name(wish), "order_id": order.order_id}
        return NotAllowed("wrong_status", text, about)

    @staticmethod
    def _each(wish: Wish, orders: Sequence[PlacedOrder]) -> SeveralWishes:
        """A wish for each order; what was said so far chooses no other one any more."""
        void = {**wish.void, "order": len(wish.said)}
        return SeveralWishes(
            tuple(replace(wish, order_id=one.order_id, void=void) for one in orders)
        )

    def _described(self, wish: Wish, turn: Said) -> PlacedOrder | None:
        """The order that an answer describes by what is in it, where only one fits best."""
        if not turn.asked:
            return None
        said = re.search(self._words.speech.describes_order, turn.text.lower())
        if said is None:
            return None
        fits = self._fitting(wish)
        hits = {order.order_id: self._hits(order, said.group(0)) for order in fits}
        best = max(hits.values(), default=0.0)
        likely = [order for order in fits if best and hits[order.order_id] == best]
        return likely[0] if len(likely) == 1 else None

    def _numbered(self, turn: Said) -> list[PlacedOrder] | NotAllowed | None:
        """Their orders that a turn names by number; None: it names none."""
        if number := turn.value.get("order_id"):
            return [order for order in self._orders if order.order_id == number] or None
        said = self._without_address_of(turn.text).upper()
        own = [
            order
            for order in self._orders
            if re.search(rf"(?<![A-Z0-9]){re.escape(order.order_id.upper())}(?![A-Z0-9])", said)
        ]
        if own:
            return sorted(own, key=lambda order: said.index(order.order_id.upper()))
        rest = self._without_address_of(turn.text)
        found = _NUMBER.search(rest)
        number = found.group(1) if found else read_order_words(rest).number
        if number is not None:
            number = number.lstrip("#").upper()
            text = self._words.order_not_yours.format(order=number)
            return NotAllowed("order_not_found", text, {"order_id": number}, "order")
        return None

    def _without_address_of(self, text: str) -> str:
        """The text without what names another order for its address alone."""
        return re.sub(self._words.speech.address_of_order, " ", text, flags=re.IGNORECASE)

    def _by_words(self, wish: Wish, said: str, fits: list[PlacedOrder]) -> PlacedOrder | Resolved:
        """The order by what is in it, or by when it was placed."""
        hits = {order.order_id: self._hits(order, said) for order in self._orders}
        best = max((hits[order.order_id] for order in fits), default=0.0)
        elsewhere = max(self._orders, key=lambda order: hits[order.order_id], default=None)
        if elsewhere is None:
            return NotAllowed("order_not_found", self._none_fits(wish.action))
        if best == 0 and hits[elsewhere.order_id] > 0:
            return self.wrong_status(wish.action, elsewhere)
        if not fits:
            return NotAllowed("wrong_status", self._none_fits(wish.action), {"action": wish.action})
        speech, low = self._words.speech, said.lower()
        likely = [order for order in fits if hits[order.order_id] == best]
        if wish.action == SWAP and len(likely) > 1:
            arrived = re.search(speech.arrived, low), re.search(speech.not_sent, low)
            for cue, state in zip(arrived, ("delivered", "pending"), strict=True):
                if cue and any(order.status == state for order in likely):
                    likely = [order for order in likely if order.status == state]
        if len(likely) > 1 and (when := _by_time(likely, low, self._words)) is not None:
            likely = [when]
        # One that is told by what is in it, in words not understood, need not be the last one.
        if len(likely) > 1 and (best or not re.search(speech.describes_order, low)):
            likely = self._talked_of(likely) or likely
        if len(likely) > 1 and not best:
            likely = self._pointed_at(wish, likely)
        if len(likely) > 1 and (one := self._by_price(likely, said)) is not None:
            likely = [one]
        if len(likely) > 1 and self._hold_different(likely, said):
            return self._apart(wish, said, likely[0], fits) or likely[0]
        if len(likely) == 1:
            return self._apart(wish, said, likely[0], fits) or likely[0]
        offers = tuple(
            Offer(show_order(order, self._words), {"order_id": order.order_id})
            for order in likely[:MAX_CHOICES]
        )
        about = {"action": one_name(wish.action)}
        return NeedsAnswer("order", self._words.asks["order"], offers, about)

    def _hits(self, order: PlacedOrder, said: str) -> float:
        """How much of what is said is in an order."""
        words = tokens(said)
        scores: dict[str, float] = {}
        for piece in order.pieces:
            sure, _ = self._items.places(piece, words)
            if sure:
                told = sum(bool(find(tokens(value), words)) for value in piece.options.values())
                best = scores.get(piece.product_id, 0.0)
                scores[piece.product_id] = max(best, min(sure, 1.0) + 0.01 * told)
        return sum(scores.values())

    def _apart(
        self, wish: Wish, said: str, order: PlacedOrder, fits: Sequence[PlacedOrder]
    ) -> SeveralWishes | None:
        """Where items of a second order are named too: a wish for each order."""
        if not {"item"} & set(self._needs(wish.action)):
            return None
        here = {piece.product_id for piece in order.pieces}
        others = [
            other
            for other in fits
            if other is not order
            and any(piece.product_id not in here for piece in self._items.named(other.pieces, said))
        ]
        if len(others) != 1:
            return None
        return SeveralWishes(
            (
                replace(wish, order_id=order.order_id),
                replace(wish, order_id=others[0].order_id),
            )
        )

    def _hold_different(self, orders: Sequence[PlacedOrder], said: str) -> bool:
        """Whether each order holds named products that no other of them has."""
        named = [
            {piece.product_id for piece in self._items.named(order.pieces, said)}
            for order in orders
        ]
        return all(named) and sum(map(len, named)) == len(set().union(*named))

    def _pointed_at(self, wish: Wish, likely: list[PlacedOrder]) -> list[PlacedOrder]:
        """The order whose items words of another kind point at; all of them: none."""
        names = [
            tuple(name for piece in order.pieces for name in self._items.names_of(piece))
            for order in likely
        ]
        place = point(wish.said, names, self._pointer, self._words.speech)
        return likely if place is None else [likely[place]]

    def _by_price(self, likely: Sequence[PlacedOrder], said: str) -> PlacedOrder | None:
        """The order with the dearer, or the cheaper, of the like items that are named."""
        speech, low = self._words.speech, said.lower()
        dear, cheap = re.search(speech.dearer, low), re.search(speech.cheaper, low)
        named = [self._items.named(order.pieces, said) for order in likely]
        alike = {piece.product_id for pieces in named for piece in pieces}
        if bool(dear) == bool(cheap) or len(alike) != 1 or not all(named):
            return None
        prices = [max(piece.price for piece in pieces) for pieces in named]
        wanted = max(prices) if dear else min(prices)
        return likely[prices.index(wanted)] if prices.count(wanted) == 1 else None

    def _talked_of(self, likely: Sequence[PlacedOrder]) -> list[PlacedOrder]:
        """The order whose number was last named in the dialogue."""
        for text in self._texts:
            named = [order for order in likely if order.order_id.upper() in text.upper()]
            if named:
                return named if len(named) == 1 else []
        return []

    def _fitting(self, wish: Wish) -> list[PlacedOrder]:
        """Their orders in a state that the wish can be done in."""
        states = self._states(wish.action)
        fits = [order for order in self._orders if order.status in states]
        if fits or not sends_whole_back(wish, self._words.speech):
            return fits
        return [order for order in self._orders if order.status in self._states("cancel_order")]

    def _states(self, action: str) -> set[str]:
        names = [name for name, kind in FAMILY.items() if kind == action] or [action]
        return {state for name in names for state in self._actions[name].fits}

    def _needs(self, action: str) -> tuple[Asked, ...]:
        return self._actions[one_name(action)].needs

    def _none_fits(self, wish: str) -> str:
        return self._words.no_such_order.format(needs=self._needed_states(wish))

    def _needed_states(self, wish: str) -> str:
        """The states an order must be in, each in a word."""
        names = [name for name, kind in FAMILY.items() if kind == wish] or [wish]
        states = dict.fromkeys(self._actions[name].fits[0] for name in names)
        return self._words.either.join(self._words.statuses.get(one, one) for one in states)


def one_name(action: str) -> str:
    """The action that stands for a wish: of the two kinds of swap the later one."""
    return "exchange_items" if action == SWAP else action


def _by_time(orders: Sequence[PlacedOrder], low: str, words: ActionWords) -> PlacedOrder | None:
    """The newest or the oldest, where one of them is meant."""
    placed = sorted(orders, key=lambda order: order.placed_at)
    if re.search(words.speech.newest_order, low):
        return placed[-1]
    return placed[0] if re.search(words.speech.oldest_order, low) else None
