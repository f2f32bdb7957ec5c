"""Re-export of a version with the current reply book and catalogue, with the same weights.

Nothing is trained: the encoder stays, a reply whose words are as before keeps its vectors to the
last bit, an edited one is read again, and a new one is placed by its questions and words so that
the questions remembered of all others stay theirs. So it takes seconds, and changes no other
answer. Of what people said only that stays which the store still holds: words that are no longer
vouched for and questions of somebody who was erased, or that became too old, leave with every
refresh.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from feedback.knowledge import ProductLine
from training.data import (
    NOT_IN_BOOK,
    NULL_ROW,
    Library,
    Pair,
    ReplyIndex,
    as_question,
    as_reply,
    from_questions,
    locales_of,
    strangers,
)
from training.fitting import (
    Embed,
    ProductPair,
    Products,
    Progress,
    VersionContents,
    drafts_of,
    embed_with,
    fit_beside,
    fit_products,
    own_words,
    restore_drafts,
)
from training.heads import read_heads
from training.jobs.earlier_version import Array, CannotRefresh, EarlierVersion, Learned
from training.jobs.forgetting import remembered_still
from training.model import MOST, Exemplars, choose

SEED: Final = 1  # of which questions of a new reply are remembered


def refreshed(
    before: EarlierVersion,
    library: Library,
    questions: Sequence[Pair],
    chosen: Sequence[ProductPair],
    learned: Learned,
    *,
    products_changed: bool,
    progress: Progress,
) -> VersionContents:
    """The same model with the library of now, and of people's words what is there now.

    Args:
        before: the version in charge.
        library: what the store holds.
        questions: the staff's; those of new replies say where they start, and a reply that is
            known to questions alone stays.
        chosen: who chose which product, oldest first.
        learned: what would be learned from now.
        products_changed: whether the catalogue is to be placed again.
        progress: told the share done, and words for it.

    Raises:
        CannotRefresh: the book has become too long for what the version remembers.
    """
    known = set(before.reply_ids)
    named = [pair for pair in questions if pair.reply_id in known]
    book = ReplyIndex.of(library.replies, named)
    if before.exemplars.shape[1] and len(book.reply_ids) >= MOST:
        raise CannotRefresh(before.folder, f"room: it has {len(book.reply_ids)} replies now")
    embed = embed_with(before.encoder, before.model)
    progress(0.2, "reading the replies")
    texts = _texts(before, book, embed)
    words = [as_question(reply.text) for reply in library.replies if reply.text]
    before = replace(before, exemplars=_remembered(before, learned, words, embed))
    own, exemplars = _rows(before, book, texts, questions, embed, _heirs(before, library))
    progress(0.4, "reading the products" if products_changed else "keeping the products")
    products = Products(before.product_ids, before.product_vectors)
    if products_changed:
        products = _products(before, library.products, chosen, embed)
    return VersionContents(
        encoder=before.encoder,
        reply_ids=book.reply_ids,
        text_vectors=texts,
        own_vectors=own,
        calibration=before.calibration,
        model=before.model,
        train=before.train,
        drafter=restore_drafts(before.encoder, before.train.decoder, drafts_of(before.loaded)),
        exemplars=Exemplars(exemplars, before.exemplar_weight),
        heads=read_heads(before.loaded),
        known_words=own_words(library.replies, library.products, learned.said, before.model),
        products=products,
        texts=book.digests(),
        reading=before.reading,
    )


def _remembered(
    before: EarlierVersion, learned: Learned, words: Sequence[str], embed: Embed
) -> Array:
    """The version's remembered questions, without those that the store holds no more.

    A reply with few questions is remembered by its `words`, too.
    """
    if not before.exemplars.size:
        return before.exemplars
    asked = [*learned.pairs, *from_questions(strangers(locales_of(learned.pairs)))]
    vectors = embed(list(dict.fromkeys([*(pair.dialogue for pair in asked), *words])))
    return remembered_still(before.exemplars, (before.texts + before.own).astype("f4"), vectors)


def _products(
    before: EarlierVersion,
    products: Sequence[ProductLine],
    chosen: Sequence[ProductPair],
    embed: Embed,
) -> Products:
    return fit_products(products, chosen, embed, scale=before.model.scale)


def _texts(before: EarlierVersion, book: ReplyIndex, embed: Embed) -> Array:
    """Each reply's texts' mean vector, float64 [R+1,D]; only words that changed are read."""
    found = np.zeros((len(book.reply_ids) + 1, before.model.dimensions), np.float64)
    row_before, now = _row_of(before.reply_ids), book.digests()
    same = {
        name
        for name, digest in now.items()
        if name in row_before and before.digests.get(name) == digest
    }
    for row, name in enumerate(book.reply_ids, start=1):
        if name in same:
            found[row] = before.texts[row_before[name]]
    fresh = [(row, text) for row, _, text in book.texts if book.reply_ids[row - 1] not in same]
    if fresh:
        rows = np.array([row for row, _ in fresh])
        np.add.at(found, rows, embed([as_reply(text) for _, text in fresh]))
        counts = np.bincount(rows, minlength=len(found))[:, np.newaxis]
        found = np.where(counts > 1, found / np.maximum(counts, 1), found)
    return found


def _heirs(before: EarlierVersion, library: Library) -> set[str]:
    """Replies that took over the questions of one that the version still has."""
    return {new for old, new in library.replaced.items() if old in before.reply_ids}


def _rows(
    before: EarlierVersion,
    book: ReplyIndex,
    texts: Array,
    questions: Sequence[Pair],
    embed: Embed,
    heirs: Collection[str],
) -> tuple[Array, Array]:
    """The replies' own vectors [R+1,D] and remembered questions [R+1,M,D]; known ones keep both.

    One that took over another's questions is placed by them, as a new one is.
    """
    row_before = {"": NULL_ROW, **_row_of(before.reply_ids)}
    row_before = {name: row for name, row in row_before.items() if name not in heirs}
    rows = {"": NULL_ROW, **book.rows()}
    stays = [name for name in rows if name in row_before]
    now, then = [rows[name] for name in stays], [row_before[name] for name in stays]
    own = np.zeros((len(rows), before.model.dimensions), np.float32)
    own[now] = before.own[then]
    asked = [pair for pair in questions if pair.reply_id and pair.reply_id not in row_before]
    vectors = embed([pair.dialogue for pair in asked])
    label = np.array([rows[str(pair.reply_id)] for pair in asked], np.int64)
    new = np.setdiff1d(np.arange(len(rows)), now)
    own[new] = _beside(
        before.exemplars[then], before.model.scale, texts + own, (vectors, label), new
    )
    exemplars = choose(vectors, label, texts + own, seed=SEED).vectors
    most = before.exemplars.shape[1]
    # As many places a reply as before: one with fewer questions has some of them twice.
    exemplars = exemplars[:, np.arange(most) % max(exemplars.shape[1], 1)]
    exemplars[now] = before.exemplars[then]
    return own, exemplars


def _beside(
    remembered: Array, scale: float, book: Array, asked: tuple[Array, Array], new: Array
) -> Array:
    """The own vectors [K,D] of the `new` rows [K] of a book [R+1,D] which holds their texts alone.

    Their words are questions too: there may be no others. Each reply weighs the same.
    """
    if not len(new):
        return np.zeros((0, book.shape[1]), np.float32)
    texts, known = book[new], np.delete(book, new, axis=0)
    worded = np.flatnonzero(np.linalg.norm(texts, axis=1) > 0)
    words = texts[worded] / np.linalg.norm(texts[worded], axis=1, keepdims=True)
    vectors, label = asked
    place = np.concatenate([np.searchsorted(new, label), worded])
    weight = 1.0 / np.bincount(place, minlength=len(new))[place]
    rows, most, width = remembered.shape
    return fit_beside(
        np.concatenate([vectors, words, remembered.reshape(-1, width)]),
        np.concatenate([place, np.full(rows * most, NOT_IN_BOOK)]),
        np.concatenate([weight, np.full(rows * most, 1.0 / max(most, 1))]),
        known,
        texts,
        scale,
    )


def _row_of(reply_ids: Sequence[str]) -> dict[str, int]:
    return {name: place + 1 for place, name in enumerate(reply_ids)}
