"""Resolves a wish: from the shopper's words and the shop's facts to one call, or what to ask."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.actions.addresses import full, known_address, read_address
from bot.actions.back_office import (
    ActionCall,
    BackOffice,
    CustomerAccount,
    ItemVariant,
    OrderItem,
    PlacedOrder,
)
from bot.actions.items import ItemReader, Names
from bot.actions.order_actions import ORDER_ACTIONS, OrderAction
from bot.actions.payment import names_a_kind, read_method, show_method
from bot.actions.show import show_item, show_options, show_order
from bot.actions.tokens import find, tokens
from bot.actions.variants import OptionReader, OptionWishes, choose_variant
from bot.actions.wishes import FAMILY, SWAP
from bot.actions.words import ActionWords
from bot.messages import Asked
from feedback.dialogues import Said, Wish
from feedback.entities import read_order_words

MAX_CHOICES: Final = 10
_NUMBER: Final = re.compile(r"#?\b([A-Za-z]{1,3}\d{5,12}|#\d{3,12})\b")
_CLAUSES: Final = re.compile(r"[,;.!?\n。，；！？、]+|\b(?:and|but|then|plus)\b|以及|并且")


@dataclass(frozen=True)
class Offer:
    """A candidate as a button."""

    title: str
    value: Mapping[str, str]


@dataclass(frozen=True)
class NeedsAnswer:
    """A slot that the words do not settle."""

    slot: Asked
    text: str
    offers: tuple[Offer, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NotAllowed:
    """A rule of the shop's forbids it; `slot`: what could be said otherwise."""

    code: str
    text: str
    about: Mapping[str, str] = field(default_factory=dict)
    slot: Asked | None = None


@dataclass(frozen=True)
class SeveralWishes:
    """The words are about several orders: a wish for each."""

    wishes: tuple[Wish, ...]


@dataclass(frozen=True)
class SettledCall:
    """All is known: this call, on this order."""

    call: ActionCall
    order: PlacedOrder | None
    swaps: tuple[tuple[OrderItem, ItemVariant], ...] = ()
    items: tuple[OrderItem, ...] = ()

    @property
    def about(self) -> dict[str, str]:
        """What a reply about it is about."""
        order = {"order_id": self.order.order_id} if self.order else {}
        return {"action": self.call.name, **order}


Resolved = NeedsAnswer | NotAllowed | SeveralWishes | SettledCall


