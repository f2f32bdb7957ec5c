"""Conditions of a wish that descriptions speak of: "something for a dark corner"."""

from typing import Final

from bot.knowledge.product_facts import best_sentence
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import MAX_CARDS, ProductSearch
from bot.knowledge.source import KnowledgeQuery

MOST_READ: Final = 12  # descriptions
HALF: Final = 0.5  # of the condition's words: fewer are met by chance


def products_telling(
    question: ProductQuestion, query: KnowledgeQuery, products: ProductSearch
) -> list[str]:
    """The products, by id, a sentence of whose description holds the condition's words.

    What a description denies ("toxic to cats") is not found by its words: see `indexed_product`.
    """
    index = products.index()
    asked = [word for word in question.rest if word not in question.sold]
    words = [word for word in asked if index.has(word)]
    wishes = question.conditioned or question.wanted or question.sells
    if not wishes or not words or len(words) < HALF * len(asked):
        return []
    weighed = index.by_words(words)
    found = []
    for number in sorted(weighed, key=lambda each: -weighed[each])[:MOST_READ]:
        entry = index.entries[number]
        if entry is None or not entry.fitting(question.filters):
            continue
        if not entry.words.union(entry.kinds).issuperset(question.sold):
            continue
        body = products.body(entry.product_id, query.locale)
        fact = best_sentence(asked, body, query.locale)
        if fact is not None and fact.share >= HALF:
            found.append(entry.product_id)
    return found[:MAX_CARDS]
