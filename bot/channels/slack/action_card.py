"""Draws the card of an order action that waits for a colleague's approval. Pure."""

from typing import Final

from bot.channels.slack import action_ids
from bot.channels.slack.blocks import (
    MAX_FALLBACK,
    Post,
    actions,
    button,
    confirmation,
    context,
    section,
    within_limits,
)
from bot.channels.slack.text import escape_within
from feedback.db import ActionRun

MAX_SUMMARY: Final = 2_500
STATES: Final = {
    "submitted": "🟡 *Waits for approval*",
    "approved": "🟢 *Approved* by {name}; it is carried out now",
    "sending": "🟢 *Approved* by {name}; it is carried out now",
    "done": "✅ *Done*, approved by {name}",
    "declined": "⛔ *Declined* by {name}",
    "expired": "⌛ *Expired*: nobody looked at it in time",
    "refused": "⚠️ Approved by {name}, but the back office refused: {error}",
    "failed": "⚠️ Approved by {name}, but the back office gave no answer for a day",
}


def action_post(run: ActionRun) -> Post:
    """Draw the action as it stands: the summary, why it waits, two buttons; or how it ended."""
    name = escape_within(run.decided_by or "a colleague", 60)
    error = escape_within(run.error or "", 200)
    state = STATES.get(run.state, run.state).format(name=name, error=error)
    blocks = [section(state), section(escape_within(run.summary, MAX_SUMMARY))]
    blocks.append(context(escape_within(run.why, 200)))
    if run.state == "submitted":
        sure = confirmation("Approve?", "It is carried out at once, and once.", "Approve")
        blocks.append(
            actions(
                button(
                    action_ids.ACTION_APPROVE, "Approve", run.run_id, style="primary", confirm=sure
                ),
                button(action_ids.ACTION_DECLINE, "Decline", run.run_id, style="danger"),
            )
        )
    text = escape_within(f"{run.name}: {run.state}. {run.summary}", MAX_FALLBACK)
    return Post(text, within_limits(blocks))
