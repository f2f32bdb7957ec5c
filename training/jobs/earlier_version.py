"""What a re-export takes over from an earlier version: its encoder, vectors and lineage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from training.data import (
    LINEAGE,
    Pair,
    lineage,
)
from training.fitting import (
    Calibration,
    encoder_weights,
)
from training.model import DecoderConfig, Encoder, ModelConfig, TrainConfig
from training.reader import ReaderCalibration, ReadingModule, read_reading

Array = np.ndarray[Any, Any]


class CannotRefresh(ValueError):
    """A version does not say enough of itself to be made again without training."""

    def __init__(self, folder: Path, lacks: str) -> None:
        """Name what its lineage lacks."""
        super().__init__(
            f"version {folder.name} can not take in the reply book without training: its {LINEAGE}"
            f" lacks {lacks}. Train anew: shopclerk retrain"
        )


class Learned(NamedTuple):
    """What people said, as far as the store holds it now: who was erased is not in it."""

    pairs: Sequence[Pair]
    said: Mapping[str, int]  # see `training.data.vouched_words`


@dataclass(frozen=True)
class EarlierVersion:
    """An earlier version, read back. Rows are those of its book, row 0: no reply fits."""

    folder: Path
    model: ModelConfig
    train: TrainConfig
    calibration: Calibration
    reply_ids: tuple[str, ...]
    digests: Mapping[str, str]
    texts: Array  # float64 [R+1,D]: what is left of the book's vectors is exact only so
    own: Array  # float32 [R+1,D]
    exemplars: Array  # float32 [R+1,M,D]
    exemplar_weight: float
    product_ids: tuple[str, ...]
    product_vectors: Array  # float32 [P,D]
    encoder: Encoder
    reading: ReadingModule | None  # taught by the shop's feedback; None: the one that ships
    loaded: Any  # the SavedModel; its variables live as long as this does


def read_before(folder: Path) -> EarlierVersion:
    """Read a version with all it consists of.

    Raises:
        CannotRefresh: it was made by a program that wrote less of it down.
    """
    about = lineage(folder)
    try:
        train = {**about["train"], "decoder": DecoderConfig(**about["train"]["decoder"])}
        model = ModelConfig(**about["model"])
        calibration = Calibration(**about["calibration"])
        reply_ids, digests = tuple(about["reply_ids"]), about["texts"]
        weight, product_ids = float(about["exemplar_weight"]), tuple(about["product_ids"])
        given = TrainConfig(**train)
    except (KeyError, TypeError) as missing:
        raise CannotRefresh(folder, str(missing)) from missing
    loaded = tf.saved_model.load(str(folder))
    if not hasattr(loaded, "speller"):
        raise CannotRefresh(folder, "the words it knows")
    encoder = Encoder(model, given)
    encoder.build()
    for variable, value in zip(encoder.trainable_variables, encoder_weights(loaded), strict=True):
        variable.assign(value)
    own = loaded.own.numpy()
    book = np.concatenate([loaded.nothing.numpy(), loaded.book.vectors.numpy()])
    rows, width = len(reply_ids) + 1, model.dimensions
    nearest = loaded.recall.vectors.numpy().reshape(rows, -1, width)
    on_shelf = loaded.shelf.shelf.vectors.numpy() if product_ids else np.zeros((0, width), "f4")
    return EarlierVersion(
        folder=folder,
        model=model,
        train=given,
        calibration=calibration,
        reply_ids=reply_ids,
        digests=digests,
        texts=book.astype(np.float64) - own,
        own=own,
        exemplars=nearest,
        exemplar_weight=weight,
        product_ids=product_ids,
        product_vectors=on_shelf,
        encoder=encoder,
        reading=_reading(loaded, about),
        loaded=loaded,
    )


def _reading(loaded: Any, about: Mapping[str, Any]) -> ReadingModule | None:
    """The reader that its shop taught; None where it has the one that ships."""
    dials = about.get("reader")
    return None if dials is None else read_reading(loaded, ReaderCalibration(**dials))
