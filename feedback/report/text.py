"""The report as plain text for the shop's owner: the verdict first, then what it rests on."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from feedback.report.analyst_sentences import (
    adjustment_lines,
    belief_lines,
    guard_lines,
    lasting_lines,
    saving_lines,
    segment_lines,
)
from feedback.report.metric_table import metric_rows, untold_line
from feedback.report.report import Report
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

SHOWN_TOPICS: Final = 8


def report_text(report: Report, locale: str = "en") -> str:
    """The report in `locale`; English where the language is not known."""
    words = words_in(locale)
    return "\n".join(_lines(report, words)) + "\n"


def _lines(report: Report, words: ReportStrings) -> Iterator[str]:
    yield verdict_sentence(report, words)
    yield from period_lines(report, words)
    yield from plan_lines(report, words)
    yield ""
    yield from _table(metric_rows(report, words, "text"))
    if untold := untold_line(report, words, "text"):
        yield untold
    yield words["intervals"]
    yield from adjusted_lines(report, words)
    yield from adjustment_lines(report, words)
    yield from belief_lines(report, words)
    yield from guard_lines(report, words)
    yield ""
    yield ledger_line(report, words)
    yield from saving_lines(report, words)
    yield from model_lines(report, words)
    yield from _listed(words["lasting"], lasting_lines(report, words))
    yield from _listed(words["segments"], segment_lines(report, words))
    yield from _listed(words["visitors"], visitor_lines(report, words))
    yield ""
    yield words["model_changes"]
    yield from (f"- {line}" for line in model_change_lines(report, words))
    yield ""
    yield from week_lines(report, words)
    yield from _behaviour(report, words)
    if report.top_replies:
        yield ""
        yield words["replies"]
        yield from (f"- {words['reply'].format(**vars(row))}" for row in report.top_replies)
    if report.top_pages:
        yield ""
        yield words["pages"]
        yield from (f"- {words['page'].format(**vars(row))}" for row in report.top_pages)
    if acted := list(action_lines(report, words)):
        yield ""
        yield words["actions"]
        yield from (f"- {line}" for line in acted)
    for note in note_lines(report, words):
        yield ""
        yield note
    yield ""
    yield words["todo"]
    yield from (f"- {line}" for line in advice_lines(report, words))


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title and its lines, where there are some."""
    if found := list(lines):
        yield ""
        yield title
        yield from (f"- {line}" for line in found)


def _behaviour(report: Report, words: ReportStrings) -> Iterator[str]:
    behaviour = report.behaviour
    parts = (
        ("topics", [f"{one.asked_in(words.locale)}: {one.questions}, {topic_trend(one, words)}"
                    for one in behaviour.topics[:SHOWN_TOPICS]]),
        ("unanswered", [f"{one.text} ({one.times})" for one in behaviour.unanswered]),
        ("disliked", [f"{one.about} ({one.times})" for one in behaviour.disliked]),
    )  # fmt: skip
    for title, lines in parts:
        if lines:
            yield ""
            yield words[title]
            yield from (f"- {line}" for line in lines)


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
