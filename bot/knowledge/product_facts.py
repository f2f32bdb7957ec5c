"""Facts of a product: what a question asks for, and what of it a description's sentence tells.

A language pack names some fifty facts (weight, care, material, warranty, …), each by how it is
asked for and how descriptions tell it, so that "is it heavy" finds "820 g". What none of them
covers is found by the words that a question and a sentence share. A fact asked for in one language
is found in a description in another, since all packs call it by the same name.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from bot.knowledge.search_terms import query_words
from bot.languages import LanguagePack, all_packs
from feedback.knowledge import Block, cut
from feedback.languages import script_of

BULLETS: Final = "•·-–* \t\n"
MOST_SENTENCES: Final = 32
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
    known = [(asked, told) for asked, told in _facts(all_packs()) if asked.search(text)]
    left = text
    for asked, _ in known:
        left = asked.sub(" ", left)
    return AskedFacts(tuple(told for _, told in known), left)


@cache
def _facts(packs: tuple[LanguagePack, ...]) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """How each fact is asked for, and how it is told: a description may be in another language."""
    asked, told = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for pack in packs:
        for name, (as_asked, as_told) in pack.products.facts.items():
            asked[name].append(as_asked)
            told[name].append(as_told)
    return [(_any(asked[name]), _any(told[name])) for name in asked]


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns), re.IGNORECASE)


def best_sentence(
    words: Sequence[str], body: str, locale: str, asked: AskedFacts = NOTHING_ASKED
) -> FactSentence | None:
    """The sentence that answers a question best by words; None where none answers at all.

    One that tells a fact that was asked for goes before one that shares words alone.

    >>> body = "A bag of canvas. It fits a 15-inch laptop. Machine washable. It weighs 900 g."
    >>> best_sentence(["wash", "machine"], body, "en")
    FactSentence(sentence='Machine washable.', share=1.0)
    >>> best_sentence(["heavy"], body, "en", facts_asked("how heavy is it"))
    FactSentence(sentence='It weighs 900 g.', share=1.0)
    >>> best_sentence(["重"], body, "zh", facts_asked("这个重不重")).sentence
    'It weighs 900 g.'
    >>> best_sentence(["smell"], body, "en") is None
    True
    """
    left = words_left(words, asked, locale)
    best, best_tells = FactSentence("", 0.0), False
    for sentence in described(body):
        share = share_held(words, sentence, locale)
        tells = any(told.search(sentence) for told in asked.told)
        if tells:
            share = max(share, TOLD + (1 - TOLD) * share_held(left, sentence, locale, nothing=1.0))
        if (share, tells) > (best.share, best_tells):
            best, best_tells = FactSentence(sentence, round(share, 3)), tells
    return best if best.share > 0 else None


def described(body: str) -> list[str]:
    """A description's sentences, verbatim; a list's items are sentences of their own.

    >>> described("A canvas tote. Care:\\n• Machine wash; line dry\\n• No bleach")
    ['A canvas tote.', 'Care:', 'Machine wash; line dry', 'No bleach']
    """
    lines = (line.strip(BULLETS) for line in body.splitlines())
    blocks = [Block("text", line) for line in lines if line]
    return [text for each in cut(blocks) for text in each.sentences][:MOST_SENTENCES]


def words_left(words: Sequence[str], asked: AskedFacts, locale: str) -> list[str]:
    """The words of a question that are not how it asks for a fact; all where it asks for none."""
    if not asked.told:
        return list(words)
    left = set(query_words(asked.left, locale))
    return [word for word in words if word in left]


def share_held(words: Sequence[str], sentence: str, locale: str, *, nothing: float = 0.0) -> float:
    """What share of the words a sentence holds, by their beginnings; `nothing` without any word.

    >>> share_held(["washing", "hood"], "Machine washable.", "en")
    0.5
    """
    unspaced = [word for word in words if script_of(word)]
    said = set(query_words(sentence, locale))
    held = [float(_holds(said, word)) for word in set(words).difference(unspaced)]
    if unspaced:
        held.append(min(1.0, _longest_run(sentence, unspaced) / LONG_RUN))
    return sum(held) / len(held) if held else nothing


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


def _holds(said: set[str], word: str) -> bool:
    """Whether a sentence has the word, or one of the same beginning."""
    if word in said:
        return True
    if not word.isascii() or len(word) < PREFIX:
        return False
    stem = word[: max(PREFIX, len(word) - 3)]
    return any(each.startswith(stem) for each in said)
