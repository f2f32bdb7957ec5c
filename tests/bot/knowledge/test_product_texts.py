"""A product's facts: the sentence of its description that answers, or a variant's value."""

import numpy as np
import pytest

from bot.knowledge.catalogue_source import CatalogueSource
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.product_texts import ProductTexts
from bot.knowledge.source import KnowledgeQuery, NeedsPerson
from bot.messages import Place
from feedback.dialogues import Focus
from serving.keyword_search import terms
from serving.ranker import RankerUnavailable
from tests.bot.shop import NOON, product

BODY = "A roomy pack for long days. The zips are covered against rain.\n• Machine washable\n• 820 g"


class WordVectors:
    """A model that knows words alone: texts that share none stand at right angles."""

    def __init__(self):
        self.away, self.asked = False, 0
        self.words = {}

    def embed(self, texts, *, label):
        """Unit vectors, a direction for each word's first letters."""
        self.asked += 1
        if self.away:
            raise RankerUnavailable("nobody there")
        vectors = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                vectors[row, self.words.setdefault(term[:4], len(self.words)) % 64] = 1.0
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def model():
    return WordVectors()


@pytest.fixture
def texts(shop, model):
    shop.catalogue.put_products(
        [product("summit-pack", "Summit Pack", "顶峰包", ({}, "82", 3))._replace(body=BODY)], NOON
    )
    return ProductTexts(ProductSearch(shop.catalogue, public_url="https://shop.example/"), model)


def query(text, **more):
    return KnowledgeQuery([text], text, "en", **more)


def answered(texts, asked):
    ranking = texts.rank(asked)
    return texts.compose(ranking.candidates[0].id, asked) if ranking.candidates else None


class TestProductTexts:
    def test_quote_the_sentence_that_answers_behind_the_name(self, texts):
        """An item of a list is a sentence; the source is the product's page."""
        said = answered(texts, query("can i machine wash the summit pack"))

        assert "Summit Pack: “Machine washable”" == said.text
        assert ["Machine washable"] == [each.text for each in said.citations]
        assert ["summit-pack"] == [card.product_id for card in said.products]

    def test_go_on_with_the_product_spoken_of(self, texts):
        """ "Is it machine washable" after it was shown."""
        focus = Focus(topic="products", product_id="summit-pack", on_products=True)

        assert "Machine washable" in answered(texts, query("machine washable?", focus=focus)).text

    @pytest.mark.parametrize("text", ["is it machine washable", "how heavy is it"])
    def test_speak_of_the_product_whose_page_is_looked_at(self, texts, text):
        """Where the turn points at it; what the shop does for everybody is no fact of it."""
        page = Place("/products/summit-pack")

        assert answered(texts, query(text, place=page)).text.startswith("Summit Pack: “")
        assert answered(texts, query("how long does delivery take", place=page)) is None

    def test_say_nothing_that_the_description_does_not(self, texts):
        """Nor of a product that nobody named."""
        assert answered(texts, query("does the summit pack come with a rain coat hook")) is None
        assert answered(texts, query("is it machine washable")) is None

    def test_keep_the_catalogue_from_guessing_by_words(self, texts, shop):
        """What the model does not find in the description is not guessed at, but said to lack."""
        asked = query("does the summit pack come with a rain hook for lamps")
        products = ProductSearch(shop.catalogue, public_url="https://shop.example/")
        source = CatalogueSource(products, descriptions=texts)

        said = source.compose(source.rank(asked).candidates[0].id, asked)

        assert isinstance(said, NeedsPerson)
        assert "The description of Summit Pack doesn't say." == said.text
        assert texts.tells(products.index().product("summit-pack"), asked) is False

    def test_tell_a_measure_of_what_is_named_by_a_part_of_its_title(self, texts):
        """ "How much": no price is asked for; what a number answers is told by one."""
        said = answered(texts, query("how heavy is the summit"))

        assert "Summit Pack: “820 g”" == said.text

    def test_are_silent_in_the_holdout_and_without_words_to_look_for(self, texts, model):
        """Nobody asks the model there."""
        assert () == texts.rank(query("machine wash the summit pack", label=None)).candidates
        assert () == texts.rank(query("the summit pack")).candidates
        assert 0 == model.asked

    def test_are_silent_while_the_model_is_away(self, texts, model):
        """And soon stop asking."""
        model.away = True

        for _ in range(20):
            assert () == texts.rank(query("machine wash the summit pack")).candidates
        assert model.asked < 20

    def test_tell_a_value_without_the_model(self, texts, model):
        """The catalogue knows it."""
        said = answered(texts, query("what does the summit pack cost"))

        assert said.text.startswith("Summit Pack costs ")
        assert 0 == model.asked
