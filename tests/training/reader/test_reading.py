"""The reader that ships, as a version exports it."""

import numpy as np
import pytest
import tensorflow as tf

from serving import contract
from serving.passage_search import HINTS, PassageIndex, PassageText
from training.model import Reader, ReaderConfig
from training.reader.reading import ReadingModule
from training.reader.weights import ReaderCalibration, pack, unpack

pytestmark = pytest.mark.slow

PAGES = [
    PassageText(
        ("Help", "Shipping"),
        ("Parcels to Norway cost $9.", "Delivery to Norway takes 3 to 5 days.", "We use DHL."),
    ),
    PassageText(("Help", "Returns"), ("You may send goods back within 30 days.",)),
    PassageText(("Hilfe",), ("Wir sind gerne für Sie da.",)),
    PassageText(("退换货",), ("收到商品后7天内可以退货。", "退货运费由买家承担。")),
]


@pytest.fixture(scope="module")
def read():
    module = ReadingModule()
    graph = tf.function(module.read, input_signature=module.inputs(), autograph=False)
    count = sum(len(page.sentences) for page in PAGES)
    index = PassageIndex(PAGES, np.tile(np.array([1, 0], np.float32), (count, 1)))

    def ask(question, padding=0):
        found = index.search(question, np.array([0.5, 0], np.float32))
        rest = [""] * padding
        texts = [PAGES[each.passage].sentences[each.sentence] for each in found]
        said = graph(
            tf.constant([question]),
            tf.constant([[PAGES[each.passage].above(each.sentence) for each in found] + rest]),
            tf.constant([texts + rest]),
            tf.constant([[each.hints for each in found] + [(0.0,) * HINTS] * padding], tf.float32),
        )
        shares = said[contract.PROBABILITY].numpy()[0]
        return dict(zip(texts, shares.tolist(), strict=False)), float(
            said[contract.NOTHING].numpy()[0]
        )

    return ask


class TestReading:
    @pytest.mark.parametrize(
        ("question", "answer"),
        [
            ("how long does delivery to Norway take", "Delivery to Norway takes 3 to 5 days."),
            ("what does shipping to Norway cost", "Parcels to Norway cost $9."),
            ("多久之内可以退货", "收到商品后7天内可以退货。"),
        ],
    )
    def test_finds_the_sentence_that_answers(self, read, question, answer):
        """Time is told from money, and in both languages."""
        shares, _ = read(question)

        assert answer == max(shares, key=lambda text: shares[text])

    def test_doubts_where_nothing_answers(self, read):
        """More than where something does."""
        _, silent = read("do you have a student discount")
        _, answered = read("how long does delivery to Norway take")

        assert silent > answered

    def test_gives_shares_of_one(self, read):
        """The sentences' and that of silence."""
        shares, nothing = read("how long does delivery to Norway take")

        assert sum(shares.values()) + nothing == pytest.approx(1.0, abs=1e-4)

    def test_reads_nothing_in_padding(self, read):
        """However many are asked side by side."""
        alone, silent = read("what does shipping to Norway cost")
        padded, silent_padded = read("what does shipping to Norway cost", padding=5)

        assert padded == pytest.approx(alone, abs=1e-3)
        assert silent_padded == pytest.approx(silent, abs=1e-3)


class TestWeights:
    def test_come_back_as_they_were_packed(self, tmp_path):
        """The table within half a step of 127, the rest within a thousandth."""
        reader = Reader(ReaderConfig(buckets=128))
        reader.build()
        pack(reader, ReaderCalibration(0.5, 1.0, 2.0), tmp_path / "reader.npz")

        found, calibration = unpack(tmp_path / "reader.npz")

        table = found.table.numpy() * found.scales.numpy()
        assert np.abs(table - reader.table.numpy()).max() < 0.05 / 127
        assert (0.5, 1.0, 2.0) == calibration
        rest = [v for v in reader.trainable_variables if v is not reader.table]
        for before, after in zip(rest, found.trainable_variables, strict=True):
            np.testing.assert_allclose(before.numpy(), after.numpy(), atol=2e-3)
