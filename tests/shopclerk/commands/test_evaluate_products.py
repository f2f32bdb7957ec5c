"""Questions about a catalogue are answered as in the chat, and cite the product."""

import csv

import numpy as np
import pytest

from bot.knowledge import KnowledgeQuery
from feedback.knowledge import BadLine
from serving.keyword_search import terms
from shopclerk.commands.evaluate_products import opened_catalogue

HEADER = ("Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Variant Price",
          "Variant Inventory Tracker", "Variant Inventory Qty")  # fmt: skip
TENT = ("dome-tent", "Dome Tent", "<p>Sleeps two. Packs down to 40 cm.</p>")
ROWS = [(*TENT, "Color", "Moss", "240.00", "shopify", "3"),
        ("dome-tent", "", "", "", "Clay", "250.00", "shopify", "0")]  # fmt: skip


class SharedWords:
    """A model under which texts are alike that share words."""

    def embed(self, texts, *, label):
        """A direction for each word."""
        words = {word: place for place, word in enumerate({t for x in texts for t in terms(x)})}
        vectors = np.zeros((len(texts), len(words) + 1), np.float32)
        for row, text in enumerate(texts):
            vectors[row, [words[term] for term in terms(text)]] = 1.0
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def folder(tmp_path):
    with (tmp_path / "camp.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    return tmp_path


def answered(folder, question):
    bad: list[BadLine] = []
    with opened_catalogue(folder, SharedWords(), bad) as catalogue:
        return *catalogue.answer(KnowledgeQuery([question], question, "en")), bad


class TestCatalogueExam:
    def test_cites_the_product_that_is_spoken_of(self, folder):
        """With the sentence alone, as it is written."""
        answers, score, bad = answered(folder, "how far does the dome tent pack down")

        assert [
            {"source": "products/camp.csv#dome-tent", "text": "Packs down to 40 cm."}
        ] == answers
        assert score > 0.7
        assert [] == bad

    def test_tells_the_value_of_a_variant(self, folder):
        """Its options stand in the answer."""
        (answer,), _, _ = answered(folder, "dome tent in clay price")

        assert "Dome Tent (Clay) costs $250.00." == answer["text"]

    def test_is_silent_where_no_product_is_meant(self, folder):
        """And names an empty folder."""
        assert [] == answered(folder, "where is my parcel")[0]

        nobody = folder / "empty"
        nobody.mkdir()
        assert [nobody] == [line.path for line in answered(nobody, "dome tent price")[2]]
