"""Customer behind a message: who they are, whether that suffices, and their records, read once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import Final

from bot.actions.addresses import full
from bot.actions.answers import ActionAnswers
from bot.actions.back_office import ActionCall, BackOfficeAway, CustomerAccount, PlacedOrder
from bot.actions.flow_parts import FlowParts
from bot.actions.resolve import WishResolver
from bot.actions.resolved import ShopperRecords
from bot.actions.rules import SIGNED_IN
from bot.actions.words import ActionWords
from bot.conversation import ComposedAnswer, IncomingMessage
from feedback.dialogues import ActionMemory, Wish

MAX_ASKED: Final = 3  # for one thing; then a person is better


class TurnCustomer:
    """The customer of one message."""

    def __init__(
        self, parts: FlowParts, message: IncomingMessage, words: ActionWords, known: str | None
    ) -> None:
        """`known` is whom the dialogue has identified already."""
        self._parts = parts
        self._message = message
        self._words = words
        self.customer_id = known
        self._pointer = cache(parts.pointer)  # of one turn a wish is resolved several times

    @cached_property
    def account(self) -> CustomerAccount:
        """As the back office has it now."""
        assert self.customer_id is not None
        found = self._parts.office.customer(self.customer_id)
        if found is None:
            raise BackOfficeAway("the customer is not there any more")
        return found

    @cached_property
    def orders(self) -> Sequence[PlacedOrder]:
        """All their orders."""
        return self._parts.office.orders(self.account.customer_id)

    @cached_property
    def records(self) -> ShopperRecords:
        """What wishes are resolved with."""
        parts = self._parts
        return ShopperRecords(
            self.account,
            self.orders,
            self._words,
            self._message.said,
            parts.actions,
            parts.clock(),
            parts.facts(self._words.locale),
        )

    @property
    def resolver(self) -> WishResolver | None:
        """Resolves their wishes; None while nobody is identified."""
        if self.customer_id is None:
            return None
        return WishResolver(self._parts.office, self.records, self._parts.names, self._pointer)

    def order(self, order_id: str) -> PlacedOrder | None:
        """Their order of this number."""
        return next((one for one in self.orders if one.order_id == order_id), None)

    def identify(
        self, wish: Wish, memory: ActionMemory, answers: ActionAnswers
    ) -> tuple[ActionMemory, ComposedAnswer | None]:
        """The memory after it; an answer where they are not known well enough for the wish."""
        texts = self._message.said
        if self.customer_id is None:
            first = not {"email", "name"} & set(memory.asks)
            who = self._message.query.who
            found = self._signed_in or self._parts.finder.find(texts if first else texts[:2], who)
            if isinstance(found, CustomerAccount):
                self.customer_id = found.customer_id
                memory = replace(memory, customer_id=found.customer_id)
            elif found == "wait" or memory.failed_identity >= MAX_ASKED:
                return memory, answers.give_up(memory)
            else:
                memory = _failed(memory)
                return memory, answers.ask_who(memory, wish, missed=found == "missed")
        # What was told counts for all of the talk; being signed in only as long as the shop says.
        told = {*memory.told, *self._told(memory, texts)} - {SIGNED_IN}
        if self._signed_in and self._signed_in.customer_id == self.account.customer_id:
            told.add(SIGNED_IN)
        memory = replace(memory, told=tuple(sorted(told)))
        if self._parts.rules.suffices(None, told):
            return memory, None
        return self.one_thing_more(wish, memory, answers)

    @cached_property
    def _signed_in(self) -> CustomerAccount | None:
        """The account of who is signed in at the shop."""
        customer, office = self._message.query.place.customer, self._parts.office
        if customer is None:
            return None
        by_email = office.customer_by_email(customer) if "@" in customer else None
        return by_email or office.customer(customer)

    def may(self, call: ActionCall, memory: ActionMemory) -> bool:
        """Whether they are known well enough for a call: where goods go to a place that is not
        theirs already, who asks has to be surer to be them.
        """
        action = self._parts.actions[call.name]
        address = call.arguments.get("address")
        elsewhere = action.moves_parcel and full(address or {}) not in self._places()
        return self._parts.rules.suffices(action if elsewhere else None, set(memory.told))

    def _places(self) -> list[dict[str, str]]:
        """Where goods of theirs go already."""
        return [full(one) for one in (self.account.address, *self._shipped_to())]

    def _shipped_to(self) -> Iterator[Mapping[str, str]]:
        return (order.shipping_address for order in self.orders)

    def one_thing_more(
        self, wish: Wish, memory: ActionMemory, answers: ActionAnswers
    ) -> tuple[ActionMemory, ComposedAnswer]:
        """Ask who they are once more, a few times."""
        memory = _failed(memory)
        if memory.failed_identity > MAX_ASKED:
            return memory, answers.give_up(memory)
        return memory, answers.ask_who_more(memory, wish)

    def _told(self, memory: ActionMemory, texts: Sequence[str]) -> set[str]:
        """The facts they told; a number that the clerk had named before proves nothing."""
        told = self._parts.finder.told(self.account, self.orders, texts)
        if memory.numbers_shown and "number" not in memory.told:
            told.discard("number")
        return told

    def names_an_order(self, answer: ComposedAnswer) -> bool:
        """Whether an answer names an order of theirs."""
        if self.customer_id is None:
            return False
        shown = " ".join([answer.text, *(choice.title for choice in answer.choices)])
        return any(order.order_id in shown for order in self.orders)


def _failed(memory: ActionMemory) -> ActionMemory:
    return replace(memory, failed_identity=memory.failed_identity + 1)
