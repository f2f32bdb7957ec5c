"""Resolves a turn about products against the dialogue: what "it", "under 50" and "cheaper" mean.

Pure but for the index.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_questions import Extreme, ProductQuestion, kinds_said
from bot.knowledge.search_terms import query_words
from bot.languages import pack_in
from bot.messages import Place
from feedback.dialogues import Focus, ProductWish

CENT: Final = Decimal("0.01")


def meant(
    question: ProductQuestion, focus: Focus, index: ProductIndex, place: Place
) -> list[IndexedProduct]:
    """The products a turn speaks of: named, counted off, spoken of before, the page's; or none."""
    if question.named:
        return list(question.named)
    shown = known(focus.shown, index)
    if question.extreme is not None and len(shown) > 1:
        return [extreme_of(shown, question.extreme)]
    if (one := pointed_out(question, shown)) is not None:
        return [one]
    if question.only:
        return list(question.only)
    if question.ordinal is not None and len(shown) > 1:
        return shown[question.ordinal :][:1]
    here = index.product(focus.product_id)
    if here is None and not focus.shown:
        here = index.at(place.page)
    return [here] if here is not None else []


def kept_to_it(
    question: ProductQuestion, focus: Focus, index: ProductIndex, place: Place
) -> ProductQuestion:
    """A turn that asks what "it" is or does, as a question about what was spoken of or shown.

    In "does it fit the lamp" the lamp is part of the question, not what is asked about.
    """
    spoken_of = focus.product_id is not None or focus.shown or index.at(place.page) is not None
    if not question.of_it or not spoken_of:
        return question
    return replace(
        question,
        named=(),
        only=(),
        sold=(),
        rest=question.words,
        cue=None if question.cue == "others" else question.cue,
    )


def looks_for_another(question: ProductQuestion, target: IndexedProduct, locale: str) -> bool:
    """Whether a turn asks for something else than what is spoken of: "do you have parking".

    Where no spaces part words "have" may be said of the product: 有证书吗.
    """
    if not question.seeks or question.points or question.named or question.filters.narrows:
        return False
    if not pack_in(locale).language.spaced or not question.rest:
        return False
    # "Something to carry my camera in" is no camera.
    purpose = question.conditioned and not question.definite
    return purpose or not (target.words | target.kinds).intersection(question.rest)


def pointed_out(
    question: ProductQuestion, shown: Sequence[IndexedProduct]
) -> IndexedProduct | None:
    """The one of the products shown that a turn's words call: "the blanket", "the folding one"."""
    words = set(question.rest if question.definite else question.sold)
    called = [entry for entry in shown if words & (entry.words | entry.kinds)]
    return called[0] if len(called) == 1 and len(shown) > 1 else None


def extreme_of(shown: Sequence[IndexedProduct], extreme: Extreme) -> IndexedProduct:
    """The cheapest or dearest of the products shown: "the cheaper of them"."""
    pick = min if extreme == "cheapest" else max
    return pick(
        shown, key=lambda entry: min(offer.price for offer in entry.offers or entry.variants)
    )


def known(product_ids: Sequence[str], index: ProductIndex) -> list[IndexedProduct]:
    """Those of the products that are still for sale."""
    return [entry for each in product_ids if (entry := index.product(each)) is not None]


def narrows(question: ProductQuestion, focus: Focus, index: ProductIndex, place: Place) -> bool:
    """Whether a turn narrows the last wish or leads on from what was shown, and asks nothing new.

    "that one for my dad but under 50" does, "socks under 50" does not. On a product's page that
    product was shown.
    """
    nothing_shown = focus.wish is None and not focus.shown and focus.product_id is None
    if nothing_shown and index.at(place.page) is None:
        return False
    if question.named or question.sold or (question.extreme and len(focus.shown) > 1):
        return False
    return question.filters.narrows or question.cue in ("cheaper", "dearer", "others")


def with_what_was_asked(
    question: ProductQuestion, product: IndexedProduct, focus: Focus
) -> ProductQuestion:
    """A question about a variant, with the colour or size that was asked of the product before.

    "in black?", then "and in L?": black in L.
    """
    said = question.filters
    if product.product_id != focus.product_id or not (said.colours or said.sizes):
        return question
    filters = replace(
        said,
        colours=said.colours or frozenset(focus.colours),
        sizes=said.sizes or frozenset(focus.sizes),
    )
    return replace(question, filters=filters)


def wish_of(
    question: ProductQuestion, focus: Focus, index: ProductIndex, locale: str, place: Place
) -> ProductWish:
    """What is looked for now: a new wish, or the last one narrowed by what this turn says."""
    said = question.filters
    new = ProductWish(said.words, said.low, said.high, (*said.colours,), (*said.sizes,))
    if narrows(question, focus, index, place):
        return _narrowed(new, question, focus, index, place)
    if focus.on_products and focus.wish is not None and not question.wanted:
        return _with_words(new, question, focus.wish, index, locale)
    return new


def _narrowed(
    new: ProductWish, question: ProductQuestion, focus: Focus, index: ProductIndex, place: Place
) -> ProductWish:
    old = focus.wish or ProductWish()
    seen = known(focus.shown, index) or meant(question, focus, index, place)
    if not old.words and seen:
        old = replace(old, words=seen[0].category)
    wish = replace(
        old,
        low=new.low or (old.low if new.high is None else None),
        high=new.high or (old.high if new.low is None else None),
        colours=new.colours or old.colours,
        sizes=new.sizes or old.sizes,
    )
    prices = [offer.price for entry in seen for offer in entry.variants]
    # Of the same kind; what else was wished for may have none cheaper.
    kind = seen[0].category if len({entry.category for entry in seen}) == 1 else old.words
    seen_ids = tuple(entry.product_id for entry in seen)
    match question.cue:
        case "cheaper" if prices and new.high is None:
            return replace(
                wish,
                words=kind,
                high=min(prices) - CENT,
                low=None,
                without=seen_ids,
                than="cheaper",
            )
        case "dearer" if prices and new.low is None:
            return replace(
                wish, words=kind, low=max(prices) + CENT, high=None, without=seen_ids, than="dearer"
            )
        case "others":
            return replace(wish, without=(*old.without, *focus.shown))
        case _:
            return wish


def _with_words(
    new: ProductWish, question: ProductQuestion, old: ProductWish, index: ProductIndex, locale: str
) -> ProductWish:
    """The new words beside the old ones, where something has all of them: "in wool"."""
    before = index.corrected(query_words(old.words, locale)) or kinds_said(old.words, index)
    if not before or not question.sold or not index.have_all([*before, *question.sold]):
        return new
    plain = bool(query_words(new.words, locale))
    return replace(
        old,
        words=f"{old.words} {new.words}" if plain else " ".join([*before, *question.sold]),
        low=new.low or old.low,
        high=new.high or old.high,
        colours=new.colours or old.colours,
        sizes=new.sizes or old.sizes,
    )
