"""Lessons of the reader: invented help pages, what shoppers ask, and which sentence answers.

Each shop states some of the facts in `facts/*.txt` or of trades (`trades.py`), with values of its
own. What is asked of a fact it states has an answer; what is asked of one it leaves out, or with
another country, item or plan than it names, has none, though its pages hold sentences much alike.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np

from serving.passage_search import PassageText

FACTS: Final = Path(__file__).parent / "facts"
STATED: Final = 0.6  # share of the facts that a shop states
REPEATED: Final = 0.4  # of the facts with something asked for by name: stated of several of them
SECTION_ASKS: Final = 0.25  # headings that are a question
FILLED: Final = 0.5  # facts before which stands a sentence that answers nothing
CONTENTS: Final = 0.15  # sections whose heading stands there once more, as in a table of contents
TOGETHER: Final = 0.5  # pages that state several facts in one passage
TITLE_ALONE: Final = 0.3  # of those: without a heading of their own
ASKED: Final = 3  # questions about a fact
MOST_FACTS: Final = 4  # in a passage
ANSWERS: Final = 2  # the mark of a sentence that answers
OTHER: Final = "FAQ"  # the page of facts whose heading is a question
SLOT: Final = re.compile(r"\{([a-z]+)(\d?)\}")

Values = Mapping[str, tuple[str, ...]]
NO_VALUES: Final[Values] = MappingProxyType({})
NUMBERS: Final = frozenset({"{n}", "{m}"})


class HelpFact(NamedTuple):
    """Something help pages state: headings it may stand under, wordings, ways to ask."""

    headings: tuple[str, ...]
    statements: tuple[str, ...]
    questions: tuple[str, ...]
    values: Values = NO_VALUES  # of slots of its own
    amounts: frozenset[str] = NUMBERS  # slots whose value names nothing: a rule holds for any

    def names(self, statement: str) -> frozenset[str]:
        """The slots that a statement and the questions share: what is asked for by name."""
        asked = {match[0] for question in self.questions for match in SLOT.finditer(question)}
        said = {match[0] for match in SLOT.finditer(statement)}
        return frozenset(asked & said) - self.amounts


class LessonQuestion(NamedTuple):
    """A question with the sentences that answer it, as (passage, sentence); empty: none does."""

    question: str
    answers: frozenset[tuple[int, int]]


@dataclass
class InventedShop:
    """The pages of one shop, and what is asked of them."""

    passages: list[PassageText] = field(default_factory=list)
    asked: list[LessonQuestion] = field(default_factory=list)


def read_facts(locale: str) -> list[HelpFact]:
    """The facts of a language."""
    facts = []
    for path in sorted(FACTS.glob(f"*.{locale}.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            lines = dict(
                (line[0], tuple(re.split(r" \|\| | \| ", line[2:])))
                if line[0] == "="
                else (line[0], tuple(line[2:].split(" || ")))
                for line in block.strip().splitlines()
            )
            facts.append(HelpFact(lines["="], lines["-"], lines.get("?", ())))
    return facts


def read_values(locale: str) -> Values:
    """What a slot may hold."""
    values = {}
    for line in (FACTS / "slots.txt").read_text(encoding="utf-8").splitlines():
        name, _, held = line.partition(" ")
        if name.endswith(f".{locale}"):
            values[name.removesuffix(f".{locale}")] = tuple(held.split(", "))
    return values


def invent_shop(
    facts: Sequence[HelpFact], values: Values, chance: np.random.Generator
) -> InventedShop:
    """A shop that states some of the facts."""
    shop = InventedShop()
    order = chance.permutation(len(facts))
    stated = [facts[i] for i in order[: round(STATED * len(facts))] if facts[i].questions]
    fillers = [fact for fact in facts if not fact.questions]
    by_page: dict[str, list[HelpFact]] = {}
    for fact in stated:
        page = OTHER if SLOT.search(fact.headings[0]) else fact.headings[0]
        by_page.setdefault(page, []).append(fact)
    for page, held in by_page.items():
        for start in range(0, len(held), MOST_FACTS):
            _write(shop, page, held[start : start + MOST_FACTS], fillers, values, chance)
    for i in order[round(STATED * len(facts)) :]:
        for question in _some(facts[i].questions, 1, chance):
            drawn = _draw(question, {**values, **facts[i].values}, chance)
            shop.asked.append(LessonQuestion(_fill(question, drawn), frozenset()))
    return shop


class _Said(NamedTuple):
    """The sentences of a passage that is being written."""

    sentences: list[str]
    leads: list[str]

    def add(self, sentence: str, lead: str = "") -> None:
        self.sentences.append(sentence)
        self.leads.append(lead)

    def passage(self, *headings: str) -> PassageText:
        return PassageText(headings, tuple(self.sentences), tuple(self.leads))


def _write(
    shop: InventedShop,
    page: str,
    facts: Sequence[HelpFact],
    fillers: Sequence[HelpFact],
    values: Values,
    chance: np.random.Generator,
) -> None:
    """One passage or one a fact, under the page's title."""
    together = page != OTHER and len(facts) > 1 and chance.random() < TOGETHER
    said = _Said([], [])
    for fact in facts:
        statement = fact.statements[chance.integers(len(fact.statements))]
        asks = _heading(fact, chance)
        held = {**values, **fact.values}
        drawn = _draw("".join((asks, statement, *fact.questions)), held, chance)
        heading = _fill(asks, drawn)
        heading = heading[:1].upper() + heading[1:]
        if not together:
            said = _Said([], [])
        if chance.random() < FILLED:
            said.add(_filler(fillers, values, chance))
        if not together and chance.random() < CONTENTS:
            said.add(heading)
        chosen = _Chosen(statement, drawn, once=bool(SLOT.search(asks)))
        _state(shop, fact, chosen, said, held, chance)
        if not together:
            shop.passages.append(said.passage(page, heading))
    if together:
        above = (page,) if chance.random() < TITLE_ALONE else (page, facts[0].headings[-1])
        shop.passages.append(said.passage(*above))


