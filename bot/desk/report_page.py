"""The weekly report at the desk: the page, and its picture, drawn in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedback.report import Report, report_body, verdict_sentence, words_in

DRAW_SECONDS = 60.0


class PictureFailed(Exception):
    """The report's picture could not be drawn."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        super().__init__(f"The report's picture could not be drawn: {reason[-300:]}")


class ReportView(NamedTuple):
    """A report, written out."""

    since: str
    until: str
    computed: str
    verdict: str  # better, worse, not yet
    sentence: str
    lang: str
    body: Markup


def show_report(stored: Mapping[str, Any], locale: str = "en") -> ReportView:
    """The stored report in words and figures, in the shop's language."""
    report = Report.from_json(stored)
    zone = ZoneInfo(report.zone)
    return ReportView(
        since=f"{report.since.astimezone(zone):%Y-%m-%d}" if report.since else "the beginning",
        until=f"{report.until.astimezone(zone):%Y-%m-%d}",
        computed=report.shown(report.computed_at),
        verdict=report.verdict,
        sentence=verdict_sentence(report, words_in(locale)),
        lang=words_in(locale).locale,
        body=report_body(report, locale),
    )


def draw(stored: Mapping[str, Any], locale: str = "en") -> bytes:
    """The report as PNG; the same report is drawn once.

    Matplotlib would add about 80 MB to this process for good, so a child draws.

    Raises:
        PictureFailed: the child could not; the message ends with its own words.
    """
    return _drawn(json.dumps(stored, sort_keys=True), locale)


@lru_cache(maxsize=4)
def _drawn(stored: str, locale: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "bot.desk.draw_report", locale],
        input=stored.encode(),
        capture_output=True,
        timeout=DRAW_SECONDS,
        check=False,
    )
    if done.returncode:
        raise PictureFailed(done.stderr.decode(errors="replace"))
    return done.stdout
