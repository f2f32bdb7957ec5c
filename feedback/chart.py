"""The report's picture: each measure's uplift with its interval, readable on a phone.

The text is Latin only: matplotlib's own font draws nothing else, and the figures stand in the text
of the report as well.
"""

import io
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from feedback.report import MEASURES, Measure, Report
from feedback.report_text import shown_value, signed, verdict_sentence
from feedback.report_words import ENGLISH

WIDTH, HEIGHT, DPI = 7.2, 7.6, 150  # 1080 pixels: a phone's width
INK, GREY, GOOD, BAD = "#1f2933", "#9aa5b1", "#2a7f62", "#b3413a"
WIDEST: Final = 1.0  # an interval past ±100 % is cut there, or it would flatten the others
CHARS_A_LINE: Final = 54


def report_png(report: Report) -> bytes:
    """Draw the report; the same report gives the same picture."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(
        0.05, 0.96, _wrapped(verdict_sentence(report, ENGLISH)), fontsize=14, color=INK, va="top",
        weight="bold",
    )  # fmt: skip
    axes = figure.add_axes((0.09, 0.2, 0.82, 0.62))
    _draw_intervals(axes, report)
    figure.text(0.05, 0.095, _wrapped(_footer(report)), fontsize=11, color=INK, va="top")
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def _draw_intervals(axes: Any, report: Report) -> None:
    reach = _reach(report)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.6, len(MEASURES) - 0.1)
    axes.axvline(0, color=GREY, linewidth=1.2)
    for row, name in enumerate(reversed(MEASURES)):
        _draw_row(axes, row, name, report.measures[name], report, reach)
    axes.set_yticks([])
    axes.set_xticks([-reach, -reach / 2, 0, reach / 2, reach])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}" if value else "0")
    axes.tick_params(axis="x", colors=INK, labelsize=12)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.set_xlabel("Uplift of the clerk over the holdout", fontsize=12, color=INK)


def _draw_row(
    axes: Any, row: int, name: str, measure: Measure, report: Report, reach: float
) -> None:
    uplift = measure.uplift
    values = " → ".join(
        shown_value(name, measure.arms.get(arm), report.currency) for arm in ("holdout", "champion")
    )
    axes.text(-reach, row + 0.33, ENGLISH[name], fontsize=13, color=INK, weight="bold", va="center")
    axes.text(reach, row + 0.33, values, fontsize=12, color=INK, ha="right", va="center")
    if uplift.low is None or uplift.high is None or uplift.value is None:
        axes.text(0, row, "too little data", fontsize=12, color=GREY, ha="center", va="center",
                  backgroundcolor="white")  # fmt: skip
        return
    colour = GOOD if uplift.low > 0 else BAD if uplift.high < 0 else INK
    low, high = max(uplift.low, -reach), min(uplift.high, reach)
    axes.plot([low, high], [row, row], color=colour, linewidth=4, solid_capstyle="butt")
    axes.plot([min(max(uplift.value, -reach), reach)], [row], "o", color=colour, markersize=10)
    interval = f"{signed(uplift.value)}  [{signed(uplift.low)}, {signed(uplift.high)}]"
    axes.text(
        0, row - 0.27, interval, fontsize=11, color=colour, ha="center", va="center",
        backgroundcolor="white",
    )  # fmt: skip


def _reach(report: Report) -> float:
    uplifts = [measure.uplift for measure in report.measures.values()]
    bounds = [
        abs(bound) for each in uplifts for bound in (each.low, each.high) if bound is not None
    ]
    return min(WIDEST, max([0.1, *bounds]) * 1.1)


def _footer(report: Report) -> str:
    shoppers = ", ".join(f"{arm} {counts.shoppers:,}" for arm, counts in report.arms.items())
    return f"Shoppers: {shoppers or 'none'}. Up to {report.until:%Y-%m-%d}. {ENGLISH['intervals']}"


def _wrapped(text: str) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= CHARS_A_LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
