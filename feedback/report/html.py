"""The report as a page: the same figures as the text, with each interval drawn beside its
numbers."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from feedback.experiments import AOV, CTR, CVR, RPS, Metric, MetricResult, Uplift
from feedback.report.metric_table import arms_of
from feedback.report.numbers import money, shown_value, signed
from feedback.report.sentences import (
    action_lines,
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
    week_lines,
)
from feedback.report.strings import ReportStrings, words_in

if TYPE_CHECKING:
    from feedback.report.report import Report

WIDTH: Final = 240  # of an interval's drawing, in its own units
NARROWEST, WIDEST = 0.1, 1.0  # the scale of the intervals; past ±100 % they are cut
PATH_WIDTH, PATH_HEIGHT = 640, 180
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
    page: str = _template(_PAGE).render(
        lang=words_in(locale).locale,
        title=verdict_sentence(report, words_in(locale)),
        style=Markup(STYLE),  # noqa: S704 - our own constant
        body=report_body(report, locale),
    )
    return page


def report_body(report: "Report", locale: str) -> Markup:
    """The report as a part of a page; everything that came from outside is escaped."""
    words, arms, shown = words_in(locale), arms_of(report), report.metrics_in("page")
    reach = _reach(result.uplift for _, result in shown)
    body = _template(_BODY).render(
        w=words,
        r=report,
        sentence=verdict_sentence(report, words),
        period=[*period_lines(report, words), *plan_lines(report, words)],
        arms=[(words[arm], f"{report.arms[arm].shoppers:,}") for arm in arms],
        rows=[_row(metric, result, arms, report, words, reach) for metric, result in shown],
        adjusted=list(adjusted_lines(report, words)),
        ledger=ledger_line(report, words),
        models=list(model_lines(report, words)),
        changes=list(model_change_lines(report, words)),
        path=_path(report),
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
        pvalue="" if uplift.adjusted is None else f"{uplift.adjusted:.3f}",
        drawing=interval_drawing(
            uplift,
            reach,
            fewer_is_better=metric.fewer_is_better,
            decided=report.verdict != "not yet",
        ),
    )


def interval_drawing(
    uplift: Uplift, reach: float, *, fewer_is_better: bool = False, decided: bool = True
) -> Markup:
    """The interval as a line over a scale of ±`reach`, zero in the middle; nothing without one.

    It has a colour only under a verdict: green under "not enough data" would say the contrary.
    """
    if uplift.low is None or uplift.high is None or uplift.value is None:
        return Markup("")
    low, high, middle = (_place(each, reach) for each in (uplift.low, uplift.high, uplift.value))
    up, down = ("bad", "good") if fewer_is_better else ("good", "bad")
    kind = up if uplift.low > 0 else down if uplift.high < 0 else "open"
    kind = kind if decided else "open"
    return Markup(
        '<svg class="interval {kind}" viewBox="0 0 {width} 20" role="img" aria-hidden="true">'
        '<line class="zero" x1="{zero}" x2="{zero}" y1="0" y2="20"/>'
        '<line class="reach" x1="{low:.1f}" x2="{high:.1f}" y1="10" y2="10"/>'
        '<circle cx="{middle:.1f}" cy="10" r="5"/></svg>'
    ).format(kind=kind, width=WIDTH, zero=WIDTH // 2, low=low, high=high, middle=middle)


def _reach(uplifts: Iterable[Uplift]) -> float:
    """One scale for all intervals of a report, wide enough for them."""
    ends = [abs(end) for uplift in uplifts for end in (uplift.low, uplift.high) if end is not None]
    return min(WIDEST, max([NARROWEST, *ends]))


def _place(fraction: float, reach: float) -> float:
    return (max(-reach, min(reach, fraction)) + reach) / (2 * reach) * (WIDTH - 12) + 6


def _path(report: "Report") -> Markup:
    """What the clerk had added, week by week, with its interval as a band."""
    weeks = [week for week in report.ledger.weeks if week.low is not None and week.high is not None]
    if len(weeks) < 2:
        return Markup("")
    bounds = [bound for week in weeks for bound in (week.low or 0, week.high or 0)] + [0.0]
    top, bottom = max(bounds), min(bounds)
    step = PATH_WIDTH / (len(weeks) - 1)

    def points(values: list[float]) -> list[str]:
        return [
            f"{place * step:.1f},{(top - value) / ((top - bottom) or 1) * PATH_HEIGHT:.1f}"
            for place, value in enumerate(values)
        ]

    low = points([week.low or 0 for week in weeks])
    high = points([week.high or 0 for week in weeks])
    middle = points([week.amount or 0 for week in weeks])
    zero = top / ((top - bottom) or 1) * PATH_HEIGHT
    return Markup(
        '<svg class="path" viewBox="0 0 {width} {height}" role="img" aria-hidden="true">'
        '<polygon points="{band}"/><line class="zero" x1="0" x2="{width}" y1="{zero:.1f}"'
        ' y2="{zero:.1f}"/><polyline points="{middle}"/></svg>'
    ).format(
        width=PATH_WIDTH, height=PATH_HEIGHT, band=" ".join(high + low[::-1]), zero=zero,
        middle=" ".join(middle),
    )  # fmt: skip


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
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        source
    )


STYLE: Final = """
body{max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2933;
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.3}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;text-align:left;
border-bottom:1px solid #d9dee4;vertical-align:middle}th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.scroll
{overflow-x:auto}
.hint{color:#52606d}.nowrap{white-space:nowrap}.interval{width:9rem;height:1.25rem;display:block}
.path{width:100%;height:auto;max-height:12rem}.zero{stroke:#9aa5b1}
.interval .reach{stroke-width:4}.open .reach{stroke:#52606d}.open circle{fill:#52606d}
.good .reach{stroke:#2a7f62}.good circle{fill:#2a7f62}
.bad .reach{stroke:#b3413a}.bad circle{fill:#b3413a}
@media (max-width:40rem){.cards thead{display:none}.cards,.cards tbody,.cards tr,.cards th,.cards td
{display:block}.cards tr{padding:.6rem 0;border-bottom:1px solid #d9dee4}.cards th,.cards td
{border:0;padding:.1rem 0;white-space:normal}.cards td{display:flex;justify-content:space-between;
gap:1rem;text-align:right}
.cards td:empty{display:none}.cards td::before{content:attr(data-label);color:#52606d;
text-align:left}.cards .interval{width:100%}}
.path polygon{fill:#dde3e9}.path polyline{fill:none;stroke:#52606d;stroke-width:3}
"""

_PAGE: Final = """<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>{{ style }}</style>
</head>
<body><main>
{{ body }}
</main></body>
</html>
"""

_BODY: Final = """<h1 class="verdict">{{ sentence }}</h1>
{% for line in period %}<p class="hint">{{ line }}</p>
{% endfor %}
<h2>{{ w.todo }}</h2>
<ul>{% for line in todo %}<li>{{ line }}</li>{% endfor %}</ul>
<h2>{{ w.ledger }}</h2>
<p>{{ ledger }}</p>
{{ path }}
{% for line in models %}<p>{{ line }}</p>
{% endfor %}
<h2>{{ w.measures }}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{{ w.measure }}">
<table class="cards"><thead><tr><th scope="col">{{ w.measure }}</th>
{% for arm, count in arms %}<th scope="col" class="number">{{ arm }} ({{ count }})</th>{% endfor %}
<th scope="col" class="number">{{ w.uplift }}</th><th scope="col">{{ w.interval }}</th>
<th scope="col"></th><th scope="col" class="number">{{ w.pvalue }}</th></tr></thead><tbody>
{% for row in rows %}<tr><th scope="row">{{ row.name }}</th>
{% for value in row.arms %}<td class="number" data-label="{{ arms[loop.index0][0] }}">{{ value }}
</td>{% endfor %}
<td class="number" data-label="{{ w.uplift }}">{{ row.uplift }}</td>
<td class="nowrap" data-label="{{ w.interval }}">{{ row.interval }}</td>
<td>{{ row.drawing }}</td>
<td class="number" data-label="{{ w.pvalue }}">{{ row.pvalue }}</td></tr>
{% endfor %}</tbody></table>
</div>
{% if r.verdict == "not yet" %}<p class="note">{{ w.open_hint }}</p>
{% endif %}
<p class="hint">{{ w.intervals }} {{ w.adjusted_p }}</p>
{% for line in adjusted %}<p>{{ line }}</p>
{% endfor %}
{% for note in notes %}<p class="note">{{ note }}</p>
{% endfor %}
<h2>{{ w.model_changes }}</h2>
<ul>{% for line in changes %}<li>{{ line }}</li>{% endfor %}</ul>
<h2>{{ w.week }}</h2>
<ul>{% for line in lines %}<li>{{ line }}</li>{% endfor %}</ul>
{% if topics %}
<h2>{{ w.topics }}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="{{ w.topics }}">
<table class="cards"><thead><tr><th scope="col">{{ w.topic }}</th>
<th scope="col" class="number">{{ w.questions }}</th>
<th scope="col">{{ w.trend }}</th><th scope="col" class="number">{{ w.handed }}</th>
<th scope="col" class="number">{{ w.down }}</th><th scope="col" class="number">{{ w.earned }}</th>
<th scope="col">{{ w.words }}</th></tr></thead><tbody>
{% for topic, trend in topics %}<tr><th scope="row">{{ topic.example or topic.name }}</th>
<td class="number" data-label="{{ w.questions }}">{{ topic.questions }}</td>
<td class="nowrap" data-label="{{ w.trend }}">{{ trend }}</td>
<td class="number" data-label="{{ w.handed }}">{{ topic.handed_over }}</td>
<td class="number" data-label="{{ w.down }}">{{ topic.down }}</td>
<td class="number" data-label="{{ w.earned }}">{{ money(topic.revenue) }}</td>
<td data-label="{{ w.words }}">{{ topic.name }}</td></tr>
{% endfor %}</tbody></table></div>
{% endif %}
{% if r.behaviour.unanswered %}
<h2>{{ w.unanswered }}</h2>
<ul>{% for one in r.behaviour.unanswered %}<li>{{ one.text }} ({{ one.times }})</li>{% endfor %}
</ul>
{% endif %}
{% if r.behaviour.disliked %}
<h2>{{ w.disliked }}</h2>
<ul>{% for one in r.behaviour.disliked %}<li><code>{{ one.about }}
</code> ({{ one.times }} ↓): {{ one.text }}</li>{% endfor %}</ul>
{% endif %}
{% if replies %}
<h2>{{ w.replies }}</h2>
<ul>{% for row in replies %}<li>{{ row }}</li>{% endfor %}</ul>
{% endif %}
{% if actions %}
<h2>{{ w.actions }}</h2>
<ul>{% for line in actions %}<li>{{ line }}</li>{% endfor %}</ul>
{% endif %}
{% if pages %}
<h2>{{ w.pages }}</h2>
<ul>{% for row in pages %}<li>{{ row }}</li>{% endfor %}</ul>
{% endif %}
{% for name, rows in groups %}
<details><summary>{{ name }}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="{{ name }}">
<table><thead><tr><th scope="col"></th><th scope="col"></th>
<th scope="col" class="number">{{ w.shoppers }}</th>
{% for title in grouped %}<th scope="col" class="number">{{ title }}</th>{% endfor %}

</tr></thead><tbody>
{% for row in rows %}<tr>{% for value in row %}
<td{% if loop.index > 2 %} class="number"{% endif %}>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div></details>
{% endfor %}
"""
