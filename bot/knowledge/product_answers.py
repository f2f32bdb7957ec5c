"""Product answers, in words and cards: price, stock, options, a fact, a comparison, a search."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.knowledge.indexed_product import IndexedProduct, IndexedVariant
from bot.knowledge.product_facts import FactSentence, best_sentence
from bot.knowledge.product_focus import extreme_of, known, wish_of
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import FoundProducts, ProductSearch, price_of
from bot.knowledge.source import AskBack, Composed, KnowledgeQuery, NeedsPerson, ProductNote
from bot.languages import Phrases, named, pack_in, phrases_in, read_price
from bot.messages import Choice, Citation
from feedback.dialogues import ProductWish
from serving.ranker import Candidate

HALF: Final = 0.5  # of the words of a question: a sentence with fewer tells something else
NAME: Final = "products"  # of the source whose candidates these are


class ProductAnswers:
    """Words and cards, in the shopper's language."""

    def __init__(self, products: ProductSearch) -> None:
        """`products` has the index and the descriptions."""
        self._products = products

    def looked_for(self, wish: ProductWish, query: KnowledgeQuery) -> Composed | AskBack:
        """What fits a wish; what comes close, and which filter it does not meet; or a question."""
        words = phrases_in(query.locale)
        found = self.found(wish, query)
        before = query.focus.wish
        if not found.cards and wish.than is not None and before is not None and before.words:
            # Of the kind that was looked at there is none: of what was looked for at first.
            wish = replace(wish, words=before.words)
            found = self.found(wish, query)
        if not found.cards:
            return self._extreme(wish, query) or AskBack(words.no_products, wish=wish)
        text = self.missed(found, wish, query.locale) or words.found
        note = ProductNote(tuple(each.product_id for each in found.products), wish)
        return Composed(text, found.cards, note=note)

    def _extreme(self, wish: ProductWish, query: KnowledgeQuery) -> Composed | None:
        """Of what was seen the cheapest, where nothing cheaper is there; so for the dearest."""
        index, words = self._products.index(), phrases_in(query.locale)
        here = index.at(query.place.page)
        seen = known(query.focus.shown, index) or ([here] if here is not None else [])
        if wish.than is None or not seen:
            return None
        cheaper = wish.than == "cheaper"
        entry = extreme_of(seen, "cheapest" if cheaper else "dearest")
        offers = entry.offers or list(entry.variants)
        said = words.none_cheaper if cheaper else words.none_dearer
        text = said.format(title=entry.title_in(query.locale), price=price_of(offers, query.locale))
        card = self._products.card(entry, offers, query.locale)
        return Composed(text, (card,), note=ProductNote((entry.product_id,), wish))

    def popular(self, entries: Sequence[IndexedProduct], locale: str) -> Composed:
        """What is bought most, as cards."""
        cards = tuple(self._products.card(entry, entry.offers, locale) for entry in entries)
        note = ProductNote(tuple(entry.product_id for entry in entries))
        return Composed(phrases_in(locale).popular, cards, note=note)

    def suiting(self, entries: Sequence[IndexedProduct], query: KnowledgeQuery) -> Composed:
        """What suits a purpose, as cards; the purpose is the wish that the next turn narrows."""
        cards = tuple(self._products.card(entry, entry.offers, query.locale) for entry in entries)
        note = ProductNote(tuple(entry.product_id for entry in entries), self.wish(query))
        return Composed(phrases_in(query.locale).found, cards, note=note)

    def wish(self, query: KnowledgeQuery) -> ProductWish:
        """What a turn looks for, with what the dialogue's state adds."""
        index = self._products.index()
        question = self._products.question(query.texts[0], query.locale)
        return wish_of(question, query.focus, index, query.locale, query.place)

    def found(self, wish: ProductWish, query: KnowledgeQuery) -> FoundProducts:
        """What fits a wish, or comes close."""
        return self._products.look(
            wish, locale=query.locale, for_model=query.for_model, place=query.place
        )

    def missed(self, found: FoundProducts, wish: ProductWish, locale: str) -> str:
        """Which of a wish's filters nothing met; "" where all were."""
        if not found.unmet:
            return ""
        words = phrases_in(locale)
        currency = self._products.index().currency
        said = []
        if "colours" in found.unmet:
            said.append(words.in_colour.format(colours=_colours(wish.colours, locale)))
        if "sizes" in found.unmet:
            said.append(words.in_size.format(sizes=", ".join(sorted(wish.sizes))))
        if "price" in found.unmet:
            bound, phrase = (
                (wish.high, words.up_to) if wish.high is not None else (wish.low, words.at_least)
            )
            if bound is not None:
                said.append(phrase.format(price=read_price(bound, currency)))
        return words.close.format(wish=pack_in(locale).list_separator.join(said))

    def about(
        self, entry: IndexedProduct, act: str, question: ProductQuestion, locale: str
    ) -> Composed | NeedsPerson:
        """One product: what was asked of it, and its card."""
        words, title = phrases_in(locale), entry.title_in(locale)
        if question.numbers and any(variant.sizes for variant in entry.variants):
            sizes = question.filters.sizes.union(question.numbers)
            question = replace(question, filters=replace(question.filters, sizes=sizes))
        filters = question.filters
        note = ProductNote(
            (entry.product_id,), colours=(*filters.colours,), sizes=(*filters.sizes,)
        )
        citations: tuple[Citation, ...] = ()
        offers = entry.fitting(question.filters) or entry.offers or list(entry.variants)
        if act == "fact":
            body = self._products.body(entry.product_id, locale)
            fact = best_sentence(question.rest, body, locale, question.facts)
            if fact is None:
                return self.silent(entry, locale)
            text = words.described.format(title=title, sentence=fact.sentence)
            card = self._products.card(entry, offers, locale)
            citations = (Citation(NAME, entry.product_id, title, card.url, fact.sentence),)
        elif act == "price":
            text = words.costs.format(title=title, price=price_of(offers, locale))
        elif act in ("sizes", "colours"):
            text = _comes_in(entry, words, locale)
        elif act == "stock":
            text = _stock(entry, question, words, locale)
        else:
            text = words.shown.format(title=title, price=price_of(offers, locale))
            if not entry.offers:
                text = words.sold_out.format(title=title)
        return Composed(text, (self._products.card(entry, offers, locale),), citations, note)

    def which(self, entries: Sequence[IndexedProduct], act: str, locale: str) -> AskBack:
        """Which of several is meant, as buttons that ask the same of each."""
        choices = tuple(
            Choice(Candidate(f"{act}:{each.product_id}", 0.0, NAME).key, each.title_in(locale))
            for each in entries
        )
        return AskBack(phrases_in(locale).which_product, choices=choices, asks=("product",))

    def silent(self, entry: IndexedProduct, locale: str) -> NeedsPerson:
        """The description says nothing of what was asked; a person may know."""
        text = phrases_in(locale).not_described.format(title=entry.title_in(locale))
        return NeedsPerson("missing_fact", text, ProductNote((entry.product_id,)))

    def any_tells(
        self, entries: Sequence[IndexedProduct], question: ProductQuestion, locale: str
    ) -> bool:
        """Whether any of several products' descriptions tells what is asked for."""
        facts = [self._fact(entry, question, locale) for entry in entries]
        return any(fact is not None and fact.share >= HALF for fact in facts)

    def _fact(
        self, entry: IndexedProduct, question: ProductQuestion, locale: str
    ) -> FactSentence | None:
        body = self._products.body(entry.product_id, locale)
        return best_sentence(question.rest or ("",), body, locale, question.facts)

    def compared(
        self, entries: Sequence[IndexedProduct], question: ProductQuestion, locale: str
    ) -> Composed | NeedsPerson:
        """Several products next to each other: each one's sentence on the matter, or its price.

        Where a fact was asked for that no description tells, a person has to say.
        """
        words, lines = phrases_in(locale), []
        note = ProductNote(tuple(entry.product_id for entry in entries))
        facts = [self._fact(entry, question, locale) for entry in entries]
        told = [fact for fact in facts if fact is not None]
        for entry, fact in zip(entries, facts, strict=True):
            title, offers = entry.title_in(locale), entry.offers or list(entry.variants)
            if fact is not None:
                lines.append(words.described.format(title=title, sentence=fact.sentence))
            elif told or question.facts.told:
                lines.append(words.not_described.format(title=title))
            else:
                lines.append(words.costs.format(title=title, price=price_of(offers, locale)))
        if question.facts.told and not told:
            return NeedsPerson("missing_fact", " ".join(lines), note)
        cards = tuple(
            self._products.card(entry, entry.offers or list(entry.variants), locale)
            for entry in entries
        )
        return Composed("\n".join(lines), cards, note=note)


