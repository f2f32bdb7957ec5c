"""Quoting: which one to three sentences of a passage are said, of those that were read."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

MOST_QUOTED: Final = 3
MOST_CHARS: Final = 300  # longer than that a quotation is a page
WORTH_SAYING: Final = 0.02  # the probability a sentence must add


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
    quotations = []
    free = dict(sorted(read.items(), key=lambda item: -item[1]))
    while free:
        (passage, first), probability = next(iter(free.items()))
        last, room = first, MOST_CHARS - lengths[passage, first]
        while last - first + 1 < MOST_QUOTED:
            beside = [(passage, place) for place in (first - 1, last + 1)]
            best = max(
                (each for each in beside if each in free and lengths[each] <= room),
                key=lambda each: free[each],
                default=None,
            )
            if best is None or free[best] < WORTH_SAYING:
                break
            first, last = min(first, best[1]), max(last, best[1])
            room -= lengths[best]
            probability += free[best]
        for place in range(first, last + 1):
            del free[passage, place]
        quotations.append(Quotation(passage, first, last, round(probability, 6)))
    return sorted(quotations, key=lambda each: -each.probability)
