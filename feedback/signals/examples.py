"""Training examples from the staff's questions and from what people accepted.

Personal data is taken out first, no shopper counts more than a few times, what contradicts itself
goes to the staff, and a thumbs-down keeps everything that only shoppers vouch for out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from feedback.db import Database, Period, Retraining
from feedback.redaction import redact
from feedback.signals.evidence import Evidence, read_evidence
from feedback.signals.refused_replies import RefusedReply
from feedback.signals.registry import CHOICE_SIGNAL, SIGNALS, Signal
from feedback.signals.shown_reply import ShownReply
from feedback.signals.topic_caps import admit, vouched_for
from feedback.signals.trust_rules import Words, balanced, clipped, same_words, settle
from feedback.signals.weights import QUESTION, Example

__all__ = ["Example", "Gathered", "clean_turns", "collect", "gather"]

MAX_TURNS: Final = 8  # as many as the model reads
PER_SHOPPER: Final = 10  # examples one shopper may add: nobody teaches the clerk alone
PER_ADDRESS: Final = 10  # and one address a day: a farm makes as many shoppers as it likes


class Gathered(NamedTuple):
    """What is learned from, and what was left out of it."""

    examples: list[Example]
    torn: tuple[str, ...] = ()  # impressions that contradict one another: for the staff to judge
    burst_votes: int = 0  # thumbs and presses that came too many at once from one address
    over_cap: Mapping[str, int] = MappingProxyType({})  # examples without a place, by topic


def collect(
    db: Database,
    *,
    now: datetime,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
    per_shopper: int = PER_SHOPPER,
) -> list[Example]:
    """The examples of `gather`."""
    return gather(
        db,
        now=now,
        direct_window=direct_window,
        assisted_window=assisted_window,
        per_shopper=per_shopper,
    ).examples


def gather(
    db: Database,
    *,
    now: datetime,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
    per_shopper: int = PER_SHOPPER,
    signals: Sequence[Signal] = SIGNALS,
) -> Gathered:
    """Everything worth learning from, strongest signal first where the same was said twice.

    Args:
        db: the store.
        now: the end of what is read.
        direct_window: from a click to its purchase, as in the report.
        assisted_window: from a dialogue to an order, as in the report.
        per_shopper: the most examples one shopper may add.
        signals: what is learned from.
    """
    evidence = read_evidence(
        db,
        Period(None, now),
        direct_window=direct_window,
        assisted_window=assisted_window,
        signals=signals,
    )
    refused = [(_words(each), each) for each in evidence.refused]
    retrained = Retraining(db).promoted_until()
    settled = settle(
        [*_from_questions(evidence), *_few_each(_from_shown(evidence, signals), per_shopper)],
        vetoed=((words, each.reply_id) for words, each in refused if each.by_staff),
        disliked=(
            (words, each.reply_id, each.impression_id, each.shopper_id)
            for words, each in refused
            if not each.by_staff
        ),
    )
    admitted = admit(_folded(settled.kept), retrained)
    examples = _with_rejected(admitted.kept, refused)
    return Gathered(balanced(examples), settled.torn, evidence.set_aside, admitted.left_out)


def _from_questions(evidence: Evidence) -> Iterator[Example]:
    said_by = _who_said(evidence)
    for question in evidence.questions:
        said = [(turn["speaker"], turn["text"]) for turn in question.history]
        turns = clean_turns([*said, ("shopper", question.question)], ())
        if turns is not None:
            yield Example(
                turns=turns,
                reply_id=question.reply_id,
                weight=QUESTION,
                locale=question.locale,
                at=question.labelled_at,
                pinned=question.pinned,
                shoppers=said_by.get(same_words(question.question, question.locale), ()),
            )


def _who_said(evidence: Evidence) -> dict[Words, tuple[str, ...]]:
    """The shoppers whose words the staff took into the book: theirs still, and erased with them."""
    found: defaultdict[Words, dict[str, None]] = defaultdict(dict)
    for shown in evidence.shown:
        found[same_words(shown.turns[-1][1], shown.locale)][shown.shopper_id] = None
    return {words: tuple(shoppers) for words, shoppers in found.items()}


def _from_shown(evidence: Evidence, signals: Sequence[Signal]) -> Iterator[Example]:
    for shown in evidence.shown:
        strongest = _strongest_signal(shown, evidence, signals)
        turns = clean_turns(shown.turns, shown.known) if strongest else None
        if strongest and turns:
            yield _example(shown, strongest, turns, evidence)


def _strongest_signal(
    shown: ShownReply, evidence: Evidence, signals: Iterable[Signal]
) -> Signal | None:
    """The strongest that names the right reply; None where there is none, or it is vetoed."""
    # Refused by the staff: what would have been right, they alone say. Disliked: so do they.
    refused = shown.verdict in ("corrected", "rejected")
    vetoed = refused or shown.dialogue_id in evidence.disliked_dialogues
    found = (each for each in signals if each.name in shown.right)
    return max(
        (each for each in found if each.vouched_by == "staff" or not vetoed),
        key=lambda each: each.weight,
        default=None,
    )


def _example(
    shown: ShownReply, signal: Signal, turns: tuple[tuple[str, str], ...], evidence: Evidence
) -> Example:
    right, by_staff = shown.right[signal.name], signal.vouched_by == "staff"
    wrong = (shown.reply_id,) if by_staff and shown.reply_id not in (None, right) else ()
    weight = signal.weight
    if signal.name == CHOICE_SIGNAL and shown.pressed is not None:
        weight *= evidence.place_weights.get(shown.pressed, 1.0)
    return Example(
        turns,
        right,
        weight if by_staff else clipped(weight, shown.propensity),
        rejected=tuple(reply_id for reply_id in wrong if reply_id),
        locale=shown.locale,
        at=shown.at,
        signal=signal.name,
        impression_id=shown.impression_id,
        shoppers=(shown.shopper_id,),
        believed=shown.believed,
        bought=shown.shopper_id in evidence.buyers,
        origin=shown.origin,
    )


def clean_turns(
    turns: Iterable[tuple[str, str]], known: Iterable[str]
) -> tuple[tuple[str, str], ...] | None:
    """The last turns without personal data; None where a person would have to look first."""
    values = tuple(known)
    cleaned = []
    for speaker, text in list(turns)[-MAX_TURNS:]:
        result = redact(text, values)
        if result.quarantined:
            return None
        cleaned.append((speaker, result.text))
    return tuple(cleaned) or None


def _few_each(examples: Iterable[Example], per_shopper: int) -> Iterator[Example]:
    """The strongest of each shopper, and of each address: which has another hash each day."""
    few = _strongest(examples, lambda example: example.shoppers, per_shopper)
    return _strongest(
        few, lambda example: None if vouched_for(example) else example.origin, PER_ADDRESS
    )


def _strongest(
    examples: Iterable[Example], who: Callable[[Example], object], most: int
) -> Iterator[Example]:
    by_source: defaultdict[object, list[Example]] = defaultdict(list)
    for example in examples:
        by_source[who(example)].append(example)
    for source, theirs in by_source.items():
        if source is not None:
            theirs = sorted(theirs, key=_strength, reverse=True)[:most]
        yield from theirs


def _folded(examples: Iterable[Example]) -> list[Example]:
    """The same dialogue with the same reply once, under its strongest signal."""
    kept: dict[tuple[object, ...], Example] = {}
    for example in examples:
        key = (example.turns, example.reply_id, example.locale)
        before = kept.get(key)
        if before is None:
            kept[key] = example
            continue
        strongest = max(before, example, key=_strength)
        wrong = dict.fromkeys([*before.rejected, *example.rejected])
        pinned = before.pinned or example.pinned
        both = dict.fromkeys([*before.shoppers, *example.shoppers])
        kept[key] = replace(strongest, rejected=tuple(wrong), pinned=pinned, shoppers=tuple(both))
    return list(kept.values())


def _words(refused: RefusedReply) -> Words:
    return same_words(redact(refused.words).text, refused.locale)


def _with_rejected(
    examples: list[Example], refused: Iterable[tuple[Words, RefusedReply]]
) -> list[Example]:
    """Add the replies that were refused for the same question elsewhere."""
    elsewhere: defaultdict[Words, list[str]] = defaultdict(list)
    for words, each in refused:
        elsewhere[words].append(each.reply_id)
    joined = []
    for example in examples:
        others = elsewhere.get(same_words(example.turns[-1][1], example.locale), ())
        wrong = dict.fromkeys([*example.rejected, *others])
        wrong.pop(example.reply_id or "", None)
        joined.append(replace(example, rejected=tuple(wrong)))
    return joined


def _strength(example: Example) -> tuple[float, datetime | None]:
    return example.weight, example.at
