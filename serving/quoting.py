"""Quoting: which one to three sentences of a passage are said, the likeliest among them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

MOST_QUOTED: Final = 3
MOST_CHARS: Final = 300  # longer than that a quotation is a page
CONTEXT: Final = 0.03  # of its probability, what a quotation wins by each sentence more


class Quotation(NamedTuple):
    """Sentences of a passage that stand one after the other, `first` to `last`."""

    passage: int
    first: int
    last: int
    probability: float  # that they answer

    def text(self, sentences: Sequence[str], leads: Sequence[str]) -> str:
        """The sentences verbatim, below what introduces them."""
        said = sentences[self.first : self.last + 1]
        lead = leads[self.first] if self.first < len(leads) else ""
        joint = "" if any("\u4e00" <= char <= "\u9fff" for char in said[0]) else " "
        listed = bool(lead) and len(said) > 1
        text = ("\n" if listed else joint).join(said)
        return f"{lead}\n{text}" if lead and len(lead) + len(text) <= MOST_CHARS else text


def quote(
    read: Mapping[tuple[int, int], float], lengths: Mapping[int, Sequence[int]]
) -> list[Quotation]:
    """The quotations that sentences give, the likeliest first; no sentence is in two.

    What stands beside a likely sentence is said with it where there is room, read or not: often it
    says the rest, and it is never in the way.

    >>> read = {(7, 0): 0.5, (7, 1): 0.2, (9, 0): 0.1}
    >>> [tuple(each) for each in quote(read, {7: [40, 90], 9: [200, 120]})]
    [(7, 0, 1, 0.7), (9, 0, 0, 0.1)]

    Args:
        read: the probability of each sentence, by its passage and place in it.
        lengths: how many characters each sentence of those passages has.
    """
    runs = sorted(_runs(read, lengths), key=lambda each: -_worth(each))
    said: set[tuple[int, int]] = set()
    quotations = []
    for each in runs:
        held = {(each.passage, place) for place in range(each.first, each.last + 1)}
        if not held & said:
            said |= held
            quotations.append(each)
    return quotations


def _runs(
    read: Mapping[tuple[int, int], float], lengths: Mapping[int, Sequence[int]]
) -> Iterator[Quotation]:
    """Every one to three sentences that stand one after the other, one of them read."""
    starts = {
        (passage, first): None
        for passage, place in read
        for first in range(max(0, place - MOST_QUOTED + 1), place + 1)
    }
    for passage, first in starts:
        chars, probability, among = 0, 0.0, False
        for last, length in enumerate(lengths[passage][first : first + MOST_QUOTED], first):
            chars += length
            if last > first and chars > MOST_CHARS:
                break
            among = among or (passage, last) in read
            probability += read.get((passage, last), 0.0)
            if among:
                yield Quotation(passage, first, last, round(probability, 6))


def _worth(quotation: Quotation) -> float:
    return quotation.probability * (1 + CONTEXT * (quotation.last - quotation.first))
