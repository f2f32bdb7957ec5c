"""Draws how a simulated loop went: what it learned, against no retraining and the whole truth."""

import io
from typing import Final

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from shopclerk.simulation.rounds import RoundOutcome

WIDTH, HEIGHT, DPI = 7.2, 4.4, 150
INK, GREY, GOOD = "#1f2933", "#9aa5b1", "#2a7f62"
ROOM: Final = 0.02  # above and under the lines


def loop_png(outcome: RoundOutcome, title: str) -> bytes:
    """A line a model, over the retrainings; the same outcome gives the same picture."""
    places = [each.retrainings for each in outcome.rounds]
    right = [each.right for each in outcome.rounds]
    with rc_context({"font.family": ["DejaVu Sans"]}):
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.1, 0.14, 0.86, 0.74))
        axes.set_title(title, fontsize=12, color=INK, loc="left")
        axes.plot(
            places, right, "o-", color=GOOD, linewidth=2.5, label="retrained on what people do"
        )
        axes.axhline(right[0], color=GREY, linewidth=1.5, label="never retrained")
        top = max(right)
        if outcome.all_labels is not None:
            axes.axhline(
                outcome.all_labels.right, color=INK, linewidth=1.5, linestyle="--",
                label="told every true reply",
            )  # fmt: skip
            top = max(top, outcome.all_labels.right)
        axes.set_ylim(min(right) - ROOM, min(1.0, top + ROOM))
        axes.set_xticks(places)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.set_xlabel("retrainings", fontsize=11, color=INK)
        axes.set_ylabel("test questions answered rightly", fontsize=11, color=INK)
        axes.legend(loc="lower right", framealpha=1, edgecolor="white", fontsize=10)
        for side in ("right", "top"):
            axes.spines[side].set_visible(False)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()
