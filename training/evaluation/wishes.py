"""Gate's group for order actions: wishes understood by both versions' heads, and wrong acts."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from serving.contract import ACTION_SURE, NO_ACTION, Turn, render_dialogue
from training.evaluation.gate import GROUP_POINTS, Comparison, by_chance, compare
from training.evaluation.verdict import Check

UNDERSTOOD, CLEAN = "actions understood", "no wrong action"
LINES: Final = Path(__file__).with_name("wishes.txt")
# A swap of what was not sent yet or of what has arrived: the order tells, not the words.
SWAP: Final = {"change_items": "swap", "exchange_items": "swap"}


class AskedWish(NamedTuple):
    """Words, and the action they ask for."""

    action: str
    words: str

    @property
    def dialogue(self) -> str:
        """As a version is asked."""
        return render_dialogue([Turn("shopper", self.words)])


@cache
def asked_wishes() -> tuple[AskedWish, ...]:
    """The wishes that ship for this, in both languages; no version has learned them."""
    lines = LINES.read_text(encoding="utf-8").splitlines()
    told = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(AskedWish(action, words) for action, words in told)


def acted(actions: Mapping[str, float]) -> str:
    """What a head is sure enough of for the clerk to act on it.

    >>> acted({"none": 0.3, "change_items": 0.4, "exchange_items": 0.3}), acted({"none": 0.9})
    ('swap', 'none')
    """
    sums: dict[str, float] = {}
    for action, sure in actions.items():
        sums[kind(action)] = sums.get(kind(action), 0.0) + sure
    best = max(sums, key=lambda action: sums[action], default=NO_ACTION)
    return best if sums.get(best, 0.0) >= ACTION_SURE else NO_ACTION


def kind(action: str) -> str:
    """The kind of wish: both swaps are one."""
    return SWAP.get(action, action)


def compare_actions(
    wishes: Sequence[AskedWish],
    champion: Iterable[Mapping[str, float]],
    challenger: Iterable[Mapping[str, float]],
) -> list[Comparison]:
    """Wishes acted on rightly, and not acted on wrongly; nothing where a version has no head."""
    before, now = [acted(each) for each in champion], [acted(each) for each in challenger]
    if not len(before) == len(now) == len(wishes):
        return []
    wanted = [kind(wish.action) for wish in wishes]

    def clean(said: Sequence[str]) -> list[bool]:
        return [act in (NO_ACTION, right) for act, right in zip(said, wanted, strict=True)]

    def right(said: Sequence[str]) -> list[bool]:
        return [act == wish for act, wish in zip(said, wanted, strict=True)]

    return [
        compare(UNDERSTOOD, right(before), right(now)),
        compare(CLEAN, clean(before), clean(now)),
    ]


def check_actions(part: Comparison) -> Check:
    """Wrong acts may rise by chance alone, and wishes understood fall by two points besides.

    A head is fitted anew at each retraining, so that two equal ones differ by a wish or two of the
    64; before anything is written the shopper says yes to what is shown.

    >>> check_actions(Comparison(CLEAN, 64, 0.984375, 0.953125, won=0, lost=2)).held
    True
    >>> check_actions(Comparison(CLEAN, 64, 1.0, 0.921875, won=0, lost=5)).held
    False
    """
    points = 0.0 if part.name == CLEAN else GROUP_POINTS
    check = by_chance("actions", part, points)
    more = part.lost - part.won
    if part.name != CLEAN or more <= 0:
        return check
    return check._replace(text=f"{check.text}; {more} wrong acts more")
