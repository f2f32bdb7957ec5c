"""The report's table of metrics as text cells: a metric a row, an arm a column, the uplift last."""

from typing import Final

from feedback.experiments import Metric, MetricResult, Place, Uplift
from feedback.report.numbers import interval, shown_value
from feedback.report.report import Report
from feedback.report.strings import ReportStrings

ARMS: Final = ("holdout", "champion", "challenger")


def arms_of(report: Report) -> list[str]:
    """The arms that have shoppers, in the order in which they are shown."""
    return [arm for arm in ARMS if arm in report.arms]


def metric_rows(report: Report, words: ReportStrings, place: Place) -> list[list[str]]:
    """The header, how many shoppers there are, and the metrics that are shown in `place`."""
    arms = arms_of(report)
    rows = [
        [words["measure"], *(words[arm] for arm in arms), words["uplift"]],
        [words["shoppers"], *(f"{report.arms[arm].shoppers:,}" for arm in arms), ""],
    ]
    for metric, result in told_metrics(report, place):
        values = [shown_value(metric, result.arms.get(arm), report.currency) for arm in arms]
        rows.append([words.title(metric), *values, _uplift(result.uplift, words)])
    return rows


def told_metrics(report: Report, place: Place) -> list[tuple[Metric, MetricResult]]:
    """The metrics of a place of which some arm has a value."""
    return [
        (metric, result)
        for metric, result in report.metrics_in(place)
        if any(value is not None for value in result.arms.values())
    ]


def untold_line(report: Report, words: ReportStrings, place: Place) -> str:
    """The metrics of which there is nothing to tell yet, in a sentence; "" where there are none."""
    told = [metric for metric, _ in told_metrics(report, place)]
    rest = [
        words.title(metric)
        for metric, _ in report.metrics_in(place)
        if metric not in told and not metric.optional
    ]
    return words["nothing_yet"].format(titles=words["comma"].join(rest)) if rest else ""


def _uplift(uplift: Uplift, words: ReportStrings) -> str:
    return words["no_interval"] if uplift.low is None else interval(uplift)
