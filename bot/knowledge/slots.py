"""Slot filling: orders, facts and products into a reply, or what to ask for first; no guesses."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from bot.knowledge.product_answers import ProductAnswers
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.reply_book_cache import BookReply
from bot.knowledge.source import AskBack, Composed, KnowledgeQuery, NeedsPerson, ProductNote
from bot.languages import Phrases, pack_in, phrases_in, read_price
from bot.messages import Card, OrderShown, OrderStep
from feedback.knowledge import SLOT
from feedback.sales import Orders, OrderView

log = structlog.get_logger()

PRODUCTS: Final = "products"
# Five tries find any typing mistake; more would let a stranger try e-mails on a number.
MAX_FAILED_LOOKUPS: Final = 5


class SlotFiller:
    """Fills replies for one shop."""

    def __init__(
        self,
        *,
        facts: Callable[[str], dict[str, str]],
        orders: Orders,
        products: ProductSearch,
        clock: Callable[[], datetime],
    ) -> None:
        """`facts` gives the shop's facts in a language."""
        self._clock = clock
        self._facts = facts
        self._orders = orders
        self._answers = ProductAnswers(products)

    def fill(self, reply: BookReply, query: KnowledgeQuery) -> Composed | AskBack | NeedsPerson:
        """Fill every slot of `reply`, or say why not; its language is that of every value."""
        slots = set(SLOT.findall(reply.text))
        values: dict[str, str] = {}
        shown: OrderShown | None = None
        if any(slot.startswith("order.") for slot in slots):
            order = self._order(query, reply.locale)
            if not isinstance(order, OrderView):
                return order
            values |= order_values(order, reply.locale)
            shown = order_shown(order, reply.locale)
        if any(slot.startswith("policy.") for slot in slots):
            facts = self._facts(reply.locale)
            values |= {f"policy.{name}": value for name, value in facts.items()}
        cards: tuple[Card, ...] = ()
        note, missed = None, ""
        if PRODUCTS in slots:
            wish = self._answers.wish(query)
            found = self._answers.found(wish, query)
            if not found.cards:
                return AskBack(phrases_in(reply.locale).no_products, wish=wish)
            cards, values[PRODUCTS] = found.cards, ""
            note = ProductNote(tuple(each.product_id for each in found.products), wish)
            missed = self._answers.missed(found, wish, reply.locale)
        if missing := sorted(slots - values.keys()):
            log.warning("slot.unfilled", reply_id=reply.reply_id, slots=missing)
            return NeedsPerson("missing_fact")
        text = missed or SLOT.sub(lambda slot: values[slot.group(1)], reply.text).strip()
        return Composed(text, cards, note=note, order=shown)

    def _order(self, query: KnowledgeQuery, locale: str) -> OrderView | AskBack | NeedsPerson:
        failed, who = query.failed_lookups, query.who
        if failed >= MAX_FAILED_LOOKUPS:
            return NeedsPerson("order_needs_person")
        words = phrases_in(locale)
        number, email = query.told_of_order()
        if number is None or email is None:
            return _question(words, number, email)
        # Tried too often, from whatever dialogue: a stranger opens a new one for each try.
        with self._orders.one_guess_at_a_time(who):
            if self._orders.tried_too_often(number, email, who, self._clock()):
                return NeedsPerson("order_needs_person")
            if (order := self._orders.look_up(number, email)) is not None:
                return order
            self._orders.note_failed_lookup(number, email, who, self._clock())
        if failed + 1 >= MAX_FAILED_LOOKUPS:
            return NeedsPerson("order_needs_person")
        # Never which of the two is wrong: that would tell a stranger which orders exist.
        return AskBack(words.not_found, failed=True, asks=("order_number", "email"))


def needs_order(reply: BookReply) -> bool:
    """Whether a reply speaks of one order."""
    return "{order." in reply.text


def order_values(order: OrderView, locale: str) -> dict[str, str]:
    """How an order's facts read inside a sentence."""
    pack = pack_in(locale)
    words = pack.phrases
    return {
        "order.number": order.number,
        "order.status": words.status_words.get(order.status, order.status),
        "order.placed_on": pack.show_date(order.placed_at),
        "order.total": read_price(*order.paid),
        "order.items": pack.list_separator.join(
            f"{item.quantity} × {item.title or item.product_id}" for item in order.items
        ),
        "order.refunded": (
            " + ".join(read_price(*amount) for amount in order.returned) or words.nothing_refunded
        ),
        "order.tracking": order.tracking or words.no_tracking,
    }


# The states an order goes through when all is well, each the step that it has reached.
STEPS: Final = ("pending", "paid", "shipped", "delivered")


def order_shown(order: OrderView, locale: str) -> OrderShown:
    """An order as a card."""
    pack, words = pack_in(locale), phrases_in(locale)
    reached = STEPS.index(order.status) if order.status in STEPS else None
    tracking = order.tracking or ""
    return OrderShown(
        number=order.number,
        status=words.status_words.get(order.status, order.status),
        placed_on=pack.show_date(order.placed_at),
        total=read_price(*order.paid),
        items=tuple(f"{item.quantity} × {item.title or item.product_id}" for item in order.items),
        steps=tuple(
            OrderStep(title, number <= reached) for number, title in enumerate(words.order_steps)
        )
        if reached is not None
        else (),
        tracking=tracking,
        tracking_url=tracking if tracking.startswith(("https://", "http://")) else "",
    )


def _question(words: Phrases, number: str | None, email: str | None) -> AskBack:
    if number is not None:
        return AskBack(words.ask_email, asks=("email",))
    if email is not None:
        return AskBack(words.ask_number, asks=("order_number",))
    return AskBack(words.ask_both, asks=("order_number", "email"))
