"""Promotion gate: whether a challenger may replace the champion, from paired answers; pure.

Both answer the same held-out questions. On all of them and on the newest accepted the challenger
may lose a little, because chance alone makes it lose a little half the time. No language and no
topic may lose more than two points and more than chance explains: a gain for most must not be paid
by few; with each stands its power, what it would have noticed. Nor may what shoppers get be worse:
what is answered rightly at the version's own thresholds, and what wrongly. No reply may lose the
questions that the staff labelled with it, learned ones among them: who was taught another answer to
them by shoppers has unlearned the staff's word. A pinned answer may not be lost at all. What
shoppers already made of the champion's answers refuses together with lost held-out questions, never
alone. Every rule leaves a check behind, held or not.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from feedback.experiments import OffPolicy
from training.evaluation.exact_test import CHANCE, HARM, power, sign_test
from training.evaluation.verdict import Check, Rule, Verdict

POINTS: Final = 0.01  # of the questions: a loss this small harms nobody
GROUP_POINTS: Final = 0.02  # what a language or a large topic may lose at most
ONE_SIDED_95: Final = 1.645  # standard errors; chance passes them once in twenty
FEWEST: Final = 20  # questions in a part; of fewer only a loss past chance counts
LARGE: Final = 50  # questions a topic has, on average, to be a part of its own
LITTLE: Final = 0.2  # of power: with less a part that holds is no word for the challenger
SLOWER: Final = 1.5  # times the champion's time; the same model varies by a third on a busy core
LARGER: Final = 1.5  # times the champion's size
EVER_MS: Final = 2.0  # under that nobody notices, whatever the ratio
SHOWN_PINS: Final = 3
FEW_LOST: Final = 2  # a reply's labelled questions, of which any number may fall by chance
LABELLED_LOST: Final = 0.1  # and of a reply with many: what one has learned seldom falls


class Comparison(NamedTuple):
    """How both did on one part of the held-out questions.

    `won`: the challenger right, the champion wrong; `lost`: the other way round.
    """

    name: str
    n: int
    champion: float  # share right
    challenger: float
    won: int
    lost: int


class Pins(NamedTuple):
    """The pinned answers, and the pinned questions that the challenger answers otherwise."""

    part: Comparison
    wrong: Sequence[str] = ()


class Cost(NamedTuple):
    """What an answer and a version cost."""

    answer_ms: float
    megabytes: float


def compare(name: str, champion: Iterable[bool], challenger: Iterable[bool]) -> Comparison:
    """Pair two runs over the same questions, in the same order.

    >>> compare("all", [True, True, False], [True, False, True])
    Comparison(name='all', n=3, champion=0.666667, challenger=0.666667, won=1, lost=1)
    """
    both = list(zip(map(bool, champion), map(bool, challenger), strict=True))
    n = len(both)
    return Comparison(
        name,
        n,
        champion=round(sum(before for before, _ in both) / max(n, 1), 6),
        challenger=round(sum(now for _, now in both) / max(n, 1), 6),
        won=sum(now and not before for before, now in both),
        lost=sum(before and not now for before, now in both),
    )


def allowed_loss(part: Comparison) -> float:
    """Questions the challenger may lose net: `POINTS` of them, and what chance may take.

    Under no difference each of the won + lost questions falls either way like a coin, so their
    difference has the standard deviation sqrt(won + lost) (McNemar, Psychometrika 1947).

    >>> round(allowed_loss(Comparison("all", 400, 0.8, 0.78, won=8, lost=16)), 1)
    12.1
    """
    return POINTS * part.n + ONE_SIDED_95 * math.sqrt(part.won + part.lost)


def judge(
    parts: Iterable[Comparison],
    *,
    groups: Iterable[Comparison] = (),
    served: Sequence[Comparison] = (),
    labelled: Sequence[Comparison] = (),
    pinned: Pins | None = None,
    off_policy: OffPolicy | None = None,
    costs: tuple[Cost, Cost] | None = None,
) -> Verdict:
    """Promote unless a check fails.

    Args:
        parts: all held-out questions, and the newest accepted of them.
        groups: each language, each large topic.
        served: what shoppers would get, over all and by group.
        labelled: for each reply the questions that the staff labelled with it.
        pinned: the pinned answers; all must hold.
        off_policy: what the log says of the challenger.
        costs: of the champion and of the challenger.

    >>> judge([Comparison("all", 400, 0.8, 0.78, won=8, lost=16)]).promote
    True
    >>> print(*judge([Comparison("all", 400, 0.8, 0.6, won=10, lost=90)]).reasons)
    all: 60.0 % right of 400, the champion 80.0 %; 80 lost net, 20.4 allowed
    >>> judge([], pinned=Pins(Comparison("pinned", 2, 1.0, 0.5, won=0, lost=1))).promote
    False
    """
    parts = list(parts)
    checks = [check_part(part) for part in parts]
    checks += [check_group(group) for group in groups]
    checks += check_served(served)
    checks += check_labelled(labelled)
    if pinned is not None:
        checks.append(check_pinned(*pinned))
    if off_policy is not None:
        checks.append(check_log(off_policy))
    if costs is not None:
        checks += check_costs(*costs)
    against = [check for check in checks if check.held is False]
    loses = any(part.lost > part.won for part in parts)
    failed = [check.text for check in against if check.rule != "off_policy" or loses]
    return Verdict(not failed, tuple(failed or (check.text for check in checks)), tuple(checks))


def check_part(part: Comparison) -> Check:
    """Not worse than chance explains."""
    net, allowed = part.lost - part.won, allowed_loss(part)
    if part.n < FEWEST:
        return by_chance("held_out", part)
    if net > allowed:
        text = f"{in_words(part)}; {net} lost net, {allowed:.1f} allowed"
        return Check("held_out", part.name, False, text)
    return Check("held_out", part.name, True, in_words(part))


def check_group(group: Comparison) -> Check:
    """No more than two points lost, unless chance explains it: this is the check for bias.

    >>> check_group(Comparison("zh", 100, 0.9, 0.87, won=3, lost=6)).held
    True
    >>> check_group(Comparison("zh", 100, 0.9, 0.82, won=1, lost=9)).held
    False
    """
    return by_chance("group", group, GROUP_POINTS)


def by_chance(rule: Rule, part: Comparison, points: float = 0.0, chance: float = CHANCE) -> Check:
    """Refuses what loses more than `points`, and more than an equal model would by chance."""
    lost = (part.lost - part.won) / max(part.n, 1)
    pvalue = sign_test(part.won, part.lost)
    noticed = power(part.n, part.won, part.lost, chance=chance)
    seen = f"a loss of {HARM:.0%} would be noticed {noticed:.0%} of the time".replace("%", " %")
    if lost > points and pvalue < chance:
        text = f"{in_words(part)}; {100 * lost:.1f} points lost, by chance p = {pvalue:.3f}"
        return Check(rule, part.name, False, text)
    return Check(rule, part.name, True if noticed >= LITTLE else None, f"{in_words(part)}; {seen}")


def check_served(parts: Sequence[Comparison]) -> list[Check]:
    """What shoppers get, at each version's own thresholds: right answers, and no wrong ones.

    All parts together may refuse an equal challenger once in twenty: each has its share of that.

    >>> same = Comparison("answered rightly", 100, 0.6, 0.58, won=4, lost=6)
    >>> worse = Comparison("answered rightly, zh", 100, 0.6, 0.48, won=1, lost=13)
    >>> [check.held for check in check_served([same, worse])]
    [True, False]
    """
    chance = CHANCE / max(len(parts), 1)
    return [by_chance("served", part, GROUP_POINTS, chance) for part in parts]


def check_labelled(replies: Sequence[Comparison]) -> list[Check]:
    """No reply loses more of its labelled questions than a few; each that does is named.

    >>> check_labelled([Comparison("shipping_cost", 8, 1.0, 0.0, won=0, lost=8)])[0].text
    'labelled shipping_cost: 0.0 % right of 8, the champion 100.0 %; 8 lost net, 2 allowed'
    >>> check_labelled([Comparison("shipping_cost", 8, 1.0, 0.75, won=0, lost=2)])[0].held
    True
    """
    if not replies:
        return []
    worse = []
    for reply in replies:
        net, allowed = reply.lost - reply.won, max(FEW_LOST, int(LABELLED_LOST * reply.n))
        if net > allowed:
            named = in_words(reply._replace(name=f"labelled {reply.name}"))
            text = f"{named}; {net} lost net, {allowed} allowed"
            worse.append(Check("labelled", reply.name, False, text))
    n = sum(reply.n for reply in replies)
    text = f"labelled: {n} questions of {len(replies)} replies, none lost more than a few"
    return worse or [Check("labelled", "labelled", True, text)]


def check_pinned(pinned: Comparison, wrong: Sequence[str] = ()) -> Check:
    """All hold, also those that the champion does not."""
    missed = round(pinned.n * (1 - pinned.challenger))
    if not missed:
        return Check("pinned", pinned.name, True, f"{pinned.name}: all {pinned.n} hold")
    named = ": " + ", ".join(f"“{text}”" for text in wrong[:SHOWN_PINS]) if wrong else ""
    text = f"{pinned.name}: {missed} of {pinned.n} not answered as pinned{named}"
    return Check("pinned", pinned.name, False, text)


def check_log(found: OffPolicy) -> Check:
    """Not surely more than two points worse, by what was made of the champion's answers.

    It refuses together with held-out questions that are lost, never alone: a log made under an old
    policy speaks against every better one.
    """
    name = "off-policy"
    if found.dr is None or found.difference is None or found.logged is None:
        told = f"{name}: {found.answers} answers to {found.shoppers} shoppers"
        why = "too few to judge by"
        if found.logged is not None:
            why = f"cannot tell, only {_share(found.support)} of its answers were ever shown"
        return Check("off_policy", name, None, f"{told}; {why}")
    told = (
        f"{name}: {_share(found.dr.value)} [{_share(found.dr.low)}, {_share(found.dr.high)}] of its"
        f" answers would be accepted, {_share(found.logged.value)} were"
    )
    if found.difference.high < -GROUP_POINTS:
        return Check("off_policy", name, False, f"{told}; surely worse")
    return Check("off_policy", name, True, told)


def check_costs(champion: Cost, challenger: Cost) -> list[Check]:
    """Neither slower nor larger by half."""
    slower = challenger.answer_ms > max(SLOWER * champion.answer_ms, EVER_MS)
    larger = challenger.megabytes > LARGER * champion.megabytes
    time = f"an answer takes {challenger.answer_ms:.1f} ms, the champion's {champion.answer_ms:.1f}"
    size = f"{challenger.megabytes:.1f} MB, the champion has {champion.megabytes:.1f}"
    return [
        Check("latency", "latency", not slower, f"latency: {time}"),
        Check("size", "size", not larger, f"size: {size}"),
    ]


def in_words(part: Comparison) -> str:
    """How both did, in words."""
    return (
        f"{part.name}: {part.challenger:.1%} right of {part.n}, the champion {part.champion:.1%}"
    ).replace("%", " %")


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
