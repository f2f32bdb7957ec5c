"""A weekly report for the desk: its figures as rows, its picture drawn in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from feedback.report import MEASURES, Measure, Report
from feedback.report_text import ARMS, shown_value, signed, verdict_sentence
from feedback.report_words import ENGLISH

DRAW_SECONDS = 60.0


class PictureFailed(Exception):
    """The report's picture could not be drawn."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        super().__init__(f"The report's picture could not be drawn: {reason[-300:]}")


class Row(NamedTuple):
    """One measure, written out."""

    name: str
    arms: list[str]  # in the order of the view's arms
    uplift: str
    interval: str


class ReportView(NamedTuple):
    """A report, written out."""

    since: str
    until: str
    verdict: str  # better, worse, not yet
    sentence: str
    arms: list[tuple[str, str]]  # name, shoppers
    rows: list[Row]
    text: str


def show_report(stored: Mapping[str, Any]) -> ReportView:
    """The stored report in words and figures."""
    report = Report.from_json(stored)
    arms = [arm for arm in ARMS if arm in report.arms]
    return ReportView(
        since=f"{report.since:%Y-%m-%d}" if report.since else "the beginning",
        until=f"{report.until:%Y-%m-%d}",
        verdict=report.verdict,
        sentence=verdict_sentence(report, ENGLISH),
        arms=[(ENGLISH[arm], f"{report.arms[arm].shoppers:,}") for arm in arms],
        rows=[_row(name, report.measures[name], arms, report.currency) for name in MEASURES],
        text=report.text("en"),
    )


def draw(stored: Mapping[str, Any]) -> bytes:
    """The report as PNG; the same report is drawn once.

    Matplotlib would add about 80 MB to this process for good, so a child draws.

    Raises:
        PictureFailed: the child could not; the message ends with its own words.
    """
    return _drawn(json.dumps(stored, sort_keys=True))


@lru_cache(maxsize=4)
def _drawn(stored: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "bot.web.draw_report"],
        input=stored.encode(),
        capture_output=True,
        timeout=DRAW_SECONDS,
        check=False,
    )
    if done.returncode:
        raise PictureFailed(done.stderr.decode(errors="replace"))
    return done.stdout


def _row(name: str, measure: Measure, arms: list[str], currency: str | None) -> Row:
    uplift = measure.uplift
    return Row(
        name=ENGLISH[name],
        arms=[shown_value(name, measure.arms.get(arm), currency) for arm in arms],
        uplift="–" if uplift.value is None else signed(uplift.value),
        interval=(
            ENGLISH["no_interval"]
            if uplift.low is None
            else f"{signed(uplift.low)} to {signed(uplift.high)}"
        ),
    )
