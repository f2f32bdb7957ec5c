"""Draws the weekly report's chart as a block of Slack's: the conversion of each arm. Pure."""

from typing import Final

from bot.channels.slack.blocks import Block
from bot.channels.slack.text import cut
from feedback.report import Report, ReportStrings, arms_of

CVR: Final = "cvr"
MAX_TITLE: Final = 50  # of a chart
MAX_LABEL: Final = 20  # of a bar


def report_chart(report: Report, words: ReportStrings) -> Block | None:
    """Bars of the share that bought, an arm each; None where there are not two to compare.

    What it shows stands in the table, too: not every client draws it.
    """
    metric, result = next(
        ((one, found) for one, found in report.metrics.items() if one.name == CVR), (None, None)
    )
    if metric is None or result is None:
        return None
    bars = [
        {"label": cut(words[arm], MAX_LABEL), "value": round(100 * value, 2)}
        for arm in arms_of(report)
        if (value := result.arms.get(arm)) is not None
    ]
    if len(bars) < 2 or len({bar["label"] for bar in bars}) < len(bars):
        return None
    title = words.title(metric)
    return {
        "type": "data_visualization",
        "title": cut(f"{title}, %", MAX_TITLE),
        "chart": {
            "type": "bar",
            "series": [{"name": cut(title, MAX_LABEL), "data": bars}],
            "axis_config": {"categories": [bar["label"] for bar in bars]},
        },
    }
