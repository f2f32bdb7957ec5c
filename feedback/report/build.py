"""Computes the report from the store: what happened, and what the arms make of it."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, Final, NamedTuple

from feedback.db import Database, Period
from feedback.dialogues import VISITORS
from feedback.experiments import (
    CVR,
    HOLDOUT,
    METRICS,
    SRM_ALARM,
    Arm,
    Experiment,
    LoggedPlan,
    Metric,
    ShareLog,
    Strata,
    StratumSplit,
    held_share,
    split_pvalue,
    strata_of,
)
from feedback.report import queries
from feedback.report.action_figures import action_figures
from feedback.report.model_changes import model_changes
from feedback.report.parts import Behaviour, Group, Note
from feedback.report.quoted_pages import page_rows, passage_rows
from feedback.report.report import Report
from feedback.report.savings import CostModel, savings_of
from feedback.sales import AttributionRule, Conversion, bought, rate_book, read_conversions

TOP_PASSAGES: Final = 50
Embed = Callable[[Sequence[str]], Any]  # texts → a vector of unit length each, or None: away


class ReportRequest(NamedTuple):
    """Everything in which two reports of the same store may differ."""

    experiment: Experiment
    period: Period  # what is told of
    compared: Period  # whose shoppers are compared: a week's report compares all so far
    attribution: AttributionRule = AttributionRule()
    metrics: Sequence[Metric] = METRICS
    embed: Embed | None = None  # the model's vectors of texts, for the topics; None: by their words
    zone: str = "UTC"  # the shop's: weeks are counted and times are shown in it
    costs: CostModel = CostModel()
    visitors: LoggedPlan | None = None  # under which visitors are shown the chat or none


def build_report(db: Database, request: ReportRequest, now: datetime) -> Report:
    """Compute the report from the store, at `now`."""
    # Before the threads below: two that load Ibis at once find it half loaded.
    import_module("feedback.experiments.uplift")
    experiment = request.experiment
    strata = strata_of(ShareLog(db, experiment.name).changes(), experiment.shares)
    with db.reading() as session:
        currency, others = queries.main_currency(session, request.period)
    # Side by side: SQLite works on one core at a time for each connection, and lets Python go on.
    with ThreadPoolExecutor(max_workers=1) as beside:
        telling = beside.submit(_told, db, request, currency, others)
        caused = _caused(db, request, strata, currency)
        told = telling.result()
    caused["groups"]["topic"] = told.pop("by_topic")
    notes = _notes(caused.pop("compared_strata"), told.pop("others"), caused.pop("open"), told)
    aa = [Note("same_answers", {})] if experiment.same_answers else []
    srm = caused["srm_pvalue"]
    alarm = [Note("srm", {"pvalue": srm})] if srm is not None and srm < SRM_ALARM else []
    return Report(
        since=request.period.since, until=request.period.until, computed_at=now,
        planned_end=experiment.planned_end, touch=request.attribution.touch, zone=request.zone,
        notes=(*alarm, *aa, *notes), **told, **caused,
    )  # fmt: skip


def _told(
    db: Database, request: ReportRequest, currency: str | None, others: Mapping[str, int]
) -> dict[str, Any]:
    """What happened in the period: attributed sales, dialogues, replies, topics, the model."""
    from feedback.experiments import (  # noqa: PLC0415
        dialogue_ends,
        dialogue_rates,
        open_event_view,
    )

    period = request.period
    with open_event_view(db) as backend:
        dialogues = dialogue_rates(backend, period)
        ends = dialogue_ends(backend, period)
    with db.reading() as session:
        rates = rate_book(session, currency)
        converted = read_conversions(
            session,
            period,
            rates=rates,
            **request.attribution._asdict(),
        )
        told: dict[str, Any] = {
            "currency": currency,
            "dialogues": dialogues,
            "ends": ends,
            "others": {
                each: count for each, count in others.items()
                if rates.convert(Decimal(1), each, period.until) is None
            },
            "direct": queries.credit(converted, "direct", currency),
            "assisted": queries.credit(converted, "assisted", currency),
            "bridges": queries.bridge_capture(session, period),
            "hand_overs": queries.hand_overs(session, period),
            "top_replies": queries.top_replies(session, period, converted),
            "top_pages": page_rows(session, period, converted)[: queries.TOP_REPLIES],
            "top_passages": passage_rows(session, period, converted)[:TOP_PASSAGES],
            "actions": action_figures(session, period),
            "model_changes": model_changes(session, period, request.zone),
            "stamp": queries.sales_stamp(session, period),
        }  # fmt: skip
    told["behaviour"], told["by_topic"] = _behaviour(db, request, converted, currency)
    return told


def _behaviour(
    db: Database, request: ReportRequest, converted: Sequence[Conversion], currency: str | None
) -> tuple[Behaviour, tuple[Group, ...]]:
    """What shoppers wanted and how they took it; and the measures by topic."""
    from feedback.report.behaviour import behaviour_of  # noqa: PLC0415 - as the statistics below

    with db.reading() as session:
        rates = rate_book(session, currency)
        orders = bought(session, request.period, rates)
        return behaviour_of(session, request.period, converted, currency, request.embed, orders)


def _caused(
    db: Database, request: ReportRequest, strata: Strata, currency: str | None
) -> dict[str, Any]:
    """What the arms did, what follows from it, and the verdict."""
    # Ibis and tea-tasting cost 3 s and 150 MB: only who computes a report pays, not who reads one.
    from feedback.experiments import (  # noqa: PLC0415
        DIMENSIONS,
        Window,
        added_revenue,
        adjusted_measures,
        adjusted_revenue,
        arm_of,
        avoided_hand_overs,
        belief,
        judge,
        matching_pvalue,
        metric_results,
        pooled,
        read_facts,
        said_in_settings,
        segment_effects,
        since_exposure,
        sums_by,
        weekly_result,
        whole_arms,
        without_fixed,
    )

    experiment, exposed = request.experiment, request.compared
    window = Window(
        experiment.name, exposed.since, exposed.until, experiment.outcome_window, request.zone
    )
    facts = read_facts(
        db, window, currency or "", strata, metrics=request.metrics, cap=experiment.plan.cap
    )
    cells = facts.cells
    groups = {name: _groups(name, sums_by(cells, name)) for name in DIMENSIONS}
    arms = pooled(cells, lambda _: True)
    metrics = metric_results(arms, request.metrics, experiment.plan)
    adjusted = adjusted_revenue(arms)
    pvalue = split_pvalue(_seen(arms, strata))
    judged = judge(
        cells,
        experiment.plan,
        until=exposed.until,
        zone=request.zone,
        srm_pvalue=pvalue,
        matching_pvalue=matching_pvalue(facts.matches),
        largest=facts.largest,
    )
    believed = belief(metrics[CVR].uplift) if CVR in metrics else None
    if not _at_end(request):
        metrics = {metric: weekly_result(result) for metric, result in metrics.items()}
        adjusted = without_fixed(adjusted)
    ledger = added_revenue(cells)
    return {
        "verdict": judged.verdict,
        "verdict_reason": judged.reason,
        "weeks_needed": judged.weeks_needed,
        "decided_by": judged.measure,
        "decided": judged.uplift,
        "plan": judged.standing,
        "influence": judged.influence,
        "srm_pvalue": pvalue,
        "metrics": metrics,
        "arms": {name: arm_of(each) for name, each in whole_arms(arms).items()},
        "adjusted": adjusted,
        "order_cap": facts.cap,
        "groups": groups,
        "ledger": ledger,
        "savings": savings_of(avoided_hand_overs(cells), ledger, request.costs),
        "segments": segment_effects(facts.segments, cells),
        "since_exposure": since_exposure(facts.since_exposure),
        "belief": believed,
        "adjustments": adjusted_measures(facts.segments),
        "own_metrics": tuple(
            said_in_settings(each) for each in request.metrics if each not in METRICS
        ),
        "open": facts.open_windows,
        "compared_strata": len({each.stratum for each in arms}),
        "visitors": _visitors(db, request, currency),
    }


def _visitors(db: Database, request: ReportRequest, currency: str | None) -> Any:
    """What having a clerk adds for all who visit, where that is compared."""
    from feedback.experiments import (  # noqa: PLC0415
        TOKEN,
        VisitorQuestion,
        Window,
        effect_on_visitors,
    )

    running = request.visitors
    if running is None:
        return None
    window = Window(
        VISITORS, running.since, request.compared.until, request.experiment.outcome_window,
        request.zone, TOKEN,
    )  # fmt: skip
    return effect_on_visitors(db, VisitorQuestion(window, running, currency or ""))


def _at_end(request: ReportRequest) -> bool:
    """Whether the planned end is over, and with it every outcome window."""
    end, window = request.experiment.planned_end, request.experiment.outcome_window
    return end is not None and request.compared.until >= end + window


def _seen(arms: Mapping[Any, Any], strata: Strata) -> list[StratumSplit]:
    found = []
    for number, shares in enumerate(strata.shares):
        counts = {each.arm: one.count() for each, one in arms.items() if each.stratum == number}
        found.append(StratumSplit(counts.get(HOLDOUT, 0), sum(counts.values()), held_share(shares)))
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
