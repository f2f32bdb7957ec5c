"""Finds contradictions between passages: the same rule with other amounts or times. Pure.

Which of two holds is told by `prevailing`: the policy page's, else the newer page's. What is found
is for a person to look at; a table's rows, and rules for other cases, are no contradictions.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Final, NamedTuple

import numpy as np

from feedback.knowledge.clustering import Vectors
from feedback.knowledge.passages import KnownPassage
from feedback.knowledge.stated_rules import Stated, cases_in, stated_in, without_stated

ALIKE: Final = 0.6  # cosine of two sentences that may be about the same
SHARED: Final = 0.5  # of the words of the one with fewer
LEAST_SHARED: Final = 2
MOST_SENTENCES: Final = 5_000  # that state something; further ones are not compared
MOST_FOUND: Final = 200
BLOCK: Final = 500
POLICY: Final = re.compile(
    r"polic(?:y|ies)|terms|conditions|legal|withdrawal|政策|条款|條款|协议|規定|规定|条件",
    re.IGNORECASE,
)
_STOP: Final = frozenset(
    re.findall(
        r"\w+",
        "the a an and or of to in on for with within from by is are was be been it its this that"
        " your you we our us can may will not no all any if as at than more less up do does have"
        " has must please item items order orders product products after before when",
    )
)


class StatedSentence(NamedTuple):
    """A sentence that states an amount or a time."""

    passage: int
    sentence: int
    stated: frozenset[Stated]
    words: frozenset[str]
    cases: frozenset[str]


class ConflictingRules(NamedTuple):
    """Two sentences of different pages that state another amount or time for the same."""

    one: KnownPassage
    said: str
    other: KnownPassage
    said_by_other: str


def find_conflicts(passages: Sequence[KnownPassage]) -> list[ConflictingRules]:
    """What contradicts itself among passages that have vectors."""
    stated = list(islice(_stating(passages), MOST_SENTENCES))
    found = []
    for one, other in _alike(stated, passages):
        first, second = passages[one.passage], passages[other.passage]
        if first.page_id != second.page_id and contradict(one, other):
            said = first.sentences[one.sentence], second.sentences[other.sentence]
            found.append(ConflictingRules(first, said[0], second, said[1]))
    return found[:MOST_FOUND]


def contradict(one: StatedSentence, other: StatedSentence) -> bool:
    """Whether two sentences of one subject state other values, for the same case."""
    shared = one.words & other.words
    fewest = min(len(one.words), len(other.words))
    if len(shared) < LEAST_SHARED or len(shared) < SHARED * fewest or one.cases != other.cases:
        return False
    mine, theirs = _by_kind(one.stated), _by_kind(other.stated)
    both = mine.keys() & theirs.keys()
    return bool(both) and all(not mine[kind] & theirs[kind] for kind in both)


def prevailing(one: KnownPassage, other: KnownPassage) -> KnownPassage | None:
    """The passage whose word holds: the policy page's, else the newer one's; None: neither."""
    policies = [each for each in (one, other) if POLICY.search(f"{each.title} {each.url}")]
    if len(policies) == 1:
        return policies[0]
    if one.dated_at is None or other.dated_at is None or one.dated_at == other.dated_at:
        return None
    return one if one.dated_at > other.dated_at else other


def stating(passage: KnownPassage, number: int = 0) -> Iterator[StatedSentence]:
    """The sentences of a passage that state something; rows of tables do not."""
    above = frozenset[str]().union(*map(cases_in, [passage.title, *passage.headings][-2:]))
    for place, (sentence, lead) in enumerate(zip(passage.sentences, passage.leads, strict=True)):
        found = stated_in(sentence)
        if found and " | " not in sentence:
            text = without_stated(f"{lead} {sentence}")
            yield StatedSentence(number, place, found, _words(text), above | cases_in(text))


def _stating(passages: Sequence[KnownPassage]) -> Iterator[StatedSentence]:
    for number, passage in enumerate(passages):
        if passage.vector:
            yield from stating(passage, number)


def _alike(
    stated: Sequence[StatedSentence], passages: Sequence[KnownPassage]
) -> Iterator[tuple[StatedSentence, StatedSentence]]:
    """Pairs that may be about the same, by their vectors."""
    if len(stated) < 2:
        return
    vectors = np.stack([_vector(passages[one.passage], one.sentence) for one in stated])
    for start in range(0, len(stated), BLOCK):
        near = vectors[start : start + BLOCK] @ vectors.T
        for row, column in zip(*np.nonzero(near >= ALIKE), strict=True):
            if start + row < column:
                yield stated[start + row], stated[int(column)]


def _vector(passage: KnownPassage, sentence: int) -> Vectors:
    numbers = np.frombuffer(passage.vector or b"", np.float16).astype(np.float32)
    vector: Vectors = numbers.reshape(len(passage.sentences), -1)[sentence]
    return vector


def _by_kind(stated: Iterable[Stated]) -> dict[str, set[float]]:
    kinds: defaultdict[str, set[float]] = defaultdict(set)
    for one in stated:
        kinds[one.of].add(one.value)
    return kinds


def _words(text: str) -> frozenset[str]:
    """What a text is about: the beginnings of its words, pairs of Chinese characters."""
    words = [word for word in re.findall(r"[a-z]{2,}", text.lower()) if word not in _STOP]
    runs = re.findall(r"[\u3400-\u9fff]+", text)
    pairs = ["".join(pair) for run in runs for pair in pairwise(run)]
    return frozenset([word[:5] for word in words] + pairs)
