"""Facts of a product from its description: the sentence that answers a question best, verbatim."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from bot.knowledge.search_terms import query_words
from bot.languages import LanguagePack, all_packs
from feedback.languages import script_of

_ENDS: Final = ".!?。！？;；"
SENTENCE: Final = re.compile(rf"[^{_ENDS}]+(?:[.!?](?=\d)[^{_ENDS}]+)*[{_ENDS}]?[”\"'」]?")
LONG_RUN: Final = 3  # letters without spaces: 微波炉
PREFIX: Final = 4  # "washable" answers "wash"
TOLD: Final = 0.75  # of the share 1 of a sentence that tells what was asked for, none of it shared


class FactSentence(NamedTuple):
    """A sentence, and what share of the question's words it holds."""

    sentence: str
    share: float


class AskedFacts(NamedTuple):
    """Facts a question asks for in words of its own: how a text tells them, and what is left."""

    told: tuple[re.Pattern[str], ...]
    left: str  # the question without those words


NOTHING_ASKED: Final = AskedFacts((), "")


def facts_asked(text: str) -> AskedFacts:
    """The facts that a text asks for.

    >>> len(facts_asked("how heavy is it?").told), facts_asked("how heavy is the red one").left
    (1, '  is the red one')
    """
    told = []
    for asked, telling in _facts(all_packs()):
        if asked.search(text):
            told.append(telling)
            text = asked.sub(" ", text)
    return AskedFacts(tuple(told), text)


@cache
def _facts(packs: tuple[LanguagePack, ...]) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    return [
        (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
        for pack in packs
        for asked, told in pack.products.facts
    ]


def best_sentence(
    words: Sequence[str], body: str, locale: str, asked: AskedFacts = NOTHING_ASKED
) -> FactSentence | None:
    """The sentence that answers a question best; None where none answers at all.

    One that tells a fact that was asked for goes before one that shares words alone.

    >>> body = "A bag of canvas. It fits a 15-inch laptop. Machine washable. It weighs 900 g."
    >>> best_sentence(["wash", "machine"], body, "en")
    FactSentence(sentence='Machine washable.', share=1.0)
    >>> best_sentence(["heavy"], body, "en", facts_asked("how heavy is it"))
    FactSentence(sentence='It weighs 900 g.', share=1.0)
    >>> best_sentence(["smell"], body, "en") is None
    True
    """
    unasked = set(query_words(asked.left, locale)) if asked.told else set()
    left = [word for word in words if word in unasked]
    best, best_tells = FactSentence("", 0.0), False
    for sentence in sentences(body):
        share = _share(words, sentence, locale)
        tells = any(told.search(sentence) for told in asked.told)
        if tells:
            share = max(share, TOLD + (1 - TOLD) * (_share(left, sentence, locale) if left else 1))
        if (share, tells) > (best.share, best_tells):
            best, best_tells = FactSentence(sentence, round(share, 3)), tells
    return best if best.share > 0 else None


def _share(words: Sequence[str], sentence: str, locale: str) -> float:
    """What share of the words a sentence holds."""
    unspaced = [word for word in words if script_of(word)]
    said = set(query_words(sentence, locale))
    held = [float(_holds(said, word)) for word in set(words).difference(unspaced)]
    if unspaced:
        held.append(min(1.0, _longest_run(sentence, unspaced) / LONG_RUN))
    return sum(held) / len(held) if held else 0.0


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
