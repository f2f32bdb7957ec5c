"""Back in stock: hears who wants to be told of a product, and tells them when it is there again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.actions.tokens import find, tokens
from bot.actions.words import ActionWords
from bot.conversation import ComposedAnswer, IncomingMessage
from bot.messages import ReplyDetails
from feedback.actions import StockNotices
from feedback.dialogues import ActionMemory


class StockedProduct(NamedTuple):
    """A product of the catalogue, as far as a notice needs it."""

    product_id: str
    title: Callable[[str], str]  # by language
    names: Sequence[str]  # in every language
    in_stock: bool


Stock = Callable[[], Mapping[str, StockedProduct]]


def take_notice(
    message: IncomingMessage,
    words: ActionWords,
    memory: ActionMemory,
    notices: StockNotices,
    stock: Mapping[str, StockedProduct],
) -> ComposedAnswer | None:
    """What to say to who wants to be told of a product; None: it is about another thing."""
    asked = "product" in memory.asks
    wants = re.search(words.speech.tell_me_when, message.text.lower()) is not None
    product = _named(message.text, stock)
    if not wants and not (asked and product):
        return None
    product = product or stock.get(message.memory.focus.product_id or "")
    if product is None:
        kept = replace(memory, asks=("product",), question=words.which_product)
        details = ReplyDetails(asks=("product",), about={"action": "tell_when_in_stock"})
        return _said("ask", words.which_product, message, kept, details)
    locale, done = message.query.locale, replace(memory, asks=(), question="")
    about = ReplyDetails(about={"action": "tell_when_in_stock", "product_id": product.product_id})
    title = product.title(locale)
    if product.in_stock:
        said = words.in_stock_now.format(product=title)
        return _said("answer", said, message, done, about)
    dialogue = message.dialogue
    notices.ask(
        dialogue.dialogue_id, dialogue.shopper_id, product.product_id, locale, dialogue.last_at
    )
    return _said("done", words.will_tell.format(product=title), message, done, about)


def _said(
    kind: str,
    text: str,
    message: IncomingMessage,
    memory: ActionMemory,
    details: ReplyDetails,
) -> ComposedAnswer:
    kept = replace(message.memory, pending_reply_id=None, action=memory)
    return ComposedAnswer(kind, text, kept, details=details)  # type: ignore[arg-type]


def _named(text: str, stock: Mapping[str, StockedProduct]) -> StockedProduct | None:
    """The product whose whole name stands in a text; of several the longest name's."""
    said = tokens(text)
    found = [
        (len(name), product)
        for product in stock.values()
        for name in product.names
        if find(tokens(name), said)
    ]
    return max(found, key=lambda each: each[0])[1] if found else None
