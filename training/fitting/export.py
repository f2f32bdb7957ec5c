"""Export of a version: one SavedModel with weights, text handling and reply book inside."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from serving import contract
from training.data import CARD, EXTRA, LINEAGE, to_features
from training.fitting.calibrate import Calibration, confidence, confidence_features
from training.fitting.draft_quality import Drafter
from training.fitting.fit_product_vectors import NO_PRODUCTS, ProductLookup, Products
from training.heads import HeadLookup, Heads
from training.model import (
    EncodedDialogues,
    Encoder,
    Exemplars,
    Features,
    ModelConfig,
    QuantisedTable,
    Recall,
    Shortlist,
    Speller,
    TokenStates,
    TrainConfig,
    newest_alone,
    read_table,
    remembered,
)
from training.reader import ReadingModule, reading_to_export, traced

MOST_RANKED: Final = 10  # replies in an answer: the clerk offers three, measures look at five

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class VersionContents:
    """All a version consists of, before it is written."""

    encoder: Encoder
    reply_ids: tuple[str, ...]
    text_vectors: Array  # float [R+1,D], zeros where a reply has no text; row 0: no reply fits
    own_vectors: Array  # float32 [R+1,D]
    calibration: Calibration
    model: ModelConfig
    train: TrainConfig
    drafter: Drafter
    exemplars: Exemplars
    known_words: tuple[str, ...]  # those first that a slip is likeliest to have meant
    products: Products = NO_PRODUCTS
    heads: Heads | None = None  # None: it goes on from a version that had none
    texts: Mapping[str, str] = field(default_factory=dict)  # by reply, a name for all its texts
    reading: ReadingModule | None = None  # taught by the shop's feedback; None: the one that ships


class ReadTexts(NamedTuple):
    """What the encoder makes of B texts."""

    features: Features
    read: TokenStates
    vectors: Any  # float32 [B,D], unit length


def shared_graph(read: Callable[[Any], ReadTexts]) -> Callable[[Any], ReadTexts]:
    """`read` of texts [B] as one graph that signatures call.

    Tracing it in each of them took a sixth of a small training. A bare `tf.function` would be saved
    as one more function of the version.
    """
    traced = tf.function(read, input_signature=[tf.TensorSpec([None], tf.string)], autograph=False)
    return lambda texts: traced(texts)


class ExportModule(tf.Module):  # type: ignore[misc]
    """What the model server loads; only core operations, so that the stock one can."""

    encoder: Encoder
    read_signature: Any
    read: Callable[[Any], ReadTexts]

    def __init__(self, fitted: VersionContents) -> None:
        super().__init__()
        # Set past TensorFlow's tracking, which would save each of Keras's weights a second time.
        self.__dict__["encoder"] = fitted.encoder
        self.read = shared_graph(self._read)
        table, *rest = fitted.encoder.trainable_variables
        self.table = QuantisedTable(table.numpy())
        self.weights_ = [weight.value for weight in rest]
        self.config = fitted.model
        self.speller = Speller(fitted.known_words)
        self.calibration = fitted.calibration
        book = (fitted.text_vectors + fitted.own_vectors).astype(np.float32)
        self.nothing = tf.Variable(book[:1], trainable=False)
        self.book = Shortlist(book[1:], shown=MOST_RANKED, scale=fitted.model.scale)
        self.recall = Recall(fitted.exemplars)
        self.own = tf.Variable(fitted.own_vectors, trainable=False)  # for the next training
        self.reply_ids = tf.constant(fitted.reply_ids, tf.string)
        self.drafter = fitted.drafter
        if fitted.heads is not None:
            self.acts, self.actions = (HeadLookup(head) for head in fitted.heads)
        self.shelf = ProductLookup(fitted.products, scale=fitted.model.scale)
        reading = fitted.reading
        self.reading, self.__dict__["read_signature"] = (
            reading_to_export() if reading is None else traced(reading)
        )

    def _read(self, texts: Any) -> ReadTexts:
        features = to_features(texts, self.config, self.speller)
        read = self.encoder.read(features)
        return ReadTexts(features, read, self.encoder.vectors(features, read))

    def embed(self, text: Any) -> dict[str, Any]:
        """Unit vectors of texts; a lone clerk's turn is embedded as a reply."""
        return {contract.VECTOR: self.read(text).vectors}

    def rank(self, dialogue: Any) -> dict[str, Any]:
        """The best replies, best first, how likely the first is right, and what the turn does."""
        features, read, whole = self.read(dialogue)
        vectors = self._nearer_view(dialogue, whole)
        near = self.config.scale * self.recall.near(vectors)
        more = self.recall.weight * near
        best, places, total = self.book.best(vectors, more[:, 1:])
        nothing = self.config.scale * tf.matmul(vectors, self.nothing, transpose_b=True)
        # Where no question is remembered, the replies' own vectors stand for them.
        nearest = (
            tf.reduce_max(near[:, 1:], axis=1, keepdims=True) if self.recall.most else best[:, :1]
        )
        sure = confidence_features(best, total, nothing + more[:, :1], nearest)
        first, among_three = confidence(sure, self.calibration)
        return {
            contract.REPLY_ID: tf.gather(self.reply_ids, places),
            contract.SCORE: best,
            contract.CONFIDENCE: first,
            contract.AMONG_THREE: among_three,
            contract.ANSWER_AT: tf.fill(tf.shape(first), self.calibration.answer_at),
            contract.OFFER_AT: tf.fill(tf.shape(first), self.calibration.offer_at),
            **self._said(self.encoder.newest(features, read)),
        }

    def _nearer_view(self, dialogue: Any, vectors: Any) -> Any:
        """Each dialogue [B,D], or its newest turn alone where that is nearer to what is known.

        What was said before may have nothing to do with it: behind an unrelated question the demo
        shop's held-out ones lost 7 points of 93, and lose none so; follow-ups, which alone are near
        nothing, lose none either. Lone questions are read once.
        """
        if not self.recall.most:
            return vectors
        alone = newest_alone(dialogue)
        told = tf.where(alone != dialogue)[:, 0]

        def nearer() -> Any:
            turns = self.read(tf.gather(alone, told)).vectors
            chosen = self.recall.nearer(turns, tf.gather(vectors, told))
            return tf.tensor_scatter_nd_update(vectors, told[:, tf.newaxis], chosen)

        return tf.cond(tf.size(told) > 0, nearer, lambda: vectors)

    def _said(self, turns: Any) -> dict[str, Any]:
        """What the heads make of the newest turns."""
        if not hasattr(self, "acts"):
            return {}
        act, act_probability = self.acts.probabilities(turns)
        action, action_probability = self.actions.probabilities(turns)
        return {
            contract.ACT: act,
            contract.ACT_PROBABILITY: act_probability,
            contract.ACTION: action,
            contract.ACTION_PROBABILITY: action_probability,
        }

    def recommend(self, dialogue: Any) -> dict[str, Any]:
        """The products that suit best, best first."""
        return self.shelf.recommend(self.read(dialogue).vectors)

    def draft(self, dialogue: Any) -> dict[str, Any]:
        """What the decoder would say, in its own words."""
        found: dict[str, Any] = self.drafter.draft(self._heard(dialogue))
        return found

    def score(self, dialogue: Any, reply: Any) -> dict[str, Any]:
        """How likely the decoder would say each reply."""
        found: dict[str, Any] = self.drafter.score(self._heard(dialogue), reply)
        return found

    def _heard(self, dialogue: Any) -> EncodedDialogues:
        _, read, vectors = self.read(dialogue)
        return remembered(read, vectors)


