"""Facts of a product from its description: the sentence that answers a question best, verbatim."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.knowledge.search_terms import query_words
from feedback.languages import script_of

_ENDS: Final = ".!?。！？;；"
SENTENCE: Final = re.compile(rf"[^{_ENDS}]+(?:[.!?](?=\d)[^{_ENDS}]+)*[{_ENDS}]?[”\"'」]?")
LONG_RUN: Final = 3  # letters without spaces: 微波炉
PREFIX: Final = 4  # "washable" answers "wash"


class FactSentence(NamedTuple):
    """A sentence, and what share of the question's words it holds."""

    sentence: str
    share: float


def best_sentence(words: Sequence[str], body: str, locale: str) -> FactSentence | None:
    """The sentence that holds most of the words; None where none holds any.

    >>> body = "A bag of canvas. It fits a 15-inch laptop. Machine washable."
    >>> best_sentence(["wash", "machine"], body, "en")
    FactSentence(sentence='Machine washable.', share=1.0)
    >>> best_sentence(["vegan"], body, "en") is None
    True
    """
    wanted = set(words)
    unspaced = [word for word in words if script_of(word)]
    spaced = wanted.difference(unspaced)
    facts = []
    for sentence in sentences(body):
        said = set(query_words(sentence, locale))
        held = [float(_holds(said, word)) for word in spaced]
        if unspaced:
            held.append(min(1.0, _longest_run(sentence, unspaced) / LONG_RUN))
        facts.append(FactSentence(sentence, sum(held) / len(held) if held else 0.0))
    best = max(facts, key=lambda fact: fact.share, default=None)
    return best if best is not None and best.share > 0 else None


def _longest_run(sentence: str, pairs: Sequence[str]) -> int:
    """How many letters in a row a sentence shares with a question in a script without spaces.

    >>> _longest_run("可放微波炉加热", ["进微", "微波", "波炉"])
    3
    """
    runs: list[str] = []
    for pair in pairs:
        if runs and runs[-1][-1:] == pair[:1]:
            runs[-1] += pair[1:]
        else:
            runs.append(pair)
    shared = (
        end - start
        for run in runs
        for start in range(len(run))
        for end in range(start + 2, len(run) + 1)
        if run[start:end] in sentence
    )
    return max(shared, default=0)


def sentences(body: str) -> Iterator[str]:
    """A description's sentences, verbatim."""
    return (said for found in SENTENCE.finditer(body) if (said := found[0].strip()))


def _holds(said: set[str], word: str) -> bool:
    """Whether a sentence has the word, or one of the same beginning."""
    if word in said:
        return True
    if not word.isascii() or len(word) < PREFIX:
        return False
    stem = word[: max(PREFIX, len(word) - 3)]
    return any(each.startswith(stem) for each in said)
