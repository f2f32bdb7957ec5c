"""Our public pages: which language one is read in, and the shelves its products stand on."""

from typing import Final

from bot.languages.detect import normal_locale
from bot.languages.registry import PACKS, pack_in

# A catalogue's fine categories, gathered on the few shelves a visitor can take in at a glance. A
# category named nowhere here is a shelf of its own.
SHELVES: Final = {
    "Clothes": "Jackets Vests Sweaters Shirts T-Shirts Hoodies Dresses Trousers Socks Hats "
    "Scarves Shoes",
    "Bags": "Backpacks|Tote Bags|Messenger Bags|Travel Bags|Crossbody Bags|Laptop Sleeves|Wallets",
    "Home": "Mugs Teapots Lamps Blankets Cushions Candles Planters Kitchen Clocks Furniture "
    "Soap Stationery",
    "Outdoors": "Bottles|Tents|Sleeping Bags|Lanterns|Umbrellas|Camp Furniture",
}
SHELF_OF: Final = {
    category: shelf
    for shelf, written in SHELVES.items()
    for category in (written.split("|") if "|" in written else written.split())
}


def language_of(asked: str | None, accepted: str | None) -> str:
    """The language of a page: as asked for in the address, else as the browser prefers.

    >>> language_of(None, "zh-CN,zh;q=0.9,en;q=0.8"), language_of("en", "zh")
    ('zh', 'en')
    """
    written = f"{asked or ''},{accepted or ''}".split(",")
    wishes = (wish.partition(";")[0].strip() for wish in written)
    locales = (normal_locale(wish) for wish in wishes if wish)
    return next((locale for locale in locales if locale in PACKS), "en")


def page_words(locale: str) -> dict[str, str]:
    """What our public pages say in a language; English where a word is missing."""
    return {**pack_in("en").storefront, **pack_in(locale).storefront}


def page_tag(locale: str) -> str:
    """The language as a page declares it.

    >>> page_tag("zh"), page_tag("en")
    ('zh-CN', 'en')
    """
    return pack_in(locale).tag or locale


def shelf_of(category: str) -> str:
    """The shelf a category stands on."""
    return SHELF_OF.get(category, category)


def named(name: str, locale: str) -> str:
    """The name of a shelf, an option or a colour in a language; else as the catalogue writes it."""
    names = pack_in(locale).names
    return names.get(name) or names.get(name.lower(), name)
