"""The folder of a run gives back what it was given."""

from feedback.knowledge.importers.records import ReplyLine
from tests.factories import make_product
from training.jobs.run_folder import RunData, RunFolder
from training.starter.own_texts import SpokenText


class TestData:
    def test_products_keep_their_titles_in_every_language(self, tmp_path):
        """As typed values, not as JSON's lists."""
        product = make_product(variants=())
        data = RunData(
            replies=[ReplyLine("hello", "Hello!")], products=[product], chosen=[],
            learn=[], frozen=[], newest=[], texts=[SpokenText("shopper", "hi")], said={}, about={},
        )  # fmt: skip
        folder = RunFolder(tmp_path, "run-1")
        folder.keep(data)

        assert data == folder.data()
