"""Hybrid passage search: BM25 and vectors of sentences find what a reader then reads.

A passage's score is the share of the question's weight in words that it holds (BM25, words of its
headings counted too) plus the cosine of its nearest sentence. Of the best passages the likeliest
sentences go to the reader, each with numbers about how it was found. All in memory, with NumPy; one
index is read by many threads, and made anew when the passages change.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from serving.chinese import simplified
from serving.keyword_search import K1, B, terms

MOST_PASSAGES: Final = 16  # read for a question
MOST_SENTENCES: Final = 12  # as in the lessons of the reader
HINTS: Final = 7  # numbers about a sentence, see `Found`
HEADINGS_EMBEDDED: Final = 2  # the nearest; a page's title says little of a single sentence
PASSAGE, BOTH, COSINE = 0, 3, 4  # among the hints
LIKELY: Final = (PASSAGE, BOTH, COSINE)  # whose sum says how likely a sentence answers
NEAR_WEIGHT: Final = 0.5
LONG: Final = 20_000  # sentences; fewer are compared all
SAMPLE: Final = 20_000
ROUNDS: Final = 6
LOOKED_INTO: Final = 16  # groups

Array = np.ndarray[Any, Any]


class PassageText(NamedTuple):
    """A passage as it is searched.

    `headings` are those above it, outermost first. `leads` has for each of the `sentences` what
    introduces it, a list's lead-in or a table's header, or ""; where it is empty, nothing does.
    """

    headings: tuple[str, ...]
    sentences: tuple[str, ...]
    leads: tuple[str, ...] = ()

    def above(self, sentence: int) -> str:
        """The headings and the lead-in of a sentence, as one text."""
        lead = self.leads[sentence : sentence + 1]
        return " > ".join(part for part in (*self.headings, *lead) if part)

    def embedded(self) -> list[str]:
        """What the encoder reads of each sentence."""
        near = " ".join(self.headings[-HEADINGS_EMBEDDED:])
        leads = self.leads or ("",) * len(self.sentences)
        return [
            simplified(" ".join(part for part in (near, lead, text) if part))
            for lead, text in zip(leads, self.sentences, strict=True)
        ]


class Found(NamedTuple):
    """A sentence that may answer.

    `hints`, each about 0 to 1: the passage's share of the question's words; the sentence's; its
    headings'; that of both; the cosine of question and sentence, and how far that is below the best
    one found; how early in its passage it stands.
    """

    passage: int
    sentence: int
    hints: tuple[float, ...]


class PassageIndex:
    """Passages with their sentences' vectors."""

    def __init__(self, passages: Sequence[PassageText], vectors: Array) -> None:
        """`vectors` [N,D], unit length, are those of all sentences, passage by passage."""
        self.passages = tuple(passages)
        counts = [_counts(passage) for passage in passages]
        self._words = _Postings(counts)
        lengths = [len(passage.sentences) for passage in passages]
        self._starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        self._owners = np.repeat(np.arange(len(passages)), lengths)
        self._vectors = vectors
        self._near = _Nearest(vectors)
        self._terms = lru_cache(maxsize=4_096)(self._terms_of)

    def search(self, question: str, vector: Array, *, passages: int = MOST_PASSAGES) -> list[Found]:
        """The sentences that may answer, the likeliest first; `vector` [D] is the question's."""
        if not self.passages:
            return []
        asked = self._words.weigh(terms(question))
        share = self._words.share(asked)
        rows, cosines = self._near.search(vector)
        near = np.full(len(self.passages), -1.0, np.float32)
        np.maximum.at(near, self._owners[rows], cosines)
        score = share + NEAR_WEIGHT * near
        count = min(passages, len(score))
        best = np.argpartition(-score, count - 1)[:count]
        found = [each for place in best for each in self._read(int(place), asked, share, vector)]
        found.sort(key=lambda each: -likely(each))
        highest = max(each.hints[COSINE] for each in found)
        return [_beside(each, highest) for each in found[:MOST_SENTENCES]]

    def look_at(self, passage: int, question: str, vector: Array) -> list[Found]:
        """Every sentence of a passage, as a search that found it would give them."""
        asked = self._words.weigh(terms(question))
        return list(self._read(passage, asked, self._words.share(asked), vector))

    def _read(
        self, place: int, asked: dict[str, float], share: Array, vector: Array
    ) -> Iterable[Found]:
        start, end = self._starts[place : place + 2]
        cosines = _products(self._vectors[start:end].astype(np.float32), vector)
        total = sum(asked.values()) or 1.0
        for number, (above, words) in enumerate(self._terms(place)):
            said, over = asked.keys() & words, asked.keys() & above
            shares = [
                sum(map(asked.__getitem__, held)) / total for held in (said, over, said | over)
            ]
            early = 1.0 / (1.0 + number)
            hints = (float(share[place]), *shares, float(cosines[number]), 0.0, early)
            yield Found(place, number, hints)

    def _terms_of(self, place: int) -> list[tuple[frozenset[str], frozenset[str]]]:
        passage = self.passages[place]
        headings = terms(" ".join(passage.headings))
        leads = passage.leads or ("",) * len(passage.sentences)
        return [
            (frozenset([*headings, *terms(lead)]), frozenset(terms(sentence)))
            for lead, sentence in zip(leads, passage.sentences, strict=True)
        ]


