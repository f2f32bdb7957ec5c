"""What became of each dialogue, one row each: every rate of dialogues agrees with this table.

A dialogue is resolved when the shopper said so (a thumb up, none down), or when it was answered,
never handed over, and the shopper did not come back within 72 hours. Dialogues younger than that
are `open`: they count in the denominator, which is all dialogues, and may still be resolved.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import ibis

from feedback.db import MICROSECOND, Database, Period, from_micros, to_micros
from feedback.experiments import event_view
from feedback.experiments.results import DialogueRates
from feedback.sales import Conversion

RETURN: Final = timedelta(hours=72)
RETURN_MICROS: Final = RETURN // MICROSECOND
FIELDS: Final = (
    "dialogue_id", "shopper_id", "started_at", "channel", "locale", "arm", "model_version",
    "reply_id", "answered", "thumbs_up", "thumbs_down", "resolved", "handed_over",
    "handover_reason", "order_id", "revenue", "currency",
)  # fmt: skip
ANSWERS: Final = ("answer", "products", "choices")  # kinds of impressions that answer
BATCH: Final = 10_000  # rows held at once while they are written
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


class Outcome(NamedTuple):
    """One dialogue; the order and its revenue are attributed, not caused."""

    dialogue_id: str
    shopper_id: str
    started_at: datetime
    channel: str
    locale: str
    arm: str
    model_version: int | None
    reply_id: str | None
    answered: bool
    thumbs_up: int
    thumbs_down: int
    resolved: str  # confirmed, durable, open, no
    handed_over: bool
    handover_reason: str | None
    order_id: str | None = None
    revenue: Decimal | None = None
    currency: str | None = None


def dialogues(backend: Any, until: datetime, since: datetime | None = None) -> Any:
    """The expression of one row a dialogue begun in the period, as known at `until`."""
    shown = backend.table("impression")
    shown = shown.filter(shown.shown_at < to_micros(until))
    if since is not None:
        shown = shown.filter(shown.shown_at >= to_micros(since))
    seen = shown.group_by("dialogue_id").aggregate(
        answered=ibis.ifelse(shown.kind.isin(ANSWERS), 1, 0).max(),
        handed=ibis.ifelse(shown.kind == "handover", 1, 0).max(),
        version=shown.model_version.min(),
        reply_id=shown.reply_id.min(),
        locale=shown.locale.min(),
    )
    rated = event_view.thumbs(backend).inner_join(
        shown.select("impression_id", "dialogue_id"), "impression_id"
    )
    votes = rated.group_by("dialogue_id").aggregate(
        thumbs_up=rated.up.sum(), thumbs_down=(1 - rated.up).sum()
    )
    return dialogues_of(backend, seen, votes, until, since)


def dialogues_of(
    backend: Any, seen: Any, votes: Any, until: datetime, since: datetime | None = None
) -> Any:
    """The same, from what was shown (`answered`, `handed`, …) and voted in each dialogue."""
    talks = backend.table("dialogue")
    talks = talks.anti_join(backend.table("uncounted"), "shopper_id")
    talks = talks.filter(talks.started_at < to_micros(until))
    if since is not None:  # what follows a dialogue of the period is of the period, too
        talks = talks.filter(talks.started_at >= to_micros(since))
    following = talks.started_at.lead().over(
        group_by=talks.shopper_id, order_by=[talks.started_at, talks.dialogue_id]
    )
    talks = talks.select(
        "dialogue_id", "shopper_id", "started_at", "last_at", "channel", "locale", "arm", "state",
        "handover_reason", following=following,
    )  # fmt: skip
    seen = seen.rename(shown_locale="locale", shown_handed="handed")
    rows = talks.left_join(seen, "dialogue_id").drop("dialogue_id_right")
    rows = rows.left_join(votes, "dialogue_id").drop("dialogue_id_right")
    told = judged(rows, until)
    return told.drop("following", "state", "last_at", "shown_handed")


def judged(rows: Any, until: datetime) -> Any:
    """One row a dialogue with `handed` and `resolved`, as known at `until`; no count is null.

    Args:
        rows: dialogues with `state`, `last_at`, `following`, and, null where nothing was shown,
            `answered`, `shown_handed`, `thumbs_up` and `thumbs_down`.
        until: what is younger is not known.
    """
    up, down = rows.thumbs_up.fill_null(0), rows.thumbs_down.fill_null(0)
    handed = ibis.ifelse(
        (rows.shown_handed.fill_null(0) == 1) | rows.state.isin(["waiting", "staff"]), 1, 0
    )
    answered = rows.answered.fill_null(0)
    back = rows.following.notnull() & (rows.following < rows.last_at + RETURN_MICROS)
    quiet = rows.last_at + RETURN_MICROS <= to_micros(until)
    resolved = ibis.cases(
        ((handed == 0) & (up > 0) & (down == 0), "confirmed"),
        ((handed == 1) | (answered == 0) | (down > 0) | back, "no"),
        (quiet, "durable"),
        else_="open",
    )
    return rows.mutate(
        answered=answered, thumbs_up=up, thumbs_down=down, handed=handed, resolved=resolved
    )


def dialogue_rates(backend: Any, period: Period) -> dict[str, DialogueRates]:
    """The rates of each arm's dialogues begun in the period, and of all of them under ""."""
    rows = dialogues(backend, period.until, period.since)
    sums = rows.group_by("arm").aggregate(
        dialogues=rows.count(),
        answered=rows.answered.sum(),
        handed=rows.handed.sum(),
        confirmed=ibis.ifelse(rows.resolved == "confirmed", 1, 0).sum(),
        durable=ibis.ifelse(rows.resolved == "durable", 1, 0).sum(),
        open=ibis.ifelse(rows.resolved == "open", 1, 0).sum(),
        up=rows.thumbs_up.sum(),
        down=rows.thumbs_down.sum(),
    )
    found = {
        str(row.pop("arm")): DialogueRates(**{name: int(value) for name, value in row.items()})
        for row in sums.to_pyarrow().to_pylist()
    }
    names = vars(DialogueRates())
    whole = DialogueRates(
        **{name: sum(getattr(each, name) for each in found.values()) for name in names}
    )
    return {"": whole, **dict(sorted(found.items()))}


