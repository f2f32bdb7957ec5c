"""Draws the card of an order action that waits for a colleague's approval. Pure."""

from typing import Final

from bot.actions import steps_by_hand
from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    MAX_FALLBACK,
    Block,
    Post,
    actions,
    button,
    confirmation,
    context,
    section,
    within_limits,
)
from bot.channels.slack.text import escape_within
from feedback.actions import action_title, pieces_of
from feedback.db import ActionRun

MAX_SUMMARY: Final = 2_500
STATES: Final = {
    "submitted": "🟡 *Waits for approval*",
    "offered": "🟡 *Changed* by {name}; the shopper is asked for their yes",
    "dropped": "⛔ *Changed* by {name}; the shopper said no",
    "approved": "🟢 *Approved* by {name}; it is carried out now",
    "sending": "🟢 *Approved* by {name}; it is carried out now",
    "done": "✅ *Done*, approved by {name}",
    "declined": "⛔ *Declined* by {name}",
    "expired": "⌛ *Expired*: nobody looked at it in time",
    "refused": "⚠️ Approved by {name}, but the back office refused: {error}",
    "failed": "⚠️ Approved by {name}, but the back office gave no answer for a day",
}


BY_HAND: Final = "🟡 *To be done by hand*"
DONE_BY_HAND: Final = "✅ *Done* by {name}"


def action_post(run: ActionRun, history: str = "") -> Post:
    """Draw the action as it stands: the summary, why it waits, buttons; or how it ended.

    `history` is a line about the shopper.
    """
    title = action_title(run.name)
    blocks = [section(f"*{title}* · {_state(run)}"), section(_said(run.summary))]
    notes = [run.why, run.policy, history, f"Changed from: {_first(run)}" if run.before else ""]
    blocks.append(context(escape_within(" · ".join(filter(None, notes)), 600)))
    if run.state == "submitted" and run.by_staff:
        steps = "\n".join(f"☐ {step}" for step in steps_by_hand(run.name, run.arguments))
        blocks.append(section(escape_within(steps, MAX_SUMMARY)))
    if run.state == "submitted":
        blocks.append(actions(*_buttons(run)))
    text = escape_within(f"{title}: {run.state}. {run.summary}", MAX_FALLBACK)
    return Post(text, within_limits(blocks))


def reminder_text(run: ActionRun) -> str:
    """Said below a card that is about to expire."""
    return (
        f"⏰ {action_title(run.name)} still waits, and expires on {run.due_at:%Y-%m-%d %H:%M} UTC."
        " The shopper is told then that nothing was changed."
    )


def _buttons(run: ActionRun) -> list[Block]:
    sure = confirmation("Approve?", "It is carried out at once, and once.", "Approve")
    if run.by_staff:
        first = button(action_ids.ACTION_DONE, "It is done", run.run_id, style="primary")
    else:
        first = button(
            action_ids.ACTION_APPROVE, "Approve", run.run_id, style="primary", confirm=sure
        )
    buttons = [first]
    if len(pieces_of(run)) > 1 and not run.by_staff:
        buttons.append(button(action_ids.ACTION_CHANGE, "Approve with change…", run.run_id))
    return [*buttons, button(action_ids.ACTION_DECLINE, "Decline…", run.run_id, style="danger")]


def _state(run: ActionRun) -> str:
    name = escape_within(run.decided_by or "a colleague", 60)
    if run.by_staff and run.state in ("submitted", "done"):
        return BY_HAND if run.state == "submitted" else DONE_BY_HAND.format(name=name)
    error = escape_within(run.error or "", 200)
    return STATES.get(run.state, run.state).format(name=name, error=error)


def _said(summary: str) -> str:
    return escape_within(summary, MAX_SUMMARY)


def _first(run: ActionRun) -> str:
    return " ".join(str((run.before or {}).get("summary", "")).split())
