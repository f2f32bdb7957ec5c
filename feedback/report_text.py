"""Draws a report as plain text for the shop's owner: the verdict first, then what it rests on."""

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from feedback.report_parts import MEASURES, Credit, Measure
from feedback.report_words import ENGLISH, WORDS

if TYPE_CHECKING:
    from feedback.report import Report

ARMS: Final = ("holdout", "champion", "challenger")
LONG_WAIT: Final = 104  # weeks; past two years a number is no plan any more
LOW_CAPTURE: Final = 0.5  # of paid orders; below it half the evidence is lost
MANY_HAND_OVERS: Final = 0.3  # of dialogues

Words = Mapping[str, str]


def render(report: "Report", locale: str) -> str:
    """The report in `locale`; English where the language is not known."""
    words = WORDS.get(locale, ENGLISH)
    return "\n".join(_lines(report, words)) + "\n"


def verdict_sentence(report: "Report", words: Words) -> str:
    """The one sentence an owner reads."""
    uplift = report.measures["rps"].uplift
    if report.verdict == "not yet":
        return words["not yet"].format(wait=_wait(report, words))
    direction = "more" if (uplift.value or 0) > 0 else "less"
    size = words[direction].format(percent=f"{abs(uplift.value or 0):.1%}")
    return words[report.verdict].format(
        change=size, low=signed(uplift.low), high=signed(uplift.high)
    )


def signed(fraction: float | None) -> str:
    """A change in per cent, with its sign.

    >>> signed(0.0512), signed(-0.2), signed(None)
    ('+5.1%', '-20.0%', '?')
    """
    return "?" if fraction is None else f"{fraction:+.1%}"


def shown_value(name: str, value: float | None, currency: str | None) -> str:
    """A measure's value as people write it.

    >>> shown_value("cvr", 0.0312, "USD"), shown_value("aov", 59.9, "USD")
    ('3.12%', '59.90 USD')
    """
    if value is None:
        return "–"
    if name in ("rps", "aov"):
        return f"{value:,.2f} {currency or ''}".strip()
    return f"{value:.2%}"


def _lines(report: "Report", words: Words) -> Iterator[str]:
    yield verdict_sentence(report, words)
    until = f"{report.until:%Y-%m-%d %H:%M} UTC"
    if report.since is None:
        yield words["period_all"].format(until=until)
    else:
        yield words["period"].format(since=f"{report.since:%Y-%m-%d %H:%M} UTC", until=until)
    yield ""
    yield from _table(_cells(report, words))
    yield words["intervals"]
    yield ""
    yield _attributed(report, words)
    yield _bridges(report, words)
    yield _hand_overs(report, words)
    if report.top_replies:
        yield ""
        yield words["replies"]
        yield from (f"- {words['reply'].format(**row._asdict())}" for row in report.top_replies)
    for note in report.notes:
        yield ""
        yield words[f"note_{note.code}"].format(**note.values)
    yield ""
    yield words["todo"]
    yield from (f"- {line}" for line in _todo(report, words))


def _wait(report: "Report", words: Words) -> str:
    if report.verdict_reason in ("srm", "no_holdout"):
        return words[f"wait_{report.verdict_reason}"]
    weeks = report.weeks_needed
    if weeks is None:
        return words["wait_small" if report.verdict_reason == "undecided" else "wait_unknown"]
    if weeks > LONG_WAIT:
        return words["wait_years"].format(weeks=f"{weeks:,}")
    return words["wait_week"] if weeks == 1 else words["wait_weeks"].format(weeks=weeks)


def _cells(report: "Report", words: Words) -> list[list[str]]:
    arms = [arm for arm in ARMS if arm in report.arms]
    counts = [f"{report.arms[arm].shoppers:,}" for arm in arms]
    rows = [
        [words["measure"], *(words[arm] for arm in arms), words["uplift"]],
        [words["shoppers"], *counts, ""],
    ]
    for name in MEASURES:
        measure = report.measures[name]
        values = [shown_value(name, measure.arms.get(arm), report.currency) for arm in arms]
        rows.append([words[name], *values, _uplift(measure, words)])
    return rows


def _uplift(measure: Measure, words: Words) -> str:
    uplift = measure.uplift
    if uplift.low is None:
        return words["no_interval"]
    return f"{signed(uplift.value)} [{signed(uplift.low)}, {signed(uplift.high)}]"


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _attributed(report: "Report", words: Words) -> str:
    return words["attributed"].format(
        assisted=_orders(report.assisted, words),
        assisted_amount=_amount(report.assisted.amount, report.currency),
        direct=_orders(report.direct, words),
        direct_amount=_amount(report.direct.amount, report.currency),
    )


def _orders(credit: Credit, words: Words) -> str:
    return words["order"] if credit.orders == 1 else words["orders"].format(count=credit.orders)


def _amount(amount: Decimal, currency: str | None) -> str:
    return f"{amount:,.2f} {currency or ''}".strip()


def _bridges(report: "Report", words: Words) -> str:
    bridges = report.bridges
    if not bridges.paid:
        return words["no_orders"]
    by_source = {
        source: f"{matched}/{paid}" for source, (matched, paid) in bridges.by_source.items()
    }
    return words["bridges"].format(
        matched=bridges.matched,
        paid=bridges.paid,
        share=f"{bridges.share or 0:.0%}",
        by=_listed(bridges.by_bridge) + _listed(by_source),
    )


def _hand_overs(report: "Report", words: Words) -> str:
    handed = report.hand_overs
    if not handed.dialogues:
        return words["no_dialogues"]
    return words["hand_overs"].format(
        handed=handed.handed_over,
        dialogues=handed.dialogues,
        share=f"{handed.handed_over / handed.dialogues:.0%}",
        by=_listed(handed.by_reason),
    )


def _listed(counts: Mapping[str, object]) -> str:
    return "; " + ", ".join(f"{name} {count}" for name, count in counts.items()) if counts else ""


def _todo(report: "Report", words: Words) -> Iterator[str]:
    if report.verdict_reason == "srm":
        yield words["do_srm"]
    elif report.verdict_reason == "no_holdout":
        yield words["do_holdout"]
    else:
        yield words[{"better": "do_keep", "worse": "do_stop", "not yet": "do_wait"}[report.verdict]]
    if report.bridges.share is not None and report.bridges.share < LOW_CAPTURE:
        yield words["do_bridges"]
    handed = report.hand_overs
    if handed.dialogues and handed.handed_over / handed.dialogues > MANY_HAND_OVERS:
        yield words["do_hand_overs"]
    for row in report.top_replies:
        if row.down > row.up:
            yield words["do_thumbs"].format(reply_id=row.reply_id)