def read_outcomes(
    db: Database,
    period: Period,
    conversions: Iterable[Conversion],
    dialogue_of: Mapping[str, str],
) -> Iterator[Outcome]:
    """Every dialogue begun in the period, the oldest first.

    Args:
        db: the store.
        period: when they began.
        conversions: credited orders; a dialogue has the first one assisted by it.
        dialogue_of: the dialogue of each credited impression.
    """
    sold: dict[str, list[Conversion]] = {}
    for each in conversions:
        if each.kind == "assisted" and each.impression_id in dialogue_of:
            sold.setdefault(dialogue_of[each.impression_id], []).append(each)
    with event_view.open_event_view(db) as backend:
        rows = dialogues(backend, period.until, period.since)
        rows = rows.order_by("started_at", "dialogue_id")
        for batch in rows.to_pyarrow_batches(chunk_size=BATCH):
            yield from (_outcome(row, sold) for row in batch.to_pylist())


def outcomes_csv(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The rows as CSV, the header first; no cell is taken for a formula by a spreadsheet."""
    yield _line(FIELDS)
    for each in outcomes:
        yield _line(_cell(value) for value in each)


def _outcome(row: Mapping[str, Any], sold: Mapping[str, list[Conversion]]) -> Outcome:
    credited = sold.get(row["dialogue_id"], [])
    return Outcome(
        dialogue_id=row["dialogue_id"],
        shopper_id=row["shopper_id"],
        started_at=from_micros(row["started_at"]),
        channel=row["channel"],
        locale=row["locale"],
        arm=row["arm"],
        model_version=row["version"],
        reply_id=row["reply_id"],
        answered=bool(row["answered"]),
        thumbs_up=int(row["thumbs_up"]),
        thumbs_down=int(row["thumbs_down"]),
        resolved=row["resolved"],
        handed_over=bool(row["handed"]),
        handover_reason=row["handover_reason"],
        order_id=" ".join(dict.fromkeys(each.order_id for each in credited)) or None,
        revenue=sum((each.amount for each in credited), Decimal(0)) if credited else None,
        currency=credited[0].currency if credited else None,
    )


def _line(values: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(values)
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(RISKY) else text
