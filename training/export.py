"""Writes a version: one SavedModel with weights, text handling and reply book inside."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf

from serving import contract
from training.calibrate import Calibration, confidence, confidence_features
from training.config import ModelConfig, TrainConfig
from training.corpus import to_features
from training.model import Encoder

MOST_RANKED: Final = 10  # replies in an answer: the clerk offers three, measures look at five
EXTRA: Final = "assets.extra"  # the model server leaves this folder alone
LINEAGE: Final = "lineage.json"
CARD: Final = "model_card.md"

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fitted:
    """All a version consists of, before it is written."""

    encoder: Encoder
    reply_ids: tuple[str, ...]
    text_vectors: Array  # float32 [R+1,D], zeros where a reply has no text; row 0: no reply fits
    own_vectors: Array  # float32 [R+1,D]
    calibration: Calibration
    model: ModelConfig
    train: TrainConfig


class Servable(tf.Module):  # type: ignore[misc]
    """What the model server loads; only core operations, so that the stock one can."""

    def __init__(self, fitted: Fitted) -> None:
        super().__init__()
        self.encoder = fitted.encoder
        self.weights_ = [v.value for v in fitted.encoder.trainable_variables]  # the same
        self.config = fitted.model
        self.calibration = fitted.calibration
        book = fitted.text_vectors + fitted.own_vectors
        self.nothing = tf.Variable(book[:1], trainable=False)
        self.book = tf.Variable(book[1:], trainable=False)
        self.own = tf.Variable(fitted.own_vectors, trainable=False)  # for the next training
        self.reply_ids = tf.constant(fitted.reply_ids, tf.string)
        self.shown = min(MOST_RANKED, len(fitted.reply_ids))

    def embed(self, text: Any) -> dict[str, Any]:
        """Unit vectors of texts; a lone clerk's turn is embedded as a reply."""
        return {contract.VECTOR: self.encoder(to_features(text, self.config))}

    def rank(self, dialogue: Any) -> dict[str, Any]:
        """The best replies, best first, and how likely the first is right."""
        vectors = self.encoder(to_features(dialogue, self.config))
        scale = self.config.scale
        scores = scale * tf.matmul(vectors, self.book, transpose_b=True)
        nothing = scale * tf.matmul(vectors, self.nothing, transpose_b=True)
        best, places = tf.math.top_k(scores, self.shown)
        features = confidence_features(scores, nothing)
        return {
            contract.REPLY_ID: tf.gather(self.reply_ids, places),
            contract.SCORE: best,
            contract.CONFIDENCE: confidence(features, self.calibration),
        }


def save(fitted: Fitted, folder: Path, *, scores: Mapping[str, Any], card: str) -> None:
    """Write a complete version into `folder`."""
    servable = Servable(fitted)
    rank = tf.function(servable.rank).get_concrete_function(
        tf.TensorSpec([None], tf.string, name=contract.DIALOGUE)
    )
    embed = tf.function(servable.embed).get_concrete_function(
        tf.TensorSpec([None], tf.string, name=contract.TEXT)
    )
    signatures = {
        contract.RANK: rank,
        contract.DEFAULT_SIGNATURE: rank,
        contract.EMBED: embed,
    }
    tf.saved_model.save(servable, str(folder), signatures=signatures)
    extra = folder / EXTRA
    extra.mkdir(exist_ok=True)
    lineage = {
        "model": asdict(fitted.model),
        "train": asdict(fitted.train),
        "reply_ids": list(fitted.reply_ids),
        "scores": dict(scores),
    }
    (extra / LINEAGE).write_text(json.dumps(lineage, ensure_ascii=False, indent=1) + "\n")
    (extra / CARD).write_text(card)
