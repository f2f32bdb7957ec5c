"""The report's table of metrics as text cells: a metric a row, an arm a column, the uplift last."""

from typing import Final

from feedback.experiments import Place, Uplift
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
    for metric, result in report.metrics_in(place):
        values = [shown_value(metric, result.arms.get(arm), report.currency) for arm in arms]
        rows.append([words.title(metric), *values, _uplift(result.uplift, words)])
    return rows


def _uplift(uplift: Uplift, words: ReportStrings) -> str:
    return words["no_interval"] if uplift.low is None else interval(uplift)
