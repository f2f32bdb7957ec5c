"""Drawings of the report's page, as SVG: an interval on its scale, revenue added week by week."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from feedback.experiments import Uplift

if TYPE_CHECKING:
    from feedback.report.report import Report

WIDTH: Final = 240  # of an interval's drawing, in its own units
NARROWEST, WIDEST = 0.1, 1.0  # the scale of the intervals; past ±100 % they are cut
PATH_WIDTH, PATH_HEIGHT = 640, 180


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


def reach_of(uplifts: Iterable[Uplift]) -> float:
    """One scale for all intervals of a report, wide enough for them."""
    ends = [abs(end) for uplift in uplifts for end in (uplift.low, uplift.high) if end is not None]
    return min(WIDEST, max([NARROWEST, *ends]))


def _place(fraction: float, reach: float) -> float:
    return (max(-reach, min(reach, fraction)) + reach) / (2 * reach) * (WIDTH - 12) + 6


def revenue_path(report: "Report") -> Markup:
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
