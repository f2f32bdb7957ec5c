"""The report as a page: the same figures as the text, with each interval drawn beside its
numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from feedback.experiments import AOV, CTR, CVR, RPS, Metric, MetricResult
from feedback.report.analyst_sentences import (
    adjustment_lines,
    belief_lines,
    guard_lines,
    lasting_lines,
    saving_lines,
    segment_rows,
)
from feedback.report.drawings import interval_drawing, reach_of, revenue_path
from feedback.report.metric_table import arms_of, told_metrics, untold_line
from feedback.report.numbers import money, probability, shown_value, signed
from feedback.report.page_template import BODY, PAGE, STYLE
from feedback.report.sentences import (
    adjusted_lines,
    advice_lines,
    ledger_line,
    model_change_lines,
    model_lines,
    note_lines,
    period_lines,
    plan_lines,
    topic_trend,
    verdict_sentence,
)
from feedback.report.strings import ReportStrings, words_in
from feedback.report.visitor_sentences import visitor_lines
from feedback.report.week_sentences import action_lines, week_lines

if TYPE_CHECKING:
    from feedback.report.report import Report

COMMAND: Final = re.compile(r"`([^`]+)`")
GROUPED: Final = (RPS, CVR, AOV, CTR)  # the metrics of one week, language, version, channel


class Row(NamedTuple):
    """One metric, written out and drawn."""

    name: str
    arms: list[str]
    uplift: str
    interval: str
    pvalue: str
    drawing: Markup


def report_page(report: "Report", locale: str) -> str:
    """A whole page that stands alone."""
    page: str = _template(PAGE).render(
        lang=words_in(locale).locale,
        title=verdict_sentence(report, words_in(locale)),
        style=Markup(STYLE),  # noqa: S704 - our own constant
        body=report_body(report, locale),
    )
    return page


def report_body(report: "Report", locale: str) -> Markup:
    """The report as a part of a page; everything that came from outside is escaped."""
    words, arms, shown = words_in(locale), arms_of(report), told_metrics(report, "page")
    reach = reach_of(result.uplift for _, result in shown)
    body = _template(BODY).render(
        w=words,
        r=report,
        sentence=verdict_sentence(report, words),
        period=[*period_lines(report, words), *plan_lines(report, words)],
        arms=[(words[arm], f"{report.arms[arm].shoppers:,}") for arm in arms],
        rows=[_row(metric, result, arms, report, words, reach) for metric, result in shown],
        adjusted=list(adjusted_lines(report, words)),
        ledger=ledger_line(report, words),
        models=list(model_lines(report, words)),
        visitors=list(visitor_lines(report, words)),
        beside=[
            *adjustment_lines(report, words),
            *belief_lines(report, words),
            *guard_lines(report, words),
        ],
        savings=list(saving_lines(report, words)),
        lasting=list(lasting_lines(report, words)),
        segments=segment_rows(report, words),
        changes=list(model_change_lines(report, words)),
        path=revenue_path(report),
        path_hint=_path_hint(report, words),
        untold=untold_line(report, words, "page"),
        topics=[(topic, topic_trend(topic, words)) for topic in report.behaviour.topics],
        money=lambda amount: money(float(amount), report.currency),
        lines=list(week_lines(report, words)),
        notes=list(note_lines(report, words)),
        todo=list(advice_lines(report, words)),
        replies=[words["reply"].format(**vars(row)) for row in report.top_replies],
        pages=[words["page"].format(**vars(row)) for row in report.top_pages],
        actions=list(action_lines(report, words)),
        grouped=[words.title(metric) for metric in GROUPED],
        groups=[
            (words[f"by_{name}"], [_group(row, words, report) for row in rows])
            for name, rows in report.groups.items()
            if len({row.value for row in rows}) > 1
        ],
    )
    return Markup(body)  # noqa: S704 - rendered with escaping


def _row(
    metric: Metric,
    result: MetricResult,
    arms: list[str],
    report: "Report",
    words: ReportStrings,
    reach: float,
) -> Row:
    uplift = result.uplift
    none = words["no_interval"]
    return Row(
        name=words.title(metric),
        arms=[shown_value(metric, result.arms.get(arm), report.currency) for arm in arms],
        uplift="–" if uplift.low is None else signed(uplift.value),
        interval=none if uplift.low is None else f"{signed(uplift.low)} … {signed(uplift.high)}",
        pvalue=probability(uplift.adjusted),
        drawing=interval_drawing(
            uplift,
            reach,
            fewer_is_better=metric.fewer_is_better,
            decided=report.verdict != "not yet",
        ),
    )


def _path_hint(report: "Report", words: ReportStrings) -> str:
    weeks = report.ledger.weeks
    return words["path_hint"].format(first=weeks[0].monday, last=weeks[-1].monday) if weeks else ""


def _group(row: Any, words: Any, report: "Report") -> Iterator[str]:
    arm = words.get(row.arm, row.arm)
    return iter(
        [
            row.value,
            arm,
            f"{row.shoppers:,}",
            *(
                shown_value(metric, getattr(row, metric.name), report.currency)
                for metric in GROUPED
            ),
        ]
    )


@lru_cache(maxsize=4)
def _template(source: str) -> Any:
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page.filters["commands"] = commands
    return page.from_string(source)


def commands(line: str) -> Markup:
    """A line of the report, escaped, with what stands between backticks set as code.

    >>> commands("See `shopclerk plan` & wait <here>.")
    Markup('See <code>shopclerk plan</code> &amp; wait &lt;here&gt;.')
    """
    return Markup(COMMAND.sub(r"<code>\1</code>", str(escape(line))))  # noqa: S704 - escaped before
