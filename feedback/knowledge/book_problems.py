"""Problems of the reply book: the same said twice, conflicts, slots and labels of nothing. Pure.

What is found is named for a person to look at; nothing is changed, and nothing stops being said.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from feedback.db import Question, Reply
from feedback.knowledge.slots import unknown_slots
from feedback.knowledge.stated_rules import cases_in, stated_in, without_stated
from feedback.languages import LANGUAGES

Kind = Literal["duplicate", "conflict", "slot", "locale", "label"]
ALIKE: Final = 0.8  # of the words of two replies that say the same
RULE_ALIKE: Final = 0.6  # of the words around what they state: the same rule
FEWEST: Final = 4  # words; two greetings may be alike
SHOWN: Final = 100
_WORDS: Final = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]|\{[a-z_.0-9]+\}")


class BookProblem(NamedTuple):
    """What is odd about one or two replies."""

    kind: Kind
    reply_ids: tuple[str, ...]
    says: str


def find_problems(
    replies: Sequence[Reply],
    questions: Iterable[Question],
    facts: Mapping[str, Collection[str]],
) -> list[BookProblem]:
    """Everything odd in a book; `facts` are their names, by language."""
    questions = list(questions)
    known = {reply.reply_id for reply in replies}
    return [
        *_twins(replies),
        *_labels(questions, known),
        *_asked_twice(questions),
        *_slots(replies, facts),
        *_locales(replies),
    ]


def _twins(replies: Sequence[Reply]) -> Iterator[BookProblem]:
    """Replies of one language that say the same, or the same rule with other amounts."""
    by_locale: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        by_locale[reply.locale].append(reply)
    for locale, theirs in by_locale.items():
        for one, other in _pairs(theirs):
            ids = (one.reply_id, other.reply_id)
            here = "" if locale == "en" else f" ({locale})"
            if _plain(one.text) == _plain(other.text):
                yield BookProblem("duplicate", ids, f"{ids[0]} and {ids[1]} say the same{here}")
            elif _same(one.text, other.text):
                words = f"{ids[0]} and {ids[1]} say nearly the same{here}"
                yield BookProblem("duplicate", ids, words)
            elif _contradict(one.text, other.text):
                words = f"{ids[0]} and {ids[1]} state the same rule with other numbers{here}"
                yield BookProblem("conflict", ids, words)


def _pairs(replies: Sequence[Reply]) -> list[tuple[Reply, Reply]]:
    """Those that share enough words to be looked at: by their rarest ones, not each with each."""
    words = [_words(without_stated(reply.text)) for reply in replies]
    often = Counter(word for each in words for word in each)
    having: defaultdict[str, list[int]] = defaultdict(list)
    pairs: set[tuple[int, int]] = set()
    for number, each in enumerate(words):
        if len(each) < FEWEST:
            continue
        rarest = sorted(each, key=lambda word: (often[word], word))
        # Two sets that share a part `RULE_ALIKE` of their words share one of so many rarest.
        for word in rarest[: len(each) - int(RULE_ALIKE * len(each)) + 1]:
            pairs |= {(before, number) for before in having[word]}
            having[word].append(number)
    return [(replies[one], replies[other]) for one, other in sorted(pairs)]


def _same(one: str, other: str) -> bool:
    """Whether two texts say nearly the same: amounts, times and cases with it."""
    stated = stated_in(one) == stated_in(other) and cases_in(one) == cases_in(other)
    return stated and _alike(without_stated(one), without_stated(other)) >= ALIKE


def _contradict(one: str, other: str) -> bool:
    """Whether two texts state the same rule, for the same cases, with other amounts or times."""
    stated, by_other = stated_in(one), stated_in(other)
    if not stated or not by_other or stated == by_other or cases_in(one) != cases_in(other):
        return False
    same_units = {each.of for each in stated} == {each.of for each in by_other}
    return same_units and _alike(without_stated(one), without_stated(other)) >= RULE_ALIKE


def _labels(questions: Iterable[Question], known: Collection[str]) -> Iterator[BookProblem]:
    """Questions whose reply is not in the book."""
    lost = Counter(one.reply_id for one in questions if one.reply_id and one.reply_id not in known)
    for reply_id, count in sorted(lost.items()):
        asked = f"{count} question{'s' if count > 1 else ''}"
        yield BookProblem("label", (reply_id,), f"{asked} of {reply_id}, which is not in the book")


def _asked_twice(questions: Iterable[Question]) -> Iterator[BookProblem]:
    """The same question, but for signs and capitals, with different replies."""
    asked: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for one in questions:
        if one.reply_id and (plain := _plain(one.question)):
            asked[one.locale, plain].setdefault(one.reply_id, one.question)
    for by_reply in asked.values():
        if len(by_reply) > 1:
            ids = tuple(sorted(by_reply))
            says = f"“{by_reply[ids[0]]:.80}” is answered by {' and by '.join(ids)}"
            yield BookProblem("conflict", ids, says)


def _slots(replies: Iterable[Reply], facts: Mapping[str, Collection[str]]) -> Iterator[BookProblem]:
    """Slots that nothing fills: who is answered so gets a person."""
    for reply in replies:
        for slot in unknown_slots(reply.text, facts.get(reply.locale, ())):
            says = f"nothing fills {{{slot}}} of {reply.reply_id} ({reply.locale})"
            yield BookProblem("slot", (reply.reply_id,), says)


def _locales(replies: Iterable[Reply]) -> Iterator[BookProblem]:
    for reply in replies:
        if reply.locale not in LANGUAGES:
            says = f"{reply.reply_id} is in {reply.locale!r}, which the clerk does not speak"
            yield BookProblem("locale", (reply.reply_id,), says)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.casefold()))


def _plain(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _alike(one: str, other: str) -> float:
    """The share of their words that two texts have in common.

    >>> _alike("Send it back within 30 days.", "Send it back, please, within 30 days.")
    0.8571428571428571
    """
    words, by_other = _words(one), _words(other)
    return len(words & by_other) / (len(words | by_other) or 1)
