"""Computes the report from the store: what happened, and what the arms make of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any, NamedTuple

from feedback.db import Database, Stretch
from feedback.experiments import (
    HOLDOUT,
    METRICS,
    PRIMARY,
    SRM_ALARM,
    Arm,
    Metric,
    Seen,
    ShareLog,
    Strata,
    held_share,
    split_pvalue,
    strata_of,
)
from feedback.report import queries
from feedback.report.model_changes import model_changes
from feedback.report.parts import Behaviour, Group, Note
from feedback.report.report import Report
from feedback.sales import Conversion, Touch, bought, rate_book, read_conversions

Embed = Callable[[Sequence[str]], Any]  # texts → a vector of unit length each, or None: away


class Study(NamedTuple):
    """Everything in which two reports of the same store may differ."""

    experiment: str
    shares: Mapping[str, float]  # as configured; the log of shares knows what was dealt
    stretch: Stretch  # what is told of
    exposed: Stretch  # whose shoppers are compared
    direct_window: timedelta
    assisted_window: timedelta
    outcome_window: timedelta
    planned_end: datetime | None
    touch: Touch
    embed: Embed | None
    zone: str
    metrics: Sequence[Metric]


def build_report(
    db: Database,
    *,
    experiment: str,
    shares: Mapping[str, float],
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    exposed_since: datetime | None = None,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
    outcome_window: timedelta = timedelta(days=7),
    planned_end: datetime | None = None,
    touch: Touch = "last",
    embed: Embed | None = None,
    same_answers: bool = False,
    zone: str = "UTC",
    metrics: Sequence[Metric] = METRICS,
) -> Report:
    """Compute the report from the store.

    Args:
        db: the store.
        experiment: whose exposures are counted.
        shares: the configured share of each arm, where the log of shares knows nothing.
        now: the time of the computation.
        since: what happened from here on; None: from the beginning.
        until: and before here; None: up to now.
        exposed_since: shoppers exposed from here on are compared; None: as `since`. A weekly report
            tells of one week, and compares all shoppers so far: hand the experiment's start.
        direct_window: from a click on a product to its purchase.
        assisted_window: from a dialogue to an order.
        outcome_window: how long after exposure a shopper's orders count for their arm.
        planned_end: the experiment's end, announced beforehand; only a report of it has the
            interval of a single look.
        touch: which of several replies before an order is credited.
        embed: the model's vectors of texts, for the topics; None: by their words.
        same_answers: the holdout has the model's answers too (A/A): no difference is expected.
        zone: the shop's time zone, in which weeks are counted and times are shown.
        metrics: what is computed of every arm.
    """
    # Before the threads below: two that load Ibis at once find it half loaded.
    import_module("feedback.experiments.uplift")
    end = until or now
    study = Study(
        experiment, shares, Stretch(since, end), Stretch(exposed_since or since, end),
        direct_window, assisted_window, outcome_window, planned_end, touch, embed, zone, metrics,
    )  # fmt: skip
    strata = strata_of(ShareLog(db, experiment).changes(), shares)
    with db.reading() as session:
        currency, others = queries.main_currency(session, study.stretch)
    # Side by side: SQLite works on one core at a time for each connection, and lets Python go on.
    with ThreadPoolExecutor(max_workers=1) as beside:
        telling = beside.submit(_told, db, study, currency, others)
        caused = _caused(db, study, strata, currency)
        told = telling.result()
    caused["groups"]["topic"] = told.pop("by_topic")
    notes = _notes(caused.pop("compared_strata"), told.pop("others"), caused.pop("open"), told)
    aa = [Note("same_answers", {})] if same_answers else []
    srm = caused["srm_pvalue"]
    alarm = [Note("srm", {"pvalue": srm})] if srm is not None and srm < SRM_ALARM else []
    return Report(
        since=since, until=end, computed_at=now, planned_end=planned_end, touch=touch,
        zone=zone, notes=(*alarm, *aa, *notes), **told, **caused,
    )  # fmt: skip


def _told(
    db: Database, study: Study, currency: str | None, others: Mapping[str, int]
) -> dict[str, Any]:
    """What happened in the stretch: attributed sales, dialogues, replies, topics, the model."""
    from feedback.experiments import dialogue_rates, open_event_view  # noqa: PLC0415

    stretch = study.stretch
    with open_event_view(db) as backend:
        dialogues = dialogue_rates(backend, stretch)
    with db.reading() as session:
        rates = rate_book(session, currency)
        converted = read_conversions(
            session,
            stretch,
            direct_window=study.direct_window,
            assisted_window=study.assisted_window,
            touch=study.touch,
            rates=rates,
        )
        told: dict[str, Any] = {
            "currency": currency,
            "dialogues": dialogues,
            "others": {
                each: count for each, count in others.items()
                if rates.convert(Decimal(1), each, stretch.until) is None
            },
            "direct": queries.credit(converted, "direct", currency),
            "assisted": queries.credit(converted, "assisted", currency),
            "bridges": queries.bridge_capture(session, stretch),
            "hand_overs": queries.hand_overs(session, stretch),
            "top_replies": queries.top_replies(session, stretch, converted),
            "model_changes": model_changes(session, stretch, study.zone),
            "stamp": queries.sales_stamp(session, stretch),
        }  # fmt: skip
    told["behaviour"], told["by_topic"] = _behaviour(db, study, converted, currency)
    return told


def _behaviour(
    db: Database, study: Study, converted: Sequence[Conversion], currency: str | None
) -> tuple[Behaviour, tuple[Group, ...]]:
    """What shoppers wanted and how they took it; and the measures by topic."""
    from feedback.report.behaviour import behaviour_of  # noqa: PLC0415 - as the statistics below

    with db.reading() as session:
        rates = rate_book(session, currency)
        orders = bought(session, study.stretch, rates)
        return behaviour_of(session, study.stretch, converted, currency, study.embed, orders)


def _caused(db: Database, study: Study, strata: Strata, currency: str | None) -> dict[str, Any]:
    """What the arms did, what follows from it, and the verdict."""
    # Ibis and tea-tasting cost 3 s and 150 MB: only who computes a report pays, not who reads one.
    from feedback.db import from_micros  # noqa: PLC0415
    from feedback.experiments import (  # noqa: PLC0415
        DIMENSIONS,
        Window,
        adjusted_revenue,
        arm_of,
        build_ledger,
        judge,
        metric_results,
        pooled,
        read_facts,
        sums_by,
        weekly,
        whole_arms,
        without_fixed,
    )

    exposed = study.exposed
    window = Window(
        study.experiment, exposed.since, exposed.until, study.outcome_window, study.zone
    )
    cells, first, still_open, cap = read_facts(
        db, window, currency or "", strata, metrics=study.metrics
    )
    groups = {name: _groups(name, sums_by(cells, name)) for name in DIMENSIONS}
    arms = pooled(cells, lambda _: True)
    metrics = metric_results(arms, study.metrics)
    adjusted = adjusted_revenue(arms)
    pvalue = split_pvalue(_seen(arms, strata))
    judged = judge(
        metrics[PRIMARY].uplift,
        arms,
        srm_pvalue=pvalue,
        first_exposure=None if first is None else from_micros(first),
        until=exposed.until,
    )
    if not _at_end(study):
        metrics = {metric: weekly(result) for metric, result in metrics.items()}
        adjusted = without_fixed(adjusted)
    return {
        "verdict": judged.verdict,
        "verdict_reason": judged.reason,
        "weeks_needed": judged.weeks_needed,
        "srm_pvalue": pvalue,
        "metrics": metrics,
        "arms": {name: arm_of(each) for name, each in whole_arms(arms).items()},
        "adjusted": adjusted,
        "order_cap": cap,
        "groups": groups,
        "ledger": build_ledger(cells),
        "open": still_open,
        "compared_strata": len({each.stratum for each in arms}),
    }


def _at_end(study: Study) -> bool:
    """Whether the planned end is over, and with it every outcome window."""
    end = study.planned_end
    return end is not None and study.exposed.until >= end + study.outcome_window


def _seen(arms: Mapping[Any, Any], strata: Strata) -> list[Seen]:
    found = []
    for number, shares in enumerate(strata.shares):
        counts = {each.arm: one.count() for each, one in arms.items() if each.stratum == number}
        found.append(Seen(counts.get(HOLDOUT, 0), sum(counts.values()), held_share(shares)))
    return found


def _groups(dimension: str, found: Mapping[tuple[str, str], Arm]) -> tuple[Group, ...]:
    from feedback.experiments import week_start  # noqa: PLC0415

    rows = [
        Group(
            value=week_start(int(value)) if dimension == "week" else value,
            arm=arm,
            shoppers=sums.shoppers,
            orders=sums.orders,
            rps=_ratio(float(sums.revenue), sums.shoppers),
            cvr=_ratio(sums.buyers, sums.shoppers),
            aov=_ratio(float(sums.revenue), sums.orders),
            ctr=_ratio(sums.clicked, sums.impressions),
        )
        for (arm, value), sums in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.value, row.arm)))


def _ratio(over: float, under: float) -> float | None:
    return over / under if under else None


def _notes(
    strata: int, others: Mapping[str, int], still_open: int, told: Mapping[str, Any]
) -> list[Note]:
    notes = [
        Note("other_currency", {"currency": currency, "orders": orders})
        for currency, orders in others.items()
    ]
    if still_open:
        notes.append(Note("open_windows", {"shoppers": still_open}))
    if strata > 1:
        notes.append(Note("strata", {"count": strata}))
    if told["behaviour"].topics_by == "words":
        notes.append(Note("topics_by_words", {}))
    return notes