class _Chosen(NamedTuple):
    """A fact's statement, the values of its slots, and whether it is said of one thing alone."""

    statement: str
    drawn: dict[str, str]
    once: bool


def _state(
    shop: InventedShop,
    fact: HelpFact,
    chosen: _Chosen,
    said: "_Said",
    values: Values,
    chance: np.random.Generator,
) -> None:
    """Say a fact, of several things where it is asked for by name, and ask about it."""
    statement, drawn, once = chosen
    names = fact.names(statement)
    naming = [q for q in fact.questions if any(name in q for name in names)]
    times = 1
    if names and chance.random() < REPEATED:
        times = int(chance.integers(2, 5))
    lead, _, rest = statement.rpartition(" >> ")
    as_list = lead.endswith((":", "：", ": ")) and not SLOT.search(lead)
    if as_list:
        said.add(lead)
        times = max(times, 3)
    times = 1 if once else times
    held: set[str] = set()
    places: list[tuple[int, int]] = []
    for number in range(times):
        if number:
            drawn = _draw("".join((statement, *fact.questions)), values, chance)
        named = " ".join(drawn[name] for name in sorted(names))
        if named in held:
            continue
        held.add(named)
        text = _fill(rest if as_list else statement.replace(" >> ", " | "), drawn)
        places.append((len(shop.passages), len(said.sentences)))
        said.add(text, lead if as_list else "")
        for question in _some(naming, ASKED, chance):
            shop.asked.append(LessonQuestion(_fill(question, drawn), frozenset(places[-1:])))
    for question in _some([q for q in fact.questions if q not in naming], ASKED, chance):
        drawn = _draw(question, values, chance)
        shop.asked.append(LessonQuestion(_fill(question, drawn), frozenset(places)))
    _ask_of_others(shop, naming, held, values, chance)


def _ask_of_others(
    shop: InventedShop,
    naming: Sequence[str],
    held: set[str],
    values: Values,
    chance: np.random.Generator,
) -> None:
    """Ask of something that is not named there; a number is no name, the rule holds for it."""
    for question in _some(naming, 1, chance):
        drawn = _draw(question, values, chance)
        numbers = all(value[0].isdigit() for value in drawn.values())
        if not numbers and not any(value in said for said in held for value in drawn.values()):
            shop.asked.append(LessonQuestion(_fill(question, drawn), frozenset()))


def _filler(fillers: Sequence[HelpFact], values: Values, chance: np.random.Generator) -> str:
    """A sentence that answers nothing."""
    fact = fillers[int(chance.integers(len(fillers)))]
    filler = fact.statements[int(chance.integers(len(fact.statements)))]
    return _fill(filler, _draw(filler, {**values, **fact.values}, chance))


def _heading(fact: HelpFact, chance: np.random.Generator) -> str:
    """What stands above a fact, its slots open; sometimes a question."""
    if chance.random() < SECTION_ASKS:
        return fact.questions[chance.integers(len(fact.questions))]
    return fact.headings[chance.integers(min(1, len(fact.headings) - 1), len(fact.headings))]


def _draw(text: str, values: Values, chance: np.random.Generator) -> dict[str, str]:
    """A value for each slot; slots of one kind differ."""
    drawn: dict[str, str] = {}
    for match in SLOT.finditer(text):
        name = match[1] if match[1] + match[2] not in values else match[1] + match[2]
        if match[0] not in drawn:
            free = [each for each in values[name] if each not in drawn.values()] or values[name]
            drawn[match[0]] = free[chance.integers(len(free))]
    return drawn


def _fill(text: str, drawn: Mapping[str, str]) -> str:
    return SLOT.sub(lambda match: drawn[match[0]], text)


def _some(texts: Sequence[str], most: int, chance: np.random.Generator) -> Iterator[str]:
    yield from (texts[i] for i in chance.permutation(len(texts))[:most])


def pool(pairs: Sequence[tuple[str, str]]) -> InventedShop:
    """Questions with their answers, as one shop's pages without headings."""
    passages = [PassageText((), (text,)) for text in dict.fromkeys(text for _, text in pairs)]
    place = {passage.sentences[0]: number for number, passage in enumerate(passages)}
    asked = [LessonQuestion(question, frozenset({(place[text], 0)})) for question, text in pairs]
    return InventedShop(passages, asked)


def judged(question: str, sentences: Sequence[tuple[str, int]]) -> InventedShop:
    """A question with sentences that people marked 2 where they answer it, 1 where they help."""
    passages = [PassageText((), (text,)) for text, _ in sentences]
    right = frozenset((place, 0) for place, (_, mark) in enumerate(sentences) if mark == ANSWERS)
    return InventedShop(passages, [LessonQuestion(question, right)])
