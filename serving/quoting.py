"""Quoting: which one to three sentences of a passage are said, of those that were read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

MOST_QUOTED: Final = 3
MOST_CHARS: Final = 300  # longer than that a quotation is a page
LONGER: Final = 0.05  # of its probability, what a quotation loses by each sentence more


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
    read: Mapping[tuple[int, int], float], lengths: Mapping[tuple[int, int], int]
) -> list[Quotation]:
    """The quotations that sentences give, the likeliest first; no sentence is in two.

    >>> read = {(7, 0): 0.5, (7, 1): 0.2, (9, 0): 0.1}
    >>> [tuple(each) for each in quote(read, dict.fromkeys(read, 40))]
    [(7, 0, 1, 0.7), (9, 0, 0, 0.1)]

    Args:
        read: the probability of each sentence, by its passage and place in it.
        lengths: how many characters each has.
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
    read: Mapping[tuple[int, int], float], lengths: Mapping[tuple[int, int], int]
) -> Iterator[Quotation]:
    """Every one to three sentences that were read and stand one after the other."""
    for passage, first in read:
        chars, probability = 0, 0.0
        for last in range(first, first + MOST_QUOTED):
            if (passage, last) not in read:
                break
            chars += lengths[passage, last]
            if last > first and chars > MOST_CHARS:
                break
            probability += read[passage, last]
            yield Quotation(passage, first, last, round(probability, 6))


def _worth(quotation: Quotation) -> float:
    return quotation.probability * (1 - LONGER * (quotation.last - quotation.first))
