"""Order of quotations beyond the reader's: what the staff taught, who wins a contradiction. Pure.

The reader tells which sentence answers. Two things it can not know: that the staff have said
which passage answers a question, and that of two pages the policy, or the newer one, holds.
"""

from collections.abc import Sequence
from typing import Final

from bot.knowledge.page_index import IndexedPages
from feedback.knowledge import question_key
from serving.quoting import Quotation

TAUGHT: Final = 0.99  # how sure the staff's word makes an answer
SENTENCES: Final = 2  # said of a taught passage in which the reader finds none


def taught_first(
    quotations: Sequence[Quotation], question: str, pages: IndexedPages
) -> list[Quotation]:
    """The passage first that the staff said should have answered this very question."""
    number = pages.taught.get(question_key(question))
    if number is None:
        return list(quotations)
    last = min(SENTENCES, len(pages.passages[number].sentences)) - 1
    own = [each for each in quotations if each.passage == number]
    first, *others = own or [Quotation(number, 0, last, TAUGHT)]
    rest = [*others, *(each for each in quotations if each.passage != number)]
    return [first._replace(probability=TAUGHT), *rest]


def winners_first(quotations: Sequence[Quotation], pages: IndexedPages) -> list[Quotation]:
    """Of quotations that contradict each other, the policy page's or the newer one's goes first.

    It takes the place and the probability of the one that it wins over.
    """
    ordered = list(quotations)
    places = {pages.passages[each.passage].passage_id: at for at, each in enumerate(ordered)}
    for lost, winner in pages.overruled.items():
        at, behind = places.get(lost, len(ordered)), places.get(winner, 0)
        if at < behind:
            first, second = ordered[at], ordered[behind]
            ordered[at] = second._replace(probability=first.probability)
            ordered[behind] = first._replace(probability=second.probability)
            places[winner], places[lost] = at, behind
    return ordered
