"""Semantic product search: what suits a purpose, by the vectors of names and descriptions."""

import numpy as np
import pytest

from bot.knowledge.catalogue_source import CatalogueSource
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.product_texts import ProductTexts
from bot.knowledge.source import Composed, KnowledgeQuery
from serving.ranker import RankerUnavailable
from tests.bot.recommending import ScriptedRecommender
from tests.bot.shop import NOON, product

# What each of these words is about, as a model would have it.
ABOUT = {
    "rain": 0, "umbrella": 0, "dry": 0,
    "read": 1, "book": 1, "novel": 1,
    "cat": 2, "scratching": 2, "katze": 2, "猫": 2,
    "parking": 3, "plumber": 4,
}  # fmt: skip


class MeaningVectors:
    """A model that knows what some words are about; `away`: nobody answers."""

    def __init__(self):
        self.away = False

    def embed(self, texts, *, label):
        """Unit vectors, a direction for each matter; the last for none."""
        if self.away:
            raise RankerUnavailable("nobody there")
        vectors = np.zeros((len(texts), 6), np.float32)
        for row, text in enumerate(texts):
            about = [at for word, at in ABOUT.items() if word in text.casefold()]
            vectors[row, about or [5]] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def model():
    return MeaningVectors()


@pytest.fixture
def source(shop, model):
    """A shop whose shoppers say what they want things for."""
    sold = (
        ("gamp", "Walking Umbrella", "Keeps two people dry."),
        ("poncho", "Trail Cape", "Packs small. For days of rain."),
        ("tale", "The Long Harbour", "A novel of 300 pages."),
        ("post", "Sisal Post", "For scratching, 60 cm high."),
    )
    shop.catalogue.put_products(
        [product(id_, title, "", ({}, "20", 3))._replace(body=body) for id_, title, body in sold],
        NOON,
    )
    recommender = ScriptedRecommender()
    recommender.scores = {"tale": 0.4, "post": 0.3, "gamp": 0.2, "poncho": 0.1, "gone": 0.9}
    products = ProductSearch(
        shop.catalogue, public_url="https://shop.example/", recommender=recommender
    )
    return CatalogueSource(products, descriptions=ProductTexts(products, model))


def found(source, text, locale="en"):
    query = KnowledgeQuery([text], text, locale)
    ranking = source.rank(query)
    said = source.compose(ranking.candidates[0].id, query) if ranking.candidates else None
    return [card.product_id for card in said.products] if isinstance(said, Composed) else []


class TestMeanings:
    @pytest.mark.parametrize(
        ("text", "locale", "suits"),
        [
            ("something against the rain", "en", {"gamp", "poncho"}),
            ("i'd like something to read", "en", {"tale"}),
            ("do you have anything for my cat", "en", {"post"}),
            ("something to keep my sisal dry", "en", {"gamp", "poncho"}),
            ("有给猫玩的吗", "zh", {"post"}),
        ],
    )
    def test_a_purpose_is_found_in_what_products_are_for(self, source, text, locale, suits):
        """No word of it stands in a title; it may be in another language."""
        assert suits == set(found(source, text, locale))

    @pytest.mark.parametrize(
        "text", ["do you have parking", "i need a plumber", "what is the rain like today"]
    )
    def test_what_nothing_comes_near_or_nobody_looks_for_is_not_found(self, source, text):
        """The model recommends something to any turn."""
        assert [] == found(source, text)

    def test_what_the_shop_does_is_no_purpose(self, source):
        """A voucher for a reader is the reply book's."""
        assert [] == found(source, "do you have a discount code for people who read")

    def test_a_model_that_is_away_says_nothing(self, source, model):
        """Words alone decide."""
        model.away = True

        assert [] == found(source, "something against the rain")