def _stock(entry: IndexedProduct, question: ProductQuestion, words: Phrases, locale: str) -> str:
    """Whether it is there: in the colour and size asked for, else at all."""
    title, filters = entry.title_in(locale), question.filters
    if filters.colours or filters.sizes:
        asked = entry.matching(filters)
        if there := [variant for variant in asked if variant.in_stock]:
            values = _values(there, locale)
            price = price_of(there, locale)
            return words.variant_in_stock.format(title=title, values=values, price=price)
        if asked:
            values = _values(asked, locale)
            said = words.variant_sold_out.format(title=title, values=values)
        else:
            values = pack_in(locale).list_separator.join(
                each for each in (_colours(filters.colours, locale), *sorted(filters.sizes)) if each
            )
            said = words.no_such_variant.format(title=title, values=values)
        return f"{said} {_whole_stock(entry, words, locale)}" if entry.offers else said
    return _whole_stock(entry, words, locale)


def _whole_stock(entry: IndexedProduct, words: Phrases, locale: str) -> str:
    title, offers = entry.title_in(locale), entry.offers
    if not offers:
        return words.sold_out.format(title=title)
    there = _values(offers, locale)
    if not there:
        return words.in_stock.format(title=title)
    said = words.in_stock_in.format(title=title, values=there)
    gone = _values([each for each in entry.variants if not each.in_stock], locale)
    return said + (words.also_sold_out.format(values=gone) if gone else "")


def _comes_in(entry: IndexedProduct, words: Phrases, locale: str) -> str:
    title = entry.title_in(locale)
    values = _values(entry.variants, locale) or _colours(entry.colours, locale)
    if not values:
        return words.shown.format(title=title, price=price_of(entry.variants, locale))
    gone = _values([each for each in entry.variants if not each.in_stock], locale)
    said = words.comes_in.format(title=title, values=values)
    return said + (words.also_sold_out.format(values=gone) if gone else "")


def _values(variants: Sequence[IndexedVariant], locale: str) -> str:
    """The variants by their options' values, each once."""
    each = dict.fromkeys(
        " / ".join(named(value, locale) for value in variant.values) for variant in variants
    )
    return pack_in(locale).list_separator.join(value for value in each if value)


def _colours(colours: Sequence[str] | frozenset[str], locale: str) -> str:
    return pack_in(locale).list_separator.join(named(colour, locale) for colour in sorted(colours))
