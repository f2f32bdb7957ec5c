"""What the report says of visitors: the verdict on having a clerk at all, and what it rests on."""

from collections.abc import Iterator

from feedback.experiments import CVR, VisitorEffect
from feedback.report.numbers import interval, money, signed
from feedback.report.report import Report
from feedback.report.sentences import added_words
from feedback.report.strings import ReportStrings


def visitor_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """The verdict, the sums, the plan and the money; nothing where visitors are not compared."""
    found = report.visitors
    if found is None:
        return
    yield _verdict(found, words)
    arms = (("clerk", found.clerk), ("none", found.none))
    yield words["visitors_sums"].format(
        **{name: f"{arm.shoppers:,}" for name, arm in arms},
        **{f"{name}_cvr": f"{arm.buyers / max(1, arm.shoppers):.1%}" for name, arm in arms},
        **{
            f"{name}_rps": money(float(arm.revenue) / max(1, arm.shoppers), report.currency)
            for name, arm in arms
        },
    )
    if found.cvr.low is not None:
        yield words["visitors_cvr"].format(interval=interval(found.cvr))
    plan = found.plan
    if plan is not None and plan.of is not None and found.verdict == "not yet":
        yield words["visitors_plan"].format(
            look=plan.look, of=plan.of, until=plan.until, none=f"{plan.holdout:.0%}"
        )
    if found.added is not None and found.added.low is not None:
        added = added_words(found.added, report, words)
        yield words["visitors_added"].format(added=added)


def _verdict(found: VisitorEffect, words: ReportStrings) -> str:
    plan, decided = found.plan, found.decided
    if found.reason == "planned_end" and plan is not None:
        effect = max(plan.effect, plan.detectable or 0)
        return words["visitors_no_effect"].format(effect=f"{effect:.0%}")
    if found.verdict == "not yet" or decided is None:
        return words["visitors_open"].format(wait=_wait(found, words))
    more = "more" if (decided.value or 0) > 0 else "less"
    kind = f"visitors_{found.verdict}" + ("_cvr" if found.decided_by == CVR.name else "")
    return words[kind].format(
        change=words[more].format(percent=f"{abs(decided.value or 0):.1%}"),
        low=signed(decided.low),
        high=signed(decided.high),
    )


def _wait(found: VisitorEffect, words: ReportStrings) -> str:
    if found.reason == "no_token":
        return words["visitors_no_token"]
    if reason := words.get(f"wait_{found.reason}"):
        return reason
    plan = found.plan
    until = (
        words["wait_planned"].format(until=plan.until)
        if plan is not None and plan.of is not None
        else words["wait_unknown"]
    )
    if found.reason == "too_few_orders":
        return words["visitors_too_few"].format(until=until)
    return until
