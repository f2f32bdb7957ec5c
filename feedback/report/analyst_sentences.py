"""Sentences for analysts: guardrails, effect by week since exposure, segments, money saved."""

from collections.abc import Iterator

from feedback.experiments import CHAMPION, Metric, MetricResult, Segment, Uplift
from feedback.report.numbers import interval, money, probability, signed
from feedback.report.report import Report
from feedback.report.strings import ReportStrings


def guard_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """The guardrails that show harm, or that none of those that can be told does."""
    told = [
        (metric, found)
        for metric, found in report.metrics.items()
        if metric.guards and found.uplift.low is not None
    ]
    well = []
    for metric, found in told:
        uplift = found.uplift
        if _harm(uplift, fewer_is_better=metric.fewer_is_better) and not _bearable(metric, found):
            yield words["guard_harm"].format(title=words.title(metric), interval=interval(uplift))
        else:
            well.append(words.title(metric))
    if well:
        yield words["guards_well"].format(titles=words["comma"].join(well))


def _harm(uplift: Uplift, *, fewer_is_better: bool) -> bool:
    """Whether the whole interval lies on the wrong side."""
    if uplift.low is None or uplift.high is None:
        return False
    return uplift.low > 0 if fewer_is_better else uplift.high < 0


def _bearable(metric: Metric, found: MetricResult) -> bool:
    """Whether it is worse, yet nothing that anybody minds."""
    value = found.arms.get(CHAMPION)
    return metric.bearable is not None and value is not None and value <= metric.bearable


def belief_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """The Bayesian reading, beside the verdict."""
    if report.belief is not None:
        yield words["belief"].format(
            better=f"{report.belief.better:.0%}",
            value=signed(report.belief.value),
            low=signed(report.belief.low),
            high=signed(report.belief.high),
        )


def adjustment_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """The deciding measures with less noise, and how much less."""
    titles = {metric.name: words.title(metric) for metric in report.metrics}
    for each in report.adjustments:
        if each.gain > 0:
            uplift = Uplift(each.value, each.low, each.high)
            yield words["adjusted_by"].format(
                title=titles.get(each.measure, each.measure),
                interval=interval(uplift),
                gain=f"{each.gain:.1%}",
            )
    if report.adjustments and not any(each.gain > 0 for each in report.adjustments):
        yield words["adjusted_nothing"]


def lasting_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """Buyers by week since the first contact, once there is more than one."""
    weeks = report.since_exposure
    if len(weeks) < 2:
        return
    for each in weeks:
        yield words["lasting_week"].format(
            week=each.week,
            champion=f"{each.champion:.1%}",
            holdout=f"{each.holdout:.1%}",
            interval=words["no_interval"] if each.uplift.low is None else interval(each.uplift),
        )


def saving_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """Hand-overs avoided, what they are worth, and what the clerk returns of its cost."""
    found = report.savings
    if found is None or found.minutes is None:
        return
    avoided = found.hand_overs
    yield words["saved_hand_overs"].format(
        count=f"{avoided.amount:,.0f}", low=f"{avoided.low:,.0f}", high=f"{avoided.high:,.0f}",
        hours=f"{found.minutes / 60:,.0f}",
    )  # fmt: skip
    if found.saved is None:
        yield words["saved_unset"]
        return
    yield words["saved_money"].format(saved=money(found.saved, report.currency))
    if found.cost is not None and found.times is not None:
        yield words["returned" if found.added is not None else "returned_staff"].format(
            times=f"{found.times:.1f}",
            cost=money(found.cost, report.currency),
            added=money(found.added or 0.0, report.currency, sign=True),
        )


def segment_rows(report: Report, words: ReportStrings) -> list[list[str]]:
    """A row a segment: what it is, shoppers and buyers of both arms, the effect, p after Holm."""
    return [
        [
            segment_name(each, words),
            f"{each.champion:,}",
            f"{each.champion_cvr:.2%}",
            f"{each.holdout:,}",
            f"{each.holdout_cvr:.2%}",
            words["no_interval"] if each.uplift.low is None else interval(each.uplift),
            probability(each.uplift.adjusted),
        ]
        for each in report.segments
    ]


def segment_name(segment: Segment, words: ReportStrings) -> str:
    """What a segment's shoppers have in common, in words where there are some."""
    value = words.get(f"trait_{segment.value}") or segment.value
    return f"{words[f'of_{segment.dimension}']}: {value}"


def segment_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """Segments in which enough bought for an interval."""
    for each in report.segments:
        if each.uplift.low is not None:
            p = "" if each.uplift.adjusted is None else f"; p {probability(each.uplift.adjusted)}"
            yield f"{segment_name(each, words)}: {interval(each.uplift)}{p}"
