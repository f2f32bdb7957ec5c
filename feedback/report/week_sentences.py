"""The report's sentences on what happened: sales, hand-overs, thumbs, times, order actions."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from feedback.report.numbers import money
from feedback.report.parts import Credit
from feedback.report.report import Report
from feedback.report.strings import ReportStrings


def week_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What happened: credited sales, matched orders, hand-overs, thumbs, times, comments."""
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
    yield from _end_lines(report, words)
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


def _end_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """How many turns a resolved dialogue took, and where dialogues were lost."""
    ends = report.ends
    if ends.turns is not None:
        yield words["turns_line"].format(turns=f"{ends.turns:g}", resolved=f"{ends.resolved:,}")
    if ends.lost:
        after = ", ".join(f"{name} ({count:,})" for name, count in ends.lost_after)
        yield words["lost_line"].format(lost=f"{ends.lost:,}", after=after)


def _attributed(report: Report, words: ReportStrings) -> str:
    return words["attributed"].format(
        assisted=_orders(report.assisted, words),
        assisted_amount=_amount(report.assisted.amount, report.currency),
        direct=_orders(report.direct, words),
        direct_amount=_amount(report.direct.amount, report.currency),
    )


def _orders(credit: Credit, words: ReportStrings) -> str:
    return words["order"] if credit.orders == 1 else words["orders"].format(count=credit.orders)


def _amount(amount: Decimal, currency: str | None) -> str:
    return money(float(amount), currency)


def _bridges(report: Report, words: ReportStrings) -> str:
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


def _hand_overs(report: Report, words: ReportStrings) -> str:
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


def _counted(counts: Sequence[tuple[str, int]]) -> str:
    """
    >>> _counted([("payment_method", 4), ("reason", 1)])
    'payment method (4), reason (1)'
    """
    return ", ".join(f"{name.replace('_', ' ')} ({count})" for name, count in counts)


def action_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What order actions did, saved and cost; nothing where there were none."""
    figures = report.actions
    told = {**vars(figures), "done": figures.done}
    if figures.done:
        yield words["actions_done"].format(**told)
        told["refunded"] = money(float(figures.refunded), report.currency)
        yield words["actions_saved"].format(**told)
    if figures.declined or figures.refused or figures.expired or figures.left:
        yield words["actions_ended"].format(**told)
        if figures.left_at:
            yield words["actions_left_at"].format(asked=_counted(figures.left_at))
    if figures.corrected:
        told["actions"] = _counted(figures.misread)
        yield words["actions_corrected"].format(**told)
