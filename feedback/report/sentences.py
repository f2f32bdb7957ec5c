"""Sentences of the report: verdict, ledger, what happened, notes and advice, in either language."""

from collections.abc import Iterator
from typing import Final

from feedback.experiments import CVR, RPS, AddedRevenue, Uplift
from feedback.report.numbers import interval, money, signed
from feedback.report.parts import ModelChange, Topic
from feedback.report.report import Report
from feedback.report.strings import ReportStrings

LONG_WAIT: Final = 104  # weeks; past two years a number is no plan any more
LOW_CAPTURE: Final = 0.5  # of paid orders; below it half the evidence is lost
LARGE_SHOPPER: Final = 0.05  # of an arm's revenue; more of one shopper is worth a line
MANY_HAND_OVERS: Final = 0.3  # of dialogues
SURPRISING: Final = 2.0  # standard deviations by which a topic's count has to change to be told


def verdict_sentence(report: Report, words: ReportStrings) -> str:
    """The one sentence an owner reads."""
    if report.verdict_reason == "planned_end" and report.plan is not None:
        effect = max(report.plan.effect, report.plan.detectable or 0)
        return words["no_effect"].format(effect=f"{effect:.0%}")
    if report.verdict == "not yet":
        return words["not yet"].format(wait=_wait(report, words))
    uplift = decided_uplift(report)
    direction = "more" if (uplift.value or 0) > 0 else "less"
    size = words[direction].format(percent=f"{abs(uplift.value or 0):.1%}")
    kind = f"{report.verdict}_cvr" if report.decided_by == CVR.name else report.verdict
    return words[kind].format(change=size, low=signed(uplift.low), high=signed(uplift.high))


def decided_uplift(report: Report) -> Uplift:
    """The effect the verdict stands on; reports of earlier versions had one deciding measure."""
    return report.decided or report.metrics[RPS].uplift


def plan_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """Where the plan stands, what decides, and how much hangs on one shopper."""
    plan = report.plan
    if plan is None:
        return
    if plan.origin == "before":
        yield words["plan_before"]
    elif plan.of is None:
        yield words["plan_anytime"]
    elif plan.look >= plan.of:
        yield words["plan_over"].format(of=plan.of, until=plan.until)
    else:
        seen = plan.detectable
        yield words["plan_planned"].format(
            look=plan.look, of=plan.of, until=plan.until, holdout=f"{plan.holdout:.0%}",
            detectable=words["plan_detectable"].format(effect=f"{seen:.0%}") if seen else "",
        )  # fmt: skip
    if plan.origin != "before" and report.order_cap:
        yield words["plan_measures"].format(cap=money(report.order_cap, report.currency))
    shares = report.influence.shares if report.influence else {}
    if max(shares.values(), default=0.0) >= LARGE_SHOPPER:
        yield words["influence"].format(
            **{arm: f"{shares.get(arm, 0.0):.0%}" for arm in ("champion", "holdout")}
        )


def ledger_line(report: Report, words: ReportStrings) -> str:
    """What the clerk has added since the start."""
    return words["added_clerk"].format(added=added_words(report.ledger.clerk, report, words))


def model_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What each new model has added over the one before it."""
    for line in report.ledger.models:
        yield words["added_model"].format(
            version=line.name, added=added_words(line, report, words), shoppers=f"{line.shoppers:,}"
        )


def model_change_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What retraining changed, a line a run; that nothing did is worth a line too."""
    for change in report.model_changes:
        yield words[_change_kind(change)].format(
            **{
                **vars(change),
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


def topic_trend(topic: Topic, words: ReportStrings) -> str:
    """Whether a topic grows: against the time before, past what chance does to counts.

    >>> from feedback.report.strings import words_in
    >>> topics = [Topic("a", now, was, 0, 0, "") for now, was in ((30, 10), (9, 8))]
    >>> [topic_trend(topic, words_in("en")) for topic in topics]
    ['growing (10 before)', 'as before (8)']
    """
    # Two counts of Poisson: their difference has the variance of their sum.
    surprise = (topic.questions - topic.before) / max(1.0, (topic.questions + topic.before) ** 0.5)
    if abs(surprise) < SURPRISING:
        return words["steady"].format(before=topic.before)
    return words["growing" if surprise > 0 else "shrinking"].format(before=topic.before)


def period_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """The time that is told of."""
    until = report.shown(report.until)
    if report.since is None:
        yield words["period_all"].format(until=until)
    else:
        yield words["period"].format(since=report.shown(report.since), until=until)
        yield words["compared_all"]


def adjusted_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """Revenue per shopper with less noise, and the interval of a single look at the planned end."""
    raw, less = report.metrics[RPS].uplift, report.adjusted
    if raw.low is not None and less.low is not None:
        yield words["adjusted"].format(
            raw=interval(raw), adjusted=interval(less),
            cap=money(report.order_cap or 0, report.currency),
        )  # fmt: skip
    once = report.metrics[CVR].uplift if CVR in report.metrics else raw
    if once.fixed_low is not None:
        low, high = signed(once.fixed_low), signed(once.fixed_high)
        yield words["planned_end"].format(low=low, high=high)


def note_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What to know when reading the report."""
    for note in report.notes:
        yield words[f"note_{note.code}"].format(**note.values)


def advice_lines(report: Report, words: ReportStrings) -> Iterator[str]:
    """What to do next."""
    by_reason = words.get(f"do_{report.verdict_reason}") or words.get(
        {"no_holdout": "do_holdout", "planned_end": "do_end"}.get(report.verdict_reason, "")
    )
    by_verdict = {"better": "do_keep", "worse": "do_stop", "not yet": "do_wait"}[report.verdict]
    planless = report.plan is not None and report.plan.of is None
    if by_verdict == "do_wait" and planless:
        by_verdict = "do_wait_anytime"  # no plan has looks
    yield by_reason or words[by_verdict]
    if report.verdict == "not yet" and planless:
        yield words["do_plan"]
    if report.bridges.share is not None and report.bridges.share < LOW_CAPTURE:
        yield words["do_bridges"]
    handed = report.hand_overs
    if handed.dialogues and handed.handed_over / handed.dialogues > MANY_HAND_OVERS:
        yield words["do_hand_overs"]
    for row in report.top_replies:
        if row.down > row.up:
            yield words["do_thumbs"].format(reply_id=row.reply_id)


def added_words(line: AddedRevenue, report: Report, words: ReportStrings) -> str:
    """An amount that was added, with its interval, or why there is none."""
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


def _wait(report: Report, words: ReportStrings) -> str:
    if reason := words.get(f"wait_{report.verdict_reason}"):
        return reason
    if report.plan is not None and report.plan.of is not None:
        return words["wait_planned"].format(until=report.plan.until)
    weeks = report.weeks_needed
    if weeks is None:
        return words["wait_small" if report.verdict_reason == "undecided" else "wait_unknown"]
    if weeks > LONG_WAIT:
        return words["wait_years"].format(weeks=f"{weeks:,}")
    return words["wait_week"] if weeks == 1 else words["wait_weeks"].format(weeks=weeks)