def likely(found: Found) -> float:
    """How likely a sentence answers, by how it was found alone."""
    return sum(found.hints[at] for at in LIKELY)


def _beside(found: Found, highest: float) -> Found:
    hints = list(found.hints)
    hints[COSINE + 1] = highest - hints[COSINE]
    return found._replace(hints=tuple(hints))


class _Postings:
    """For each term, the passages it stands in and what it adds to their scores."""

    def __init__(self, counts: Sequence[Counter[str]]) -> None:
        self._size = len(counts)
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / max(len(lengths), 1) or 1.0
        places: defaultdict[str, list[int]] = defaultdict(list)
        gains: defaultdict[str, list[float]] = defaultdict(list)
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = K1 * (1 - B + B * length / mean)
            for term, seen in count.items():
                places[term].append(place)
                gains[term].append(seen * (K1 + 1) / (seen + norm))
        self._postings = {
            term: (np.array(found, np.int32), np.array(gains[term], np.float32))
            for term, found in places.items()
        }

    def weigh(self, asked: Iterable[str]) -> dict[str, float]:
        """Each term with its rarity; one that stands nowhere is as rare as can be."""
        weights = {}
        for term in asked:
            seen = len(self._postings[term][0]) if term in self._postings else 0
            weights[term] = math.log(1 + (self._size - seen + 0.5) / (seen + 0.5))
        return weights

    def share(self, asked: dict[str, float]) -> Array:
        """Each passage's BM25, of what one that held nothing else could have."""
        scores = np.zeros(self._size, np.float32)
        for term, weight in asked.items():
            if term in self._postings:
                places, gains = self._postings[term]
                scores[places] += weight * gains
        return scores / ((sum(asked.values()) or 1.0) * (K1 + 1))


class _Nearest:
    """Rows nearest to a vector; many rows are looked through by groups of like ones (IVF)."""

    def __init__(self, vectors: Array) -> None:
        self._groups: Array | None = None
        if len(vectors) <= LONG:
            self._vectors = vectors.astype(np.float32)
            return
        self._groups = _centres(vectors)
        owner = np.concatenate(
            [
                (vectors[start : start + SAMPLE].astype(np.float32) @ self._groups.T).argmax(axis=1)
                for start in range(0, len(vectors), SAMPLE)
            ]
        )
        self._rows = np.argsort(owner, kind="stable")
        self._vectors = vectors[self._rows]
        self._ends = np.searchsorted(owner[self._rows], np.arange(len(self._groups) + 1))

    def search(self, vector: Array) -> tuple[Array, Array]:
        """Rows and their cosines: all, or those of the likeliest groups."""
        if self._groups is None:
            return np.arange(len(self._vectors)), _products(self._vectors, vector)
        near = np.argpartition(-_products(self._groups, vector), LOOKED_INTO)[:LOOKED_INTO]
        slices = [slice(self._ends[group], self._ends[group + 1]) for group in near]
        rows = np.concatenate([self._rows[each] for each in slices])
        cosines = [_products(self._vectors[each].astype(np.float32), vector) for each in slices]
        return rows, np.concatenate(cosines)


def _products(rows: Array, vector: Array) -> Array:
    """The product of each row with a vector, on this thread alone.

    BLAS shares so small a product among its threads and waits for the last one: on a busy machine
    28 ms for 5,000 rows where this takes 0.2.
    """
    return np.asarray(np.einsum("ij,j->i", rows, vector))


def _centres(vectors: Array) -> Array:
    """Centres [√N,D] of groups of like vectors: spherical k-means on a sample."""
    step = max(1, len(vectors) // SAMPLE)
    sample = vectors[::step].astype(np.float32)
    count = math.isqrt(len(vectors))
    centres = sample[np.random.default_rng(0).permutation(len(sample))[:count]]
    for _ in range(ROUNDS):
        owner = (sample @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, owner, sample)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-9), centres)
    return centres


def _counts(passage: PassageText) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in (*passage.headings, *dict.fromkeys(passage.leads), *passage.sentences):
        counts.update(terms(text))
    return counts
