"""Facts on a card: who waits, what they see, bought and were promised. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.channels.slack.blocks import message_address
from bot.channels.slack.config import no_order_page
from bot.channels.slack.text import escape, escape_within
from bot.conversation import promise_of
from bot.languages import read_price
from feedback.db import DialogueTurn, Order
from feedback.desk import CardView
from feedback.files import KeptFile
from feedback.languages import language_in

MAX_TITLES: Final = 5  # of products in one line
MAX_FILES: Final = 8
SENTENCE: Final = re.compile(r"(?<=[.!?。！？])\s*")


@dataclass(frozen=True)
class CardLinks:
    """Where a card leads to."""

    workspace: str = ""  # Slack's address, for the shopper's thread
    desk: str = ""  # the page at /desk
    order_page: Callable[[str, str], str] = no_order_page  # an order's page in the shop's admin


def who_line(view: CardView) -> str:
    """Who waits, in a line that fits a phone."""
    earlier = view.shopper.earlier
    again = f"{earlier} dialogues before" if earlier > 1 else "one dialogue before"
    told = [
        f"Returning shopper, {again}" if earlier else "New shopper",
        language_in(view.locale).name,
    ]
    if view.seen:
        told.append(f"looks at {_title(view, view.seen)}")
    elif view.page:
        told.append(f"on {escape_within(view.page, 120)}")
    return " · ".join(told)


def more_facts(view: CardView, links: CardLinks) -> list[str]:
    """What a colleague looks up otherwise, a line each; none for what is not known."""
    memory = view.memory
    about = [f"order {escape_within(memory.focus.order_number, 40)}"] if (
        memory.focus.order_number) else []  # fmt: skip
    if memory.focus.product_id:
        about.append(_title(view, memory.focus.product_id))
    basket = [_title(view, each) for each in memory.basket[:MAX_TITLES]]
    if len(memory.basket) > MAX_TITLES:
        basket.append(f"{len(memory.basket) - MAX_TITLES} more")
    orders = [_order(order, links) for order in view.shopper.orders]
    lines = [
        ("About", " · ".join(about)),
        ("Page", escape_within(view.page, 300) if view.page and view.seen else ""),
        ("Basket", ", ".join(basket)),
        ("Orders", " · ".join(orders)),
        ("Promised", promised(view.turns, view.locale)),
        ("Files", files_words(view)),
    ]
    told = [f"*{name}:* {words}" for name, words in lines if words]
    return [*told, *([links_words] if (links_words := _links(view, links)) else [])]


def promised(turns: Sequence[DialogueTurn], locale: str) -> str:
    """The newest sentence that promises the shopper something of the staff; "" for none."""
    said = (turn.text for turn in reversed(turns) if turn.speaker in ("clerk", "staff"))
    sentences = (each for text in said for each in SENTENCE.split(text))
    found = next((each for each in sentences if each and promise_of(each, locale)), "")
    return escape_within(" ".join(found.split()), 200)


def files_words(view: CardView) -> str:
    """What was sent as files, with kind and size."""
    sent = [file for files in view.files.values() for file in files]
    told = [file_words(file) for file in sent[-MAX_FILES:]]
    return ", ".join([f"{len(sent) - MAX_FILES} earlier ones", *told] if len(sent) > MAX_FILES
                     else told)  # fmt: skip


def file_words(file: KeptFile) -> str:
    """A file's name, kind and size.

    >>> file_words(KeptFile("f", "d", "shopper", "c", "cup.jpg", "image/jpeg", 73_210, 640, 480))
    'cup.jpg (JPEG, 71 KB)'
    """
    kind = file.media_type.rpartition("/")[2].upper()
    size = (
        f"{file.size / 1024:.0f} KB" if file.size < 1024 * 1024 else f"{file.size / 2**20:.1f} MB"
    )
    return f"{escape_within(file.name, 80)} ({kind}, {size})"


def _title(view: CardView, product_id: str) -> str:
    return f"_{escape_within(view.titles.get(product_id, product_id), 80).replace('_', 'ˍ')}_"


def _order(order: Order, links: CardLinks) -> str:
    number = escape_within(order.number, 40)
    address = links.order_page(order.source, order.order_id)
    named = f"<{escape(address)}|{number}>" if address else number
    status = escape_within(order.status, 20)
    return f"{named} {status}, {read_price(order.total, order.currency)}"


def _links(view: CardView, links: CardLinks) -> str:
    dialogue = view.dialogue
    told = []
    if dialogue.channel == "slack":
        thread = message_address(links.workspace, dialogue.slack_channel, dialogue.thread_ts)
        told += [f"<{thread}|The shopper's thread>"] if thread else []
    told += [f"<{links.desk}|At the desk>"] if links.desk else []
    return " · ".join(told)