class WishResolver:
    """Resolves the wishes of one customer in one turn of a dialogue."""

    def __init__(
        self,
        back_office: BackOffice,
        customer: CustomerAccount,
        orders: Sequence[PlacedOrder],
        names: Names,
        words: ActionWords,
        texts: Sequence[str],
        actions: Mapping[str, OrderAction] = ORDER_ACTIONS,
    ) -> None:
        """`texts` are all the shopper's turns, newest first."""
        self._actions = actions
        self._office = back_office
        self._customer = customer
        self._orders = orders
        self._words = words
        self._texts = texts
        bought = [piece for order in orders for piece in order.pieces]
        self._items = ItemReader(bought, names, words.speech)

    def resolve(self, wish: Wish) -> Resolved:
        """What is to be done next about a wish."""
        if wish.action == "change_customer_address":
            return self._address(wish, self._actions[wish.action], None)
        found = self._order(wish)
        if not isinstance(found, PlacedOrder):
            return found
        action = self._action_for(wish.action, found)
        if action is None or found.status not in action.fits:
            return self._wrong_status(wish.action, found)
        if "reason" in action.needs:
            return self._cancel(wish, action, found)
        if "address" in action.needs:
            return self._address(wish, action, found)
        if "item" in action.needs:
            return self._of_items(wish, action, found)
        if "payment_method" in action.needs:
            return self._payment_alone(wish, action, found)
        return SettledCall(ActionCall(action.name, {"order_id": found.order_id}), found)

    # ── the order ──

    def _order(self, wish: Wish) -> PlacedOrder | Resolved:
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
        fits = [order for order in self._orders if order.status in self._states(wish.action)]
        said = " \n ".join(turn.text for turn in wish.said)
        if re.search(self._words.speech.all_orders, said.lower()) and len(fits) > 1:
            return self._each(wish, fits)
        return self._by_words(wish, said, fits)

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
        fits = [order for order in self._orders if order.status in self._states(wish.action)]
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
            return self._wrong_status(wish.action, elsewhere)
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
        if len(likely) > 1:
            likely = self._talked_of(likely) or likely
        if len(likely) > 1 and self._hold_different(likely, said):
            return self._apart(wish, said, likely[0], fits) or likely[0]
        if len(likely) == 1:
            return self._apart(wish, said, likely[0], fits) or likely[0]
        offers = tuple(
            Offer(show_order(order, self._words), {"order_id": order.order_id})
            for order in likely[:MAX_CHOICES]
        )
        about = {"action": self._one_name(wish.action)}
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

    def _talked_of(self, likely: Sequence[PlacedOrder]) -> list[PlacedOrder]:
        """The order whose number was last named in the dialogue."""
        for text in self._texts:
            named = [order for order in likely if order.order_id.upper() in text.upper()]
            if named:
                return named if len(named) == 1 else []
        return []

    # ── which action, and whether it is allowed ──

    def _states(self, action: str) -> set[str]:
        names = [name for name, kind in FAMILY.items() if kind == action] or [action]
        return {state for name in names for state in self._actions[name].fits}

    def _needs(self, action: str) -> tuple[Asked, ...]:
        return self._actions[self._one_name(action)].needs

    @staticmethod
    def _one_name(action: str) -> str:
        return "exchange_items" if action == SWAP else action

    def _action_for(self, wish: str, order: PlacedOrder) -> OrderAction | None:
        if wish != SWAP:
            return self._actions[wish]
        swaps = (self._actions[name] for name, kind in FAMILY.items() if kind == SWAP)
        return next((action for action in swaps if order.status in action.fits), None)

    def _wrong_status(self, wish: str, order: PlacedOrder) -> NotAllowed:
        words = self._words
        needs = self._needed_states(wish)
        status = words.statuses.get(order.status, order.status)
        text = words.rules["wrong_status"].format(order=order.order_id, status=status, needs=needs)
        about = {"action": self._one_name(wish), "order_id": order.order_id}
        return NotAllowed("wrong_status", text, about)

    def _none_fits(self, wish: str) -> str:
        return self._words.no_such_order.format(needs=self._needed_states(wish))

    def _needed_states(self, wish: str) -> str:
        """The states an order must be in, each in a word."""
        names = [name for name, kind in FAMILY.items() if kind == wish] or [wish]
        states = dict.fromkeys(self._actions[name].fits[0] for name in names)
        return self._words.either.join(self._words.statuses.get(one, one) for one in states)

    # ── slots ──

    def _cancel(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        about = {"action": action.name, "order_id": order.order_id}
        for turn in reversed(wish.said):
            for reason, said in self._words.speech.reasons.items():
                if re.search(said, turn.text.lower()):
                    given = {"order_id": order.order_id, "reason": reason}
                    return SettledCall(ActionCall(action.name, given), order)
        if wish.asked.get("reason", 0) >= 2:
            return NotAllowed("invalid_reason", self._words.rules["invalid_reason"], about)
        return NeedsAnswer("reason", self._words.asks["reason"], about=about)

    def _address(
        self, wish: Wish, action: OrderAction, order: PlacedOrder | None
    ) -> NeedsAnswer | SettledCall:
        named = (
            {"order_id": order.order_id} if order else {"customer_id": self._customer.customer_id}
        )
        address = self._read_address(wish, order)
        about = {"action": action.name, **({"order_id": order.order_id} if order else {})}
        if address is None:
            return NeedsAnswer("address", self._words.asks["address"], about=about)
        return SettledCall(ActionCall(action.name, {**named, "address": address}), order)

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
        if re.search(speech.same_address, wish.said[-1].text.lower() if wish.said else ""):
            found = (read_address(text, country) for text in self._texts)
            return next((one for one in found if one), None)
        return None

    def _address_of(self, text: str) -> dict[str, str] | None:
        """The address of another order of theirs, where the text says "the same as order …"."""
        said = re.search(self._words.speech.address_of_order, text, re.IGNORECASE)
        number = said.group(0).upper() if said else ""
        found = (o for o in self._orders if number and o.order_id.upper() in number)
        return next((full(order.shipping_address) for order in found), None)

    def _payment_alone(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
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

    @staticmethod
    def _paid(action: OrderAction, order: PlacedOrder, method: str) -> SettledCall:
        given = {"order_id": order.order_id, "payment_method_id": method}
        return SettledCall(ActionCall(action.name, given), order)

    def _methods(self, methods: Sequence[Any]) -> tuple[Offer, ...]:
        return tuple(
            Offer(show_method(m, self._words), {"payment_method_id": m.id}) for m in methods
        )

    def _method_of(self, wish: Wish, order: PlacedOrder, about: Mapping[str, str]) -> Any:
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

    def _of_items(self, wish: Wish, action: OrderAction, order: PlacedOrder) -> Resolved:
        about = {"action": action.name, "order_id": order.order_id}
        pieces = order.pieces
        # "The order with the lamp" tells which order, not that the lamp is meant.
        wish = replace(wish, said=tuple(t for t in wish.said if not self._tells_order(t)))
        chosen = self._items.chosen(pieces, wish.said)
        if not chosen and len(pieces) == 1:
            chosen = list(pieces)
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
        method = self._method_of(wish, order, about)
        if not isinstance(method, str):
            return method  # type: ignore[no-any-return]
        given: dict[str, Any] = {"order_id": order.order_id}
        if swaps:
            given["changes"] = [{"sku": old.sku, "new_sku": new.sku} for old, new in swaps]
        else:
            given["skus"] = [piece.sku for piece in chosen]
        given["payment_method_id"] = method
        return SettledCall(ActionCall(action.name, given), order, tuple(swaps), tuple(chosen))

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
        product = self._office.product(piece.product_id)
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


def _by_time(orders: Sequence[PlacedOrder], low: str, words: ActionWords) -> PlacedOrder | None:
    """The newest or the oldest, where one of them is meant."""
    placed = sorted(orders, key=lambda order: order.placed_at)
    if re.search(words.speech.newest_order, low):
        return placed[-1]
    return placed[0] if re.search(words.speech.oldest_order, low) else None
