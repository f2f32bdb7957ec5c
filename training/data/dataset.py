"""Training data set as arrays: the reply index, each pair's row in it, batches of like length."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from feedback.knowledge import ReplyLine
from serving.contract import SPEAKER_MARKS
from training.data.catalogue_snapshot import digests_by_reply
from training.data.corpus import Corpus
from training.data.pairs import Pair
from training.model import ModelConfig

NULL_ROW = 0  # of the book: "no reply fits"
NOT_IN_BOOK = -1
NO_TEXT = -1
REJECTED_BOOST = math.log(4.0)  # a rejected reply counts as four wrong ones
MOST_REJECTED = 4  # of one pair; more say nothing new
POOL = 16  # batches that are sorted by length together

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ReplyIndex:
    """The replies a model ranks. Row 0 is no reply; `reply_ids[i]` has row i + 1."""

    reply_ids: tuple[str, ...]
    texts: tuple[tuple[int, str, str], ...]  # row, locale, text

    @classmethod
    def of(cls, replies: Sequence[ReplyLine], pairs: Sequence[Pair] = ()) -> "ReplyIndex":
        """The book of `replies`, and of replies that `pairs` know by their id only."""
        known = {reply.reply_id for reply in replies}
        known |= {pair.reply_id for pair in pairs if pair.reply_id is not None}
        reply_ids = tuple(sorted(known))
        row = {reply_id: place + 1 for place, reply_id in enumerate(reply_ids)}
        texts = {(row[r.reply_id], r.locale, r.text) for r in replies if r.text}
        shared = Counter(words for _, words in {(row, _sense(text)) for row, _, text in texts})
        return cls(reply_ids, tuple(sorted(t for t in texts if shared[_sense(t[2])] == 1)))

    def rows(self) -> dict[str, int]:
        """The row of each reply."""
        return {reply_id: place + 1 for place, reply_id in enumerate(self.reply_ids)}

    def digests(self) -> dict[str, str]:
        """A name for all the texts of each reply that has one."""
        return digests_by_reply(
            (self.reply_ids[row - 1], locale, text) for row, locale, text in self.texts
        )


def _sense(text: str) -> str:
    """What a text says but for numbers: "Reply 17." and "Reply 18." say the same, so nothing."""
    return re.sub(r"\d+", "0", text.casefold())


@dataclass(frozen=True)
class Examples:
    """Pairs as numbers, N of them; texts are numbered within `corpus`."""

    corpus: Corpus
    book: ReplyIndex
    book_texts: Array  # int32, the number of each of `book.texts`
    label: Array  # int32 [N], row of the book, or NOT_IN_BOOK
    text: Array  # int32 [N], the right reply's text, or NO_TEXT
    weight: Array  # float32 [N]
    rejected: Array  # int32 [N, MOST_REJECTED], rows, padded with NOT_IN_BOOK
    locale: Array  # str [N]

    def __len__(self) -> int:
        return len(self.label)


def as_reply(text: str) -> str:
    """A reply's text as the model reads it: a clerk's turn."""
    return SPEAKER_MARKS["clerk"] + text


def as_question(text: str) -> str:
    """A text as the model reads what is asked: a shopper's turn."""
    return SPEAKER_MARKS["shopper"] + text


def to_examples(pairs: Sequence[Pair], book: ReplyIndex, config: ModelConfig) -> Examples:
    """Number everything; dialogue i of `pairs` is text i of the corpus."""
    rows = book.rows()
    number: dict[str, int] = {}
    for _, _, text in book.texts:
        number.setdefault(as_reply(text), len(pairs) + len(number))
    for pair in pairs:
        if pair.text is not None:
            number.setdefault(as_reply(pair.text), len(pairs) + len(number))
    of_locale = {(row, locale): number[as_reply(text)] for row, locale, text in book.texts}
    of_row = {row: number[as_reply(text)] for row, _, text in reversed(book.texts)}

    def text_of(pair: Pair) -> int:
        if pair.text is not None:
            return number[as_reply(pair.text)]
        row = rows.get(pair.reply_id or "", NULL_ROW)
        return of_locale.get((row, pair.locale), of_row.get(row, NO_TEXT))

    def label_of(pair: Pair) -> int:
        return NULL_ROW if pair.is_null else rows.get(pair.reply_id or "", NOT_IN_BOOK)

    rejected = np.full((len(pairs), MOST_REJECTED), NOT_IN_BOOK, np.int32)
    for place, pair in enumerate(pairs):
        wrong = [rows[r] for r in pair.rejected if r in rows and r != pair.reply_id]
        rejected[place, : len(wrong[:MOST_REJECTED])] = wrong[:MOST_REJECTED]
    return Examples(
        corpus=Corpus([*(pair.dialogue for pair in pairs), *number], config),
        book=book,
        book_texts=np.array([number[as_reply(text)] for *_, text in book.texts], np.int32),
        label=np.array([label_of(pair) for pair in pairs], np.int32),
        text=np.array([text_of(pair) for pair in pairs], np.int32),
        weight=np.array([pair.weight for pair in pairs], np.float32),
        rejected=rejected,
        locale=np.array([pair.locale for pair in pairs], np.str_),
    )


def keep_aside(
    examples: Examples, numbers: Array, share: float, seed: int, most: int = 3_000
) -> tuple[Array, Array]:
    """Split the pairs `numbers` into (to learn from, to check with), a share of every reply's.

    Pairs with equal words stay together, so that nothing is checked that was learnt by heart.
    """
    chance = np.random.default_rng(seed)
    keys = examples.corpus.fingerprints()[numbers]
    first = np.unique(keys, return_index=True)[1]
    order = chance.permutation(first)
    order = order[np.argsort(examples.label[numbers][order], kind="stable")]
    every = max(1.0 / share, len(order) / most)
    picked = order[np.arange(0.5 * every, len(order), every).astype(np.int64)]
    aside = np.isin(keys, keys[picked])
    return numbers[~aside], numbers[aside]


def folds(examples: Examples, numbers: Array, count: int, *, seed: int) -> list[Array]:
    """The pairs `numbers` in `count` parts, each reply's spread evenly, equal words together."""
    keys = examples.corpus.fingerprints()[numbers]
    first, place = np.unique(keys, return_index=True, return_inverse=True)[1:]
    fold = deal(examples.label[numbers][first], count, seed=seed)[place]
    return [numbers[fold == part] for part in range(count)]


def deal(label: Array, count: int, *, seed: int) -> Array:
    """One of `count` folds for each question, every reply's spread evenly over all: int [N]."""
    order = np.random.default_rng(seed).permutation(len(label))
    order = order[np.argsort(label[order], kind="stable")]
    place = np.arange(len(order)) - np.searchsorted(label[order], label[order])
    fold = np.empty(len(label), np.int64)
    fold[order] = (place + label[order]) % count
    return fold


def schedule(numbers: Array, lengths: Array, *, batch: int, chance: np.random.Generator) -> Array:
    """One epoch: the shuffled `numbers` as batches [S, batch] of like length, in random order.

    The last batch is filled up from the first: a shorter one would weigh each of its pairs more.
    """
    order = chance.permutation(numbers)
    order = np.concatenate([order, np.resize(order, -len(order) % batch)])
    for start in range(0, len(order), POOL * batch):
        pool = order[start : start + POOL * batch]
        order[start : start + POOL * batch] = pool[np.argsort(lengths[pool], kind="stable")]
    return chance.permutation(order.reshape(-1, batch)).astype(np.int32)
