"""Product vectors: from product texts, and from what shoppers clicked them for.

A product's vector is its words' vector and one of its own, learned while the encoder stands still.
Only a product somebody clicked has one, so that all others work from their words alone, and finding
them is a convex problem with one answer.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from feedback.knowledge import ProductLine
from feedback.languages import script_of
from feedback.signals import ProductExample
from serving import contract
from serving.contract import Turn, clean_text, render_dialogue
from training.data import as_reply, to_features
from training.model import Encoder, ModelConfig, Shortlist

SHOWN: Final = 50  # price, colour, size and stock are looked at afterwards, and leave a few of them
MOST_TAGS: Final = 20  # more push the title out of what the encoder reads
PULL: Final = 1.0  # to zero: then one click makes a product about e times likelier for those words
CHUNK: Final = 1_024  # dialogues, or products, whose scores are held at once
MOST_PAIRS: Final = 5_000  # the newest: taste changes, and 3,000 with 500 products take 7 s
MOST_STEPS: Final = 150
BATCH: Final = 256  # texts encoded at once


Array = np.ndarray[Any, Any]
Embed = Callable[[Sequence[str]], Array]


class ProductPair(NamedTuple):
    """A rendered dialogue, and a product that was clicked or bought after it."""

    dialogue: str
    product_id: str
    weight: float = 1.0


class Products(NamedTuple):
    """What a version knows of the catalogue."""

    product_ids: tuple[str, ...]
    vectors: Array  # float32 [P,D]


NO_PRODUCTS: Final = Products((), np.zeros((0, 0), np.float32))


class ProductLookup(tf.Module):  # type: ignore[misc]
    """The products inside the graph; with none, every dialogue gets none."""

    def __init__(self, products: Products, *, scale: float = ModelConfig.scale) -> None:
        super().__init__()
        self.count = len(products.product_ids)
        if self.count:  # an empty variable could be neither saved nor multiplied
            self.product_ids = tf.constant(products.product_ids, tf.string)
            self.shelf = Shortlist(products.vectors, shown=SHOWN, scale=scale)

    def recommend(self, vectors: Any) -> dict[str, Any]:
        """The best K products for dialogues, given as vectors [B,D], best first.

        A score is the logarithm of how many times likelier the product is than the average one: it
        means the same in a shop of 20 products and in one of 20,000.
        """
        if not self.count:
            nothing = tf.stack([tf.shape(vectors)[0], 0])
            return {contract.PRODUCT_ID: tf.fill(nothing, ""), contract.SCORE: tf.zeros(nothing)}
        found = self.shelf.best(vectors)
        return {
            contract.PRODUCT_ID: tf.gather(self.product_ids, found.places),
            contract.SCORE: found.scores - found.total + math.log(self.count),
        }


def fit_products(
    products: Sequence[ProductLine],
    pairs: Sequence[ProductPair],
    embed: Embed,
    *,
    scale: float = ModelConfig.scale,
) -> Products:
    """Place the products that are for sale; pairs with others are passed over.

    Args:
        products: The catalogue, what is out of stock included: it comes back.
        pairs: Who chose what, oldest first, and how much that counts.
        embed: The encoder, N texts to unit vectors [N,D]; it does not change.
        scale: What dot products are multiplied by, as in the ranking of replies.
    """
    offered = sorted((each for each in products if each.active), key=lambda each: each.product_id)
    if not offered:
        return NO_PRODUCTS
    product_ids = tuple(product.product_id for product in offered)
    vectors = _word_vectors(offered, embed)
    row = {product_id: place for place, product_id in enumerate(product_ids)}
    known = [pair for pair in pairs if pair.product_id in row and pair.weight > 0][-MOST_PAIRS:]
    if known:
        chosen, place = np.unique([row[pair.product_id] for pair in known], return_inverse=True)
        dialogues = scale * np.asarray(embed([pair.dialogue for pair in known]), np.float32)
        others = _log_sum_exp(dialogues, np.delete(vectors, chosen, axis=0))
        weight = np.array([pair.weight for pair in known], np.float32)
        vectors[chosen] += _own_vectors(
            dialogues, vectors[chosen], place, weight, others, scale=scale
        )
    return Products(product_ids, vectors)


def from_product_examples(examples: Iterable[ProductExample]) -> list[ProductPair]:
    """What shoppers clicked and bought; of a dialogue the turn the clerk asks the model with."""
    return [
        ProductPair(
            render_dialogue(Turn(*turn) for turn in example.turns[-1:]),
            example.product_id,
            example.weight,
        )
        for example in examples
    ]


def embed_with(encoder: Encoder, config: ModelConfig) -> Embed:
    """The encoder as a function of raw strings, batched by like length."""
    encode = tf.function(
        lambda texts: encoder(to_features(texts, config)),
        input_signature=[tf.TensorSpec([None], tf.string)],
        autograph=False,
    )

    def embed(texts: Sequence[str]) -> Array:
        vectors = np.zeros((len(texts), config.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            batch = [texts[place].encode("utf-8", "replace") for place in part]
            vectors[part] = encode(tf.constant(batch, tf.string)).numpy()
        return vectors

    return embed


def product_texts(product: ProductLine) -> tuple[str, ...]:
    """What a product is called, a text for each language it is described in.

    A shop that writes one title for all has its tags there too, whatever their language.
    """
    tags = product.tags[:MOST_TAGS]
    titles = {said.locale: said.title for said in product.translations if said.title}
    by_locale: dict[str, list[str]] = {locale: [] for locale in titles}
    own: list[str] = []
    for tag in tags:
        by_locale.get(script_of(tag) or "", own).append(tag)
    return (
        _joined(product.title, product.category, *own),
        *(_joined(title, *by_locale[locale]) for locale, title in titles.items()),
    )


def _joined(*parts: str) -> str:
    """The parts, none twice: many shops repeat a category as a tag."""
    cleaned = dict.fromkeys(clean_text(part) for part in parts)
    return ", ".join(part for part in cleaned if part)


def _word_vectors(products: Sequence[ProductLine], embed: Embed) -> Array:
    """Each product's texts' mean, at unit length: two languages weigh no less than one. [P,D]."""
    texts = [(place, text) for place, each in enumerate(products) for text in product_texts(each)]
    encoded = np.asarray(embed([as_reply(text) for _, text in texts]), np.float32)
    summed = np.zeros((len(products), encoded.shape[1]), np.float32)
    np.add.at(summed, [place for place, _ in texts], encoded)
    return _unit(summed)


def _unit(vectors: Array) -> Array:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Array = vectors / np.maximum(length, 1e-6)
    return unit


def _log_sum_exp(dialogues: Array, vectors: Array) -> Array:
    """The logarithm of the products' whole weight against each dialogue [N], in pieces."""
    total = np.full(len(dialogues), -np.inf, np.float32)
    for start in range(0, len(vectors), CHUNK):
        scores = dialogues @ vectors[start : start + CHUNK].T
        total = np.logaddexp(total, _row_log_sum_exp(scores))
    return total


