"""Exploration among near-ties: draws a candidate, with its propensity. Pure.

A clerk that always says its first choice never learns whether the second was better. So a small
share of near-ties goes to another reply, and each impression keeps the probability with which its
reply was chosen: with it, later models are judged by what this one showed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.conversation.policy import Policy
from feedback.db import PERSON_REPLY_ID
from serving.ranker import Candidate, Ranking

NEAR: Final = 0.5  # of the first reply's odds: less is no tie, and a shopper would notice
MOST_NEAR: Final = 2  # others that share what is explored; more would each be seen too seldom
OFFERED, HANDED_OVER = "", "\0handover"  # acts that are no reply, in `acts`


class Drawn(NamedTuple):
    """What to say, and with what probability it was chosen."""

    candidate: Candidate
    probability: float


@dataclass(frozen=True)
class Explorer:
    """Draws among near-ties; the same share 0 always says the first.

    Attributes:
        share: Of the near-ties, how many are answered with another than the first reply.
        point: Draws a number from 0 to 1; chance is an argument.
    """

    share: float = 0.0
    point: Callable[[], float] = lambda: 0.0

    def __post_init__(self) -> None:
        """Refuse what is no share, or would say the better reply less often than the other."""
        if not 0 <= self.share <= 0.5:
            raise ValueError(f"share={self.share}: write it as a number from 0 to 0.5.")

    def draw(self, ranking: Ranking) -> Drawn:
        """One of the candidates that `chances` names."""
        chances = self.chances(ranking)
        left = self.point() if len(chances) > 1 else 0.0
        for candidate, probability in chances.items():
            left -= probability
            if left < 0:
                return Drawn(candidate, probability)
        first = next(iter(chances))  # rounding left a hair of the line over
        return Drawn(first, chances[first])

    def in_any_order(self, offered: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Choices in which either of two neighbours that fit almost alike may come first.

        Who only reads the first button presses it; turned at chance, that shows, and is allowed for
        where presses are learned from (`feedback.signals.position_bias`).
        """
        ordered = list(offered)
        for place in range(len(ordered) - 1 if self.share else 0):
            first, second = ordered[place : place + 2]
            if second.score >= first.score + math.log(NEAR) and self.point() >= 0.5:
                ordered[place : place + 2] = second, first
        return tuple(ordered)

    def chances(self, ranking: Ranking) -> dict[Candidate, float]:
        """With what probability each candidate is said, where the policy answers; the first first.

        Only the model explores: keyword search's scores are no odds, and the holdout must stay
        what it is. And only among replies of the book: a product's price in the catalogue is true
        or not, however near a reply on delivery's price comes.

        >>> near = (Candidate("a", 9.0), Candidate("b", 8.8), Candidate("c", 4.0))
        >>> chances = Explorer(0.1).chances(Ranking(near, 0.8, "model"))
        >>> {candidate.id: probability for candidate, probability in chances.items()}
        {'a': 0.9, 'b': 0.1}
        """
        first, *others = ranking.candidates
        near = [
            each
            for each in others
            if each.score >= first.score + math.log(NEAR)
            and each.reply_id not in (None, PERSON_REPLY_ID)
        ][:MOST_NEAR]
        explores = ranking.served_by == "model" and first.reply_id is not None
        if not explores or not near or not self.share:
            return {first: 1.0}
        return {first: 1.0 - self.share} | dict.fromkeys(near, self.share / len(near))


def acts(policy: Policy, explorer: Explorer, ranking: Ranking) -> Mapping[str, float]:
    """What the clerk does, each act with its probability: a candidate (its key) said, or none."""
    decision = policy.decide(ranking)
    if decision.kind == "answer":
        return {each.key: probability for each, probability in explorer.chances(ranking).items()}
    return {OFFERED if decision.kind == "choices" else HANDED_OVER: 1.0}