def encoder_weights(loaded: Any) -> list[Array]:
    """The encoder's weights of a loaded version, the table first."""
    kept = [weight.numpy() for weight in loaded.weights_]
    # Versions made before tables were quantised keep it among the others.
    return [read_table(loaded.table), *kept] if hasattr(loaded, "table") else kept


def save(fitted: VersionContents, folder: Path, *, scores: Mapping[str, Any], card: str) -> None:
    """Write a complete version into `folder`."""
    servable = ExportModule(fitted)
    dialogue, text, reply = (
        tf.TensorSpec([None], tf.string, name=name)
        for name in (contract.DIALOGUE, contract.TEXT, contract.REPLY)
    )
    traced = {
        contract.RANK: (servable.rank, [dialogue]),
        contract.EMBED: (servable.embed, [text]),
        contract.RECOMMEND: (servable.recommend, [dialogue]),
        contract.DRAFT: (servable.draft, [dialogue]),
        contract.SCORE_REPLY: (servable.score, [dialogue, reply]),
    }
    with fitted.encoder.tokens.reading(servable.table.rows):
        signatures = {
            name: tf.function(method, autograph=False).get_concrete_function(*inputs)
            for name, (method, inputs) in traced.items()
        }
    signatures[contract.DEFAULT_SIGNATURE] = signatures[contract.RANK]
    signatures[contract.READ] = servable.read_signature
    tf.saved_model.save(servable, str(folder), signatures=signatures)
    extra = folder / EXTRA
    extra.mkdir(exist_ok=True)
    lineage = {
        "model": asdict(fitted.model),
        "train": asdict(fitted.train),
        "reply_ids": list(fitted.reply_ids),
        "texts": dict(fitted.texts),
        "product_ids": list(fitted.products.product_ids),
        "calibration": fitted.calibration._asdict(),
        "reads_dialogues": fitted.heads is not None,
        "exemplar_weight": fitted.exemplars.weight,
        "reader": None if fitted.reading is None else fitted.reading.calibration._asdict(),
        "scores": dict(scores),
    }
    (extra / LINEAGE).write_text(json.dumps(lineage, ensure_ascii=False, indent=1) + "\n")
    (extra / CARD).write_text(card)
