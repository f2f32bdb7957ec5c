"""Dialogue state: what a dialogue is about, as one typed value; pure, without the store.

"in blue?", "the second one", "how much is it" and "yes" mean nothing by themselves: they point at
what was shown, named, asked or offered last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal


@dataclass(frozen=True)
class ProductWish:
    """What the shopper looks for: words, and the filters that narrow them."""

    words: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    colours: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # products seen already, when others are asked for
    than: Literal["cheaper", "dearer"] | None = None  # than those seen, so the price is no option

    @property
    def narrows(self) -> bool:
        """Whether it names a price, a colour or a size."""
        return bool(self.low or self.high or self.colours or self.sizes)


@dataclass(frozen=True)
class Focus:
    """What the dialogue is about. Each answer makes the next one from it."""

    topic: str | None = None  # the key of the candidate that was said last
    product_id: str | None = None  # the product spoken of
    order_number: str | None = None  # the order spoken of
    on_products: bool = False  # whether the last answer was about products
    shown: tuple[str, ...] = ()  # the products of the last cards, in order
    wish: ProductWish | None = None  # the last one
    near: tuple[str, ...] = ()  # keys of the candidates that came next to the topic
    offered: tuple[str, ...] = ()  # keys of the candidates offered last, in order
    promised: str | None = None  # a reply that asked for details, for a colleague to act on
    colours: tuple[str, ...] = ()  # asked of the product spoken of
    sizes: tuple[str, ...] = ()

    def said(self, key: str) -> "Focus":
        """After a reply that speaks of no product; what was shown before is not forgotten."""
        return replace(self, topic=key, on_products=False, offered=(), promised=None)

    def showed(self, key: str, products: Sequence[str], wish: ProductWish | None = None) -> "Focus":
        """After products were shown, or one was spoken of: a single one is what "it" means."""
        only = products[0] if len(products) == 1 else None
        return replace(
            self,
            topic=key,
            on_products=True,
            product_id=only,
            shown=tuple(products),
            wish=wish or self.wish,
            offered=(),
            promised=None,
            colours=(),
            sizes=(),
        )

    def naming(self, product_id: str | None) -> "Focus":
        """With the product that was named while something else was asked; None leaves it be."""
        if product_id is None:
            return self
        return replace(self, product_id=product_id, shown=(product_id,), colours=(), sizes=())

    def looking_at(self, product_id: str) -> "Focus":
        """After its card was clicked: "it" means it; "the second one" counts on as shown."""
        return replace(self, product_id=product_id, on_products=True, colours=(), sizes=())

    def asked_for(self, colours: Sequence[str], sizes: Sequence[str]) -> "Focus":
        """With the colour and size that the product spoken of was asked for in."""
        return replace(self, colours=tuple(colours), sizes=tuple(sizes))

    def wishing(self, wish: ProductWish) -> "Focus":
        """After a search that found nothing: "max 50 please" narrows it."""
        return replace(self, on_products=True, product_id=None, shown=(), wish=wish)

    def asked(self, key: str) -> "Focus":
        """After a question for what a candidate needs."""
        return replace(self, topic=key, offered=())

    def beside(self, keys: Sequence[str]) -> "Focus":
        """With the candidates that came next to what was said: its neighbours in meaning."""
        return replace(self, near=tuple(keys))

    def offering(self, keys: Sequence[str]) -> "Focus":
        """After a question with buttons: "yes" and "the second one" point at them."""
        return replace(self, offered=tuple(keys))


NOTHING_YET: Final = Focus()
