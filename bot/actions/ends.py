"""Ends of order actions, as the shopper reads them: done, refused, waiting; and what comes next."""

from collections.abc import Sequence

from bot.actions.words import ActionWords
from bot.messages import ActionShown, Choice, Kind, ReplyDetails
from feedback.actions import UNDO, UNDO_FOR
from feedback.db import ActionRun


def end_words(runs: Sequence[ActionRun], words: ActionWords) -> tuple[Kind, str]:
    """How runs ended, as the shopper reads it."""
    states = {run.state for run in runs}
    if states == {"done"}:
        return "done", "\n".join(_done_words(run, words) for run in runs)
    if "submitted" in states:
        return "submitted", words.submitted
    if states & {"sending", "confirmed", "approved"}:
        return "submitted", words.away_after_yes
    first = next(run for run in runs if run.state != "done")
    if first.state in words.ends:
        said = f" {first.decision}" if first.decision else ""
        return "refused", words.ends[first.state].format(words=said)
    rule = words.rules.get(first.error or "", words.gave_up)
    order = first.arguments.get("order_id", "")
    return "refused", rule.format(order=order, status="–", needs="–")


def _done_words(run: ActionRun, words: ActionWords) -> str:
    order = run.arguments.get("order_id", "")
    if run.run_id.endswith(UNDO):
        return words.undone.format(order=order)
    said = words.done[run.name].format(order=order)
    if run.decision:  # what a colleague wrote who did it by hand
        said = f"{said} {run.decision}"
    if run.undo:
        minutes = int(UNDO_FOR.total_seconds() // 60)
        said = f"{said} {words.undo_offer.format(minutes=minutes)}"
    return said


def undo_buttons(runs: Sequence[ActionRun], words: ActionWords) -> tuple[Choice, ...]:
    """A button below what may be taken back."""
    return tuple(
        Choice(f"action:{run.run_id}:undo", words.undo_button, value={"undo": run.run_id})
        for run in runs
        if run.state == "done" and run.undo
    )


def end_details(runs: Sequence[ActionRun]) -> ReplyDetails:
    """What was carried out, for programs."""
    done = tuple(
        ActionShown(run.name, run.arguments, outcome=run.outcome)
        for run in runs
        if run.state == "done"
    )
    about = {"action": runs[0].name}
    if order := runs[0].arguments.get("order_id"):
        about["order_id"] = str(order)
    return ReplyDetails(about=about, executed=done)
