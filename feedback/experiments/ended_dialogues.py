"""Ends of dialogues: how many turns a resolved one took, and what was said last in a lost one."""

from collections import Counter
from typing import Any, Final

import ibis

from feedback.db import Period, to_micros
from feedback.experiments.dialogue_outcomes import dialogues
from feedback.experiments.results import DialogueEnds

QUESTIONS: Final = ("choices", "ask")  # the shopper never took them up
SHOWN: Final = 3


def dialogue_ends(backend: Any, period: Period) -> DialogueEnds:
    """Of the dialogues begun in the period, those known to be over by its end.

    Lost is one that nobody was called to and that was not resolved, or whose last word is a
    question of the clerk's.
    """
    told = dialogues(backend, period.until, period.since)
    said = backend.table("dialogueturn")
    turns = said.filter(said.speaker == "shopper").group_by("dialogue_id")
    rows = told.select("dialogue_id", "resolved", "handed").left_join(
        turns.aggregate(turns=lambda each: each.count()), "dialogue_id"
    )
    rows = rows.drop("dialogue_id_right").left_join(_last_words(backend, period), "dialogue_id")
    counted = rows.group_by("resolved", "handed", "turns", "kind", "reply_id").aggregate(
        n=lambda each: each.count()
    )
    lengths, lost = Counter[int](), Counter[str]()
    for row in counted.to_pyarrow().to_pylist():
        asked = row["kind"] in QUESTIONS
        if row["resolved"] in ("confirmed", "durable") and not asked:
            lengths[int(row["turns"] or 0)] += int(row["n"])
        elif not row["handed"] and (row["resolved"] == "no" or asked) and row["resolved"] != "open":
            lost[row["reply_id"] or row["kind"] or "nothing"] += int(row["n"])
    return DialogueEnds(
        resolved=lengths.total(),
        turns=_median(lengths),
        lost=lost.total(),
        lost_after=tuple(sorted(lost.items(), key=lambda one: (-one[1], one[0]))[:SHOWN]),
    )


def _last_words(backend: Any, period: Period) -> Any:
    """What each dialogue was shown last: `kind` and `reply_id`."""
    shown = backend.table("impression")
    shown = shown.filter(shown.shown_at < to_micros(period.until))
    order = [shown.shown_at.desc(), shown.impression_id]
    place = ibis.row_number().over(group_by=shown.dialogue_id, order_by=order)
    last = shown.select("dialogue_id", "kind", "reply_id", place=place)
    return last.filter(last.place == 0).drop("place")


def _median(counted: Counter[int]) -> float | None:
    """The middle of counted numbers; None where there are none.

    >>> _median(Counter({1: 2, 2: 1, 5: 1})), _median(Counter())
    (1.5, None)
    """
    values = sorted(counted.elements())
    middle = len(values) // 2
    if not values:
        return None
    return float(values[middle] if len(values) % 2 else sum(values[middle - 1 : middle + 1]) / 2)
