"""Draws a report as plain text for the shop's owner: the verdict first, then what it rests on."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from feedback.db import number_of
from feedback.experiments import BESIDE, MEASURES, Added, Measure, Uplift
from feedback.report.parts import Credit, ModelChange, Topic
from feedback.report.report import Report
from feedback.report.strings import ENGLISH, WORDS

ARMS: Final = ("holdout", "champion", "challenger")
LONG_WAIT: Final = 104  # weeks; past two years a number is no plan any more
LOW_CAPTURE: Final = 0.5  # of paid orders; below it half the evidence is lost
MANY_HAND_OVERS: Final = 0.3  # of dialogues
SURPRISING: Final = 2.0  # standard deviations by which a topic's count has to change to be told
SHOWN_TOPICS: Final = 8

Words = Mapping[str, str]


def report_text(report: Report, locale: str = "en") -> str:
    """The report in `locale`, `en` or `zh`; English where the language is not known."""
    words = WORDS.get(locale, ENGLISH)
    return "\n".join(_lines(report, words)) + "\n"


def verdict_sentence(report: Report, words: Words) -> str:
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
        return money(value, currency)
    return f"{value:.2%}"


def money(amount: float, currency: str | None, *, sign: bool = False) -> str:
    """An amount as people write it.

    >>> money(1234.5, "USD"), money(1234.5, "JPY"), money(-3, None, sign=True)
    ('1,234.50 USD', '1,234 JPY', '-3.00')
    """
    return f"{number_of(amount, currency, sign=sign)} {currency or ''}".strip()


def ledger_line(report: Report, words: Words) -> str:
    """What the clerk has added since the start."""
    return words["added_clerk"].format(added=_added(report.ledger.clerk, report, words))


def model_lines(report: Report, words: Words) -> Iterator[str]:
    """What each new model has added over the one before it."""
    for line in report.ledger.models:
        yield words["added_model"].format(
            version=line.name, added=_added(line, report, words), shoppers=f"{line.shoppers:,}"
        )


def model_change_lines(report: Report, words: Words) -> Iterator[str]:
    """What retraining changed, a line a run; that nothing did is worth a line too."""
    for change in report.model_changes:
        yield words[_change_kind(change)].format(
            **{
                **change._asdict(),
                "examples": f"{change.examples:,}",
                "right": f"{change.right or 0:.1%}",
                "before": f"{change.before or 0:.1%}",
            }
        )
    if not report.model_changes:
        yield words["model_unchanged"]


def _change_kind(change: ModelChange) -> str:
    compared = bool(change.questions)
    if change.state == "promoted":
        return "model_promoted" if compared else "model_first"
    if change.state == "refused":
        return "model_refused" if compared else "model_refused_plain"
    return "model_failed"


def topic_trend(topic: Topic, words: Words) -> str:
    """Whether a topic grows: against the time before, past what chance does to counts.

    >>> from feedback.report.strings import ENGLISH
    >>> [topic_trend(Topic("a", now, was, 0, 0, ""), ENGLISH) for now, was in ((30, 10), (9, 8))]
    ['growing (10 before)', 'as before (8)']
    """
    # Two counts of Poisson: their difference has the variance of their sum.
    surprise = (topic.questions - topic.before) / max(1.0, (topic.questions + topic.before) ** 0.5)
    if abs(surprise) < SURPRISING:
        return words["steady"].format(before=topic.before)
    return words["growing" if surprise > 0 else "shrinking"].format(before=topic.before)


def other_lines(report: Report, words: Words, part: str) -> Iterator[str]:
    """The sentences of one part of the report: period, adjusted, week, notes or todo."""
    parts: dict[str, Callable[[Report, Words], Iterator[str]]] = {
        "period": _period,
        "adjusted": _adjusted,
        "week": _week,
        "notes": _notes,
        "todo": _todo,
    }
    return parts[part](report, words)


def _lines(report: Report, words: Words) -> Iterator[str]:
    yield verdict_sentence(report, words)
    yield from _period(report, words)
    yield ""
    yield from _table(_cells(report, words))
    yield words["intervals"]
    yield from _adjusted(report, words)
    yield ""
    yield ledger_line(report, words)
    yield from model_lines(report, words)
    yield ""
    yield words["model_changes"]
    yield from (f"- {line}" for line in model_change_lines(report, words))
    yield ""
    yield from _week(report, words)
    yield from _behaviour(report, words)
    if report.top_replies:
        yield ""
        yield words["replies"]
        yield from (f"- {words['reply'].format(**row._asdict())}" for row in report.top_replies)
    for note in _notes(report, words):
        yield ""
        yield note
    yield ""
    yield words["todo"]
    yield from (f"- {line}" for line in _todo(report, words))


def _period(report: Report, words: Words) -> Iterator[str]:
    until = report.shown(report.until)
    if report.since is None:
        yield words["period_all"].format(until=until)
    else:
        yield words["period"].format(since=report.shown(report.since), until=until)


def _adjusted(report: Report, words: Words) -> Iterator[str]:
    raw, less = report.measures["rps"].uplift, report.adjusted
    if raw.low is not None and less.low is not None:
        yield words["adjusted"].format(
            raw=_interval(raw), adjusted=_interval(less),
            cap=money(report.order_cap or 0, report.currency),
        )  # fmt: skip
    if raw.fixed_low is not None:
        low, high = signed(raw.fixed_low), signed(raw.fixed_high)
        yield words["planned_end"].format(low=low, high=high)


def _interval(uplift: Uplift) -> str:
    return f"{signed(uplift.value)} [{signed(uplift.low)}, {signed(uplift.high)}]"


def _added(line: Added, report: Report, words: Words) -> str:
    if line.reason == "no_control" or line.amount is None:
        return words["added_unknown"]
    amount = money(line.amount, report.currency, sign=True)
    if line.low is None or line.high is None:
        return words["added_early"].format(amount=amount)
    return words["added"].format(
        amount=amount,
        low=money(line.low, report.currency, sign=True),
        high=money(line.high, report.currency, sign=True),
    )


def _week(report: Report, words: Words) -> Iterator[str]:
    yield _attributed(report, words)
    yield _bridges(report, words)
    yield _hand_overs(report, words)
    rates = report.dialogues.get("")
    if rates and rates.dialogues:
        yield words["resolved_line"].format(
            resolved=f"{rates.resolved:,}",
            dialogues=f"{rates.dialogues:,}",
            share=f"{rates.resolved / rates.dialogues:.0%}",
            confirmed=f"{rates.confirmed:,}",
            open=f"{rates.open:,}",
        )
        if thumbs := rates.up + rates.down:
            yield words["thumbs_line"].format(
                up=f"{rates.up:,}", thumbs=f"{thumbs:,}", share=f"{rates.up / thumbs:.0%}"
            )
    if report.behaviour.answer_ms is not None:
        yield words["answer_line"].format(ms=f"{report.behaviour.answer_ms:.0f}")
    if report.behaviour.staff_minutes is not None:
        yield words["staff_line"].format(minutes=f"{report.behaviour.staff_minutes:.0f}")
    if comments := report.behaviour.comments:
        yield words["comments_line"].format(
            positive=comments.get("positive", 0),
            negative=comments.get("negative", 0),
            neutral=comments.get("neutral", 0),
        )


def _behaviour(report: Report, words: Words) -> Iterator[str]:
    behaviour = report.behaviour
    parts = (
        ("topics", [f"{one.name}: {one.questions}, {topic_trend(one, words)}"
                    for one in behaviour.topics[:SHOWN_TOPICS]]),
        ("unanswered", [f"{one.text} ({one.times})" for one in behaviour.unanswered]),
        ("disliked", [f"{one.about} ({one.times})" for one in behaviour.disliked]),
    )  # fmt: skip
    for title, lines in parts:
        if lines:
            yield ""
            yield words[title]
            yield from (f"- {line}" for line in lines)


def _notes(report: Report, words: Words) -> Iterator[str]:
    for note in report.notes:
        yield words[f"note_{note.code}"].format(**note.values)


def _wait(report: Report, words: Words) -> str:
    if report.verdict_reason in ("srm", "no_holdout"):
        return words[f"wait_{report.verdict_reason}"]
    weeks = report.weeks_needed
    if weeks is None:
        return words["wait_small" if report.verdict_reason == "undecided" else "wait_unknown"]
    if weeks > LONG_WAIT:
        return words["wait_years"].format(weeks=f"{weeks:,}")
    return words["wait_week"] if weeks == 1 else words["wait_weeks"].format(weeks=weeks)


def _cells(report: Report, words: Words) -> list[list[str]]:
    arms = [arm for arm in ARMS if arm in report.arms]
    counts = [f"{report.arms[arm].shoppers:,}" for arm in arms]
    rows = [
        [words["measure"], *(words[arm] for arm in arms), words["uplift"]],
        [words["shoppers"], *counts, ""],
    ]
    for name in (*MEASURES, *BESIDE):
        if name not in report.measures:
            continue  # kept by an earlier version
        measure = report.measures[name]
        values = [shown_value(name, measure.arms.get(arm), report.currency) for arm in arms]
        rows.append([words[name], *values, _uplift(measure, words)])
    return rows


def _uplift(measure: Measure, words: Words) -> str:
    return words["no_interval"] if measure.uplift.low is None else _interval(measure.uplift)


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _attributed(report: Report, words: Words) -> str:
    return words["attributed"].format(
        assisted=_orders(report.assisted, words),
        assisted_amount=_amount(report.assisted.amount, report.currency),
        direct=_orders(report.direct, words),
        direct_amount=_amount(report.direct.amount, report.currency),
    )


def _orders(credit: Credit, words: Words) -> str:
    return words["order"] if credit.orders == 1 else words["orders"].format(count=credit.orders)


def _amount(amount: Decimal, currency: str | None) -> str:
    return money(float(amount), currency)


def _bridges(report: Report, words: Words) -> str:
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


def _hand_overs(report: Report, words: Words) -> str:
    handed = report.hand_overs
    if not handed.dialogues:
        return words["no_dialogues"]
    return words["hand_overs"].format(
        handed=handed.handed_over,
        dialogues=handed.dialogues,
        share=f"{handed.handed_over / handed.dialogues:.0%}",
        by=_listed(
            {
                words.get(f"reason_{reason}", reason): count
                for reason, count in handed.by_reason.items()
            }
        ),
    )


def _listed(counts: Mapping[str, object]) -> str:
    return "; " + ", ".join(f"{name} {count}" for name, count in counts.items()) if counts else ""


def _todo(report: Report, words: Words) -> Iterator[str]:
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
