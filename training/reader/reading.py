"""The reader as a version exports it: raw strings in, the probability of each sentence out."""

from functools import cache
from typing import Any

import tensorflow as tf

from serving import contract
from serving.passage_search import LIKELY
from training.data import to_features
from training.model import AnswerLogits, ModelConfig, Reader
from training.reader.weights import ReaderCalibration, unpack


def calibrated(reading: AnswerLogits, hints: Any, dials: ReaderCalibration) -> Any:
    """The logits [B,S+1] that hold, "nothing here answers" last.

    Lessons are alike in what invented pages are not: how a sentence was found is worth more on real
    ones, so it counts a second time, by a dial of its own.
    """
    sentences = reading.sentences + dials.found * tf.add_n([hints[..., at] for at in LIKELY])
    return dials.sharpness * tf.concat([sentences, reading.nothing + dials.doubt], axis=1)


class ReadingModule(tf.Module):  # type: ignore[misc]
    """The reader that ships, the same in every version; or one that a shop's feedback taught."""

    def __init__(
        self, reader: Reader | None = None, calibration: ReaderCalibration | None = None
    ) -> None:
        super().__init__()
        shipped = unpack() if reader is None or calibration is None else (reader, calibration)
        self.reader, self.calibration = shipped
        self.weights_ = [variable.value for variable in self.reader.variables]
        config = self.reader.config
        self.config = ModelConfig(buckets=config.buckets, max_tokens=config.max_tokens)

    def read(self, dialogue: Any, above: Any, sentence: Any, hints: Any) -> dict[str, Any]:
        """How probably each sentence answers, and that none does; see `serving.contract`."""
        texts = tf.concat([dialogue, tf.reshape(above, [-1]), tf.reshape(sentence, [-1])], axis=0)
        there = tf.not_equal(sentence, "")
        reading = self.reader(to_features(texts, self.config), hints, there)
        shares = tf.nn.softmax(calibrated(reading, hints, self.calibration), axis=1)
        return {contract.PROBABILITY: shares[:, :-1], contract.NOTHING: shares[:, -1]}

    def inputs(self) -> list[Any]:
        """What `read` takes, in order."""
        hints = self.reader.config.hints
        return [
            tf.TensorSpec([None], tf.string, name=contract.DIALOGUE),
            tf.TensorSpec([None, None], tf.string, name=contract.ABOVE),
            tf.TensorSpec([None, None], tf.string, name=contract.SENTENCE),
            tf.TensorSpec([None, None, hints], tf.float32, name=contract.HINTS),
        ]


@cache
def reading_to_export() -> tuple[ReadingModule, Any]:
    """The reader that ships and its traced signature, made once: few trainings change either.

    Reading the file and tracing took a second of each training, book or refresh of a process.
    """
    return traced(ReadingModule())


def read_reading(loaded: Any, calibration: ReaderCalibration) -> ReadingModule:
    """The reader of a version that was loaded, which its shop's feedback taught."""
    reader = Reader(unpack()[0].config, whole=False)
    reader.build()
    for variable, value in zip(reader.variables, loaded.reading.weights_, strict=True):
        variable.assign(value)
    return ReadingModule(reader, calibration)


def traced(reading: ReadingModule) -> tuple[ReadingModule, Any]:
    """A reader with its signature."""
    signature = tf.function(reading.read, autograph=False)
    return reading, signature.get_concrete_function(*reading.inputs())
