"""Facts of trades' help pages (`training.starter`), and shops invented from them.

A real site is about one trade: what a sentence is easily taken for is about the same things. And
it has many more pages than a trade's facts fill: so a shop states some of what a trade's pages
state, two other trades' and every shop's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from training.reader.lessons import (
    HelpFact,
    InventedShop,
    Values,
    invent_shop,
    read_facts,
    read_values,
)
from training.starter import PageFact, our_page_facts

SIDES: Final = ("en", "zh")
OTHERS: Final = 2  # trades beside the one
BESIDE: Final = 24  # facts that every shop may state
# Money, time, shares and bare numbers, in English: "for how many days" names none of them.
AMOUNT: Final = re.compile(
    r"[$€£]?[\d.,:]+ ?(%|[ap]m|percent|dollars?|euros?|pounds?|yuan|seconds?|minutes?|hours?|days?|"
    r"(business|working) days|weeks?|months?|years?)?"
)


class Trade(NamedTuple):
    """What the pages of a trade state, in one language."""

    name: str
    facts: tuple[HelpFact, ...]


def read_trades(locale: str, facts: Iterable[PageFact] | None = None) -> list[Trade]:
    """Every trade, by its name; `facts` are those that ship."""
    side = SIDES.index(locale)
    trades: dict[str, list[HelpFact]] = {}
    for fact in our_page_facts() if facts is None else facts:
        trades.setdefault(fact.trade, []).append(_help_fact(fact, side))
    return [Trade(name, tuple(held)) for name, held in trades.items()]


def trade_shops(
    locale: str, trades: Sequence[Trade], times: int, chance: np.random.Generator
) -> Iterator[InventedShop]:
    """`times` shops of each trade."""
    general, values = read_facts(locale), read_values(locale)
    fillers = [fact for fact in general if not fact.questions]
    asked = [fact for fact in general if fact.questions]
    for place in [*range(len(trades))] * times:
        others = [i for i in chance.permutation(len(trades)) if i != place][:OTHERS]
        facts = [fact for i in (place, *others) for fact in trades[i].facts]
        facts += [asked[i] for i in chance.permutation(len(asked))[:BESIDE]]
        yield invent_shop([*facts, *fillers], values, chance)


def _help_fact(fact: PageFact, side: int) -> HelpFact:
    values: Values = {
        name: tuple(dict.fromkeys(pair[side] for pair in slot.values))
        for name, slot in fact.slots.items()
    }
    amounts = {
        f"{{{name}}}"
        for name, slot in fact.slots.items()
        if all(AMOUNT.fullmatch(english) for english, _ in slot.values)
    }
    headings, statements, questions = (
        tuple(pair[side] for pair in pairs)
        for pairs in (fact.headings, fact.statements, fact.questions)
    )
    return HelpFact(headings, statements, questions, values, frozenset(amounts))
