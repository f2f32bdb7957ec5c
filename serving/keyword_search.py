"""Keyword search (BM25) over the reply book: the holdout's answer, and the fallback.

BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over each reply's text and its questions.
English is read by word stems, Chinese by pairs of characters. No model, no network: it answers when
nothing else does.
"""

import math
import re
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import structlog

from serving import contract
from serving.chinese import simplified
from serving.client import CircuitBreaker
from serving.ranker import Candidate, LabelUnknown, Ranker, RankerUnavailable, Ranking

K1, B = 1.2, 0.75
BEST = 10  # candidates returned
QUESTION_SHARE = 0.5  # a reply's own text says less about how people ask than their questions do

log = structlog.get_logger()

_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_ENDINGS = ("ing", "ies", "ed", "es", "s", "ly")


class BookEntry(NamedTuple):
    """A reply of one language, with the questions known to ask for it."""

    reply_id: str
    locale: str
    text: str
    questions: tuple[str, ...]


class KeywordRanker:
    """Ranks by shared words; safe to use from many threads."""

    def __init__(
        self, entries: Callable[[], Iterable[BookEntry]], stamp: Callable[[], str] = lambda: ""
    ) -> None:
        """Read `entries` at the first question, and again when `stamp` has changed."""
        self._entries = entries
        self._stamp = stamp
        self._lock = threading.Lock()
        self._read: str | None = None
        self._indexes: dict[str, _Index] = {}

    def rank(self, dialogue: str, *, locale: str, label: str = contract.STABLE) -> Ranking:
        """Rank the replies of `locale` for the dialogue's last shopper's turn.

        With none in that language, those of any language are ranked. There is no confidence in
        keyword search: it is 0.0.
        """
        indexes = self._current()
        index = indexes.get(locale) or indexes.get("") or _Index([])
        found = index.search(contract.last_turn(dialogue))
        return Ranking(tuple(found[:BEST]), 0.0, "keywords")

    def prepare(self) -> None:
        """Read the book now: an outage is no moment to begin with it."""
        self._current()

    def _current(self) -> dict[str, "_Index"]:
        stamp = self._stamp()
        if stamp == self._read:
            return self._indexes
        # While one reads a changed book the others go on with what was read before.
        if not self._lock.acquire(blocking=self._read is None):
            return self._indexes
        try:
            if stamp != self._read:
                by_locale: dict[str, list[BookEntry]] = defaultdict(list)
                for entry in self._entries():
                    by_locale[entry.locale].append(entry)
                    by_locale[""].append(entry)
                self._indexes = {locale: _Index(found) for locale, found in by_locale.items()}
                self._read = stamp
            return self._indexes
        finally:
            self._lock.release()


class _Index:
    """For each term, the entries it stands in and what it adds to their scores."""

    def __init__(self, entries: Sequence[BookEntry]) -> None:
        self._ids = [entry.reply_id for entry in entries]
        counts = [_counts(entry) for entry in entries]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        spread: Counter[str] = Counter(term for count in counts for term in count)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = K1 * (1 - B + B * length / mean)
            for term, seen in count.items():
                rarity = math.log(1 + (len(entries) - spread[term] + 0.5) / (spread[term] + 0.5))
                self._postings[term].append((place, rarity * seen * (K1 + 1) / (seen + norm)))

    def search(self, text: str) -> list[Candidate]:
        """The entries that share a term with `text`, best first; a reply id stands once."""
        scores: dict[int, float] = defaultdict(float)
        for term in set(terms(text)):
            for place, score in self._postings.get(term, ()):
                scores[place] += score
        best: dict[str, float] = {}
        for place, score in scores.items():
            reply_id = self._ids[place]
            best[reply_id] = max(score, best.get(reply_id, 0.0))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        return [Candidate(reply_id, score) for reply_id, score in ranked]


class FallbackRanker:
    """Asks the model; while it is away, keyword search answers."""

    def __init__(self, primary: Ranker, keywords: Ranker, breaker: CircuitBreaker) -> None:
        """`breaker` keeps shoppers from waiting for a server that is gone."""
        self._primary = primary
        self._keywords = keywords
        self._breaker = breaker

    def rank(self, dialogue: str, *, locale: str, label: str = contract.STABLE) -> Ranking:
        """The model's ranking, or keyword search's; `served_by` says which."""
        if self._breaker.allows():
            try:
                ranking = self._ask_model(dialogue, locale, label)
            except RankerUnavailable as error:
                self._breaker.failed()
                log.warning("ranker.unavailable", reason=str(error), label=label)
            else:
                self._breaker.succeeded()
                return ranking
        return self._keywords.rank(dialogue, locale=locale, label=label)

    def _ask_model(self, dialogue: str, locale: str, label: str) -> Ranking:
        try:
            return self._primary.rank(dialogue, locale=locale, label=label)
        except LabelUnknown:
            if label == contract.STABLE:
                raise
            # The trial has just ended: the champion answers the challenger's shoppers.
            return self._primary.rank(dialogue, locale=locale, label=contract.STABLE)


class KeywordsWithHeads:
    """Keyword search chooses the replies; the model only says what the turn does.

    So the holdout is served alike in all but what is measured: the choice of replies.
    """

    def __init__(self, keywords: Ranker, model: Ranker) -> None:
        """`model` is asked in every turn, so it had better have a fallback."""
        self._keywords = keywords
        self._model = model

    def rank(self, dialogue: str, *, locale: str, label: str = contract.STABLE) -> Ranking:
        """Keyword search's ranking with what the model's heads say; nothing while it is away."""
        heads = self._model.rank(dialogue, locale=locale, label=label)
        ranking = self._keywords.rank(dialogue, locale=locale, label=label)
        return ranking._replace(acts=heads.acts, actions=heads.actions)


def with_fallback(
    primary: Ranker, keywords: Ranker, *, breaker: CircuitBreaker | None = None
) -> FallbackRanker:
    """`primary`, with `keywords` standing in while it is away."""
    return FallbackRanker(primary, keywords, breaker or CircuitBreaker())


def terms(text: str) -> list[str]:
    """Word stems; where there are no spaces between words, pairs of characters.

    >>> terms("Returning shoes?"), terms("退货政策"), terms("退貨")
    (['return', 'sho'], ['退货', '货政', '政策'], ['退货'])
    """
    if text.isascii():
        return [_stem(word) for word in _WORD.findall(text.lower())]
    found: list[str] = []
    for word in _WORD.findall(simplified(unicodedata.normalize("NFKC", text).lower())):
        start = 0
        for run in _CJK.finditer(word):
            found += map(_stem, filter(None, [word[start : run.start()]]))
            found += _pairs(run.group())
            start = run.end()
        found += map(_stem, filter(None, [word[start:]]))
    return found


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def _counts(entry: BookEntry) -> Counter[str]:
    """How often each term stands in the entry; questions count fully, the reply's own text half."""
    counts: Counter[str] = Counter()
    for question in entry.questions:
        counts.update(terms(question))
    for term, seen in Counter(terms(entry.text)).items():
        counts[term] += max(1, round(seen * QUESTION_SHARE))
    return counts
