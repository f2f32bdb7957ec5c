"""The report's picture (PNG): each metric's uplift with its interval, readable on a phone.

In a language that needs a font of its own, as Chinese does, where the machine has one, else in
English: the figures stand in the text as well.
"""

import io
import re
from collections.abc import Iterable
from typing import Any, Final

import structlog
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from feedback.experiments import Metric, MetricResult
from feedback.languages import Language, language_in
from feedback.report.metric_table import arms_of
from feedback.report.numbers import shown_value, signed
from feedback.report.report import Report
from feedback.report.sentences import ledger_line, verdict_sentence
from feedback.report.strings import ReportStrings, words_in

log = structlog.get_logger()

WIDTH, HEIGHT, DPI = 7.2, 7.6, 150  # 1080 pixels: a phone's width
INK, GREY, GOOD, BAD = "#1f2933", "#9aa5b1", "#2a7f62", "#b3413a"
WIDEST: Final = 1.0  # an interval past ±100 % is cut there, or it would flatten the others
CHARS_A_LINE, SMALL_CHARS_A_LINE = 54, 78


def report_png(report: Report, locale: str = "en") -> bytes:
    """Draw the report; the same report gives the same picture on the same machine."""
    language = language_in(locale)
    font = font_of(language)
    drawable = font is not None or not language.fonts
    if not drawable:
        log.warning("report.no_font", locale=locale, drawn_in="en", remedy=install_font(language))
    words = words_in(locale if drawable else "en")
    with rc_context({"font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"]}):
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        sentence = _wrapped(verdict_sentence(report, words), CHARS_A_LINE)
        figure.text(0.05, 0.975, sentence, fontsize=14, color=INK, va="top", weight="bold")
        axes = figure.add_axes((0.09, 0.245, 0.82, 0.6))
        _draw_intervals(axes, report, words)
        figure.text(0.05, 0.155, _footer(report, words), fontsize=11, color=INK, va="top")
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def font_of(language: Language) -> str | None:
    """A font of this machine that draws a language; None: it needs none, or there is none."""
    known = {font.name for font in fontManager.ttflist}
    return next((name for name in language.fonts if name in known), None)


def install_font(language: Language) -> str:
    """What to do where no font draws a language."""
    return f"install one, on Debian: apt install {language.font_package}; then start again"


def _draw_intervals(axes: Any, report: Report, words: ReportStrings) -> None:
    shown = report.metrics_in("picture")
    reach = _reach(result for _, result in shown)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.6, len(shown) - 0.1)
    axes.axvline(0, color=GREY, linewidth=1.2)
    for row, (metric, result) in enumerate(reversed(shown)):
        _draw_row(axes, row, metric, result, report, reach, words)
    axes.set_yticks([])
    axes.set_xticks([-reach, -reach / 2, 0, reach / 2, reach])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}" if value else "0")
    axes.tick_params(axis="x", colors=INK, labelsize=12)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.set_xlabel(words["chart_axis"], fontsize=12, color=INK)


def _draw_row(
    axes: Any,
    row: int,
    metric: Metric,
    result: MetricResult,
    report: Report,
    reach: float,
    words: ReportStrings,
) -> None:
    uplift = result.uplift
    values = " → ".join(
        shown_value(metric, result.arms.get(arm), report.currency)
        for arm in ("holdout", "champion")
    )
    axes.text(
        -reach, row + 0.33, words.title(metric), fontsize=13, color=INK, weight="bold", va="center"
    )
    axes.text(reach, row + 0.33, values, fontsize=12, color=INK, ha="right", va="center")
    if uplift.low is None or uplift.high is None or uplift.value is None:
        axes.text(0, row, words["no_interval"], fontsize=12, color=GREY, ha="center", va="center",
                  backgroundcolor="white")  # fmt: skip
        return
    colour = GOOD if uplift.low > 0 else BAD if uplift.high < 0 else INK
    colour = INK if report.verdict == "not yet" else colour  # no green without a verdict
    low, high = max(uplift.low, -reach), min(uplift.high, reach)
    axes.plot([low, high], [row, row], color=colour, linewidth=4, solid_capstyle="butt")
    axes.plot([min(max(uplift.value, -reach), reach)], [row], "o", color=colour, markersize=10)
    interval = f"{signed(uplift.value)}  [{signed(uplift.low)}, {signed(uplift.high)}]"
    axes.text(
        0, row - 0.27, interval, fontsize=11, color=colour, ha="center", va="center",
        backgroundcolor="white",
    )  # fmt: skip


def _reach(results: Iterable[MetricResult]) -> float:
    bounds = [
        abs(bound)
        for each in results
        for bound in (each.uplift.low, each.uplift.high)
        if bound is not None
    ]
    return min(WIDEST, max([0.1, *bounds]) * 1.1)


def _footer(report: Report, words: ReportStrings) -> str:
    shoppers = ", ".join(f"{words[arm]} {report.arms[arm].shoppers:,}" for arm in arms_of(report))
    lines = (
        words["chart_footer"].format(shoppers=shoppers or "0", until=report.shown(report.until)),
        words["intervals"],
        ledger_line(report, words),
    )
    return "\n".join(_wrapped(line, SMALL_CHARS_A_LINE) for line in lines)


def _wrapped(text: str, width: int) -> str:
    """Lines of so many columns; a Chinese character takes two, and may end a line anywhere."""
    lines, taken = [""], 0
    for part in re.findall(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+",
                           text):  # fmt: skip
        columns = 2 if part >= "\u3000" else len(part)
        if taken and taken + columns > width:
            lines, taken = [*lines, ""], 0
        lines[-1] += part
        taken += columns
    return "\n".join(line.strip() for line in lines)