def _row_log_sum_exp(scores: Array) -> Array:
    top = scores.max(axis=1)
    summed: Array = np.log(np.exp(scores - top[:, np.newaxis]).sum(axis=1)) + top
    return summed


def _own_vectors(
    dialogues: Array, words: Array, place: Array, weight: Array, others: Array, *, scale: float
) -> Array:
    """The chosen products' own vectors [C,D]: cross-entropy over all products, pulled to zero.

    Both are convex and the curvature is known beforehand, so Nesterov's steps need no rate to be
    tried out: against 200 steps of Adam, 150 of these came twenty times nearer.

    Args:
        dialogues: Their vectors times the scale [N,D].
        words: The chosen products' word vectors [C,D].
        place: The product each dialogue led to [N].
        weight: How much each counts [N].
        others: What all products nobody chose come to, for each dialogue [N]: they stand still.
        scale: See `fit_products`.
    """
    least = PULL * scale**2
    spread = (dialogues * weight[:, np.newaxis]).T @ dialogues
    most = least + 0.5 * float(np.linalg.eigvalsh(spread)[-1])  # a softmax bends by half at most
    ratio = math.sqrt(least / most)
    keep = (1.0 - ratio) / (1.0 + ratio)
    own = ahead = np.zeros_like(words)
    for _ in range(min(math.ceil(8.0 / ratio), MOST_STEPS)):
        slope = least * ahead + _slope(dialogues, words + ahead, place, weight, others)
        before, own = own, (ahead - slope / most).astype(np.float32)
        ahead = own + keep * (own - before)
    return own


def _slope(dialogues: Array, vectors: Array, place: Array, weight: Array, others: Array) -> Array:
    """Of the summed cross-entropy, by the chosen products' vectors [C,D]."""
    slope = np.zeros_like(vectors)
    for start in range(0, len(dialogues), CHUNK):
        part = slice(start, start + CHUNK)
        scores = dialogues[part] @ vectors.T
        total = np.logaddexp(_row_log_sum_exp(scores), others[part])
        share = np.exp(scores - total[:, np.newaxis])
        share[np.arange(len(share)), place[part]] -= 1.0
        slope += (weight[part, np.newaxis] * share).T @ dialogues[part]
    return slope
