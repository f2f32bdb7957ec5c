"""Opening of a chat: a greeting that knows the page, and questions to begin with."""

import re
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from bot.languages import phrases_in

PageKind = Literal["product", "basket", "order", "other"]

MOST_PROMPTS: Final = 3  # the language's last one asks for a person, as a button of the chat does

# Addresses as Shopify, WooCommerce and the usual shops have them.
_BASKET: Final = re.compile(r"/(?:cart|basket|bag|checkouts?|kasse|warenkorb)\b", re.IGNORECASE)
_ORDER: Final = re.compile(
    r"/(?:orders?|order-(?:status|received|tracking)|my-account|account|thanks?|thank[-_]you"
    r"|track(?:ing)?|returns?)\b",
    re.IGNORECASE,
)


class Prompt(NamedTuple):
    """A question to begin with: what its button says, and what is asked."""

    title: str
    text: str


class Opening(NamedTuple):
    """What a chat begins with."""

    greeting: str
    prompts: tuple[Prompt, ...]


def open_chat(shop: str, locale: str, *, page: str | None, product: str | None) -> Opening:
    """The opening for a page; `product` is the title of the one that the page shows."""
    words = phrases_in(locale)
    kind = page_kind(page, is_product=product is not None)
    greeting = words.greeting_product if product else words.greeting
    prompts = words.prompts[:MOST_PROMPTS] if kind == "other" else words.prompts_at[kind]
    return Opening(
        greeting.format(shop=shop, title=product), tuple(Prompt(*each) for each in prompts)
    )


def page_kind(page: str | None, *, is_product: bool) -> PageKind:
    """Which kind of page an address is.

    >>> page_kind("https://shop.example/orders/1001?key=x", is_product=False)
    'order'
    >>> page_kind("https://shop.example/checkouts/cn/1", is_product=False)
    'basket'
    """
    if is_product:
        return "product"
    path = urlsplit(page).path if page and page.isprintable() else ""
    if _ORDER.search(path):
        return "order"
    return "basket" if _BASKET.search(path) else "other"
