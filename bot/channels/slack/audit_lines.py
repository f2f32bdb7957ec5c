"""Audit log entries for what the staff did in Slack. Pure."""

from typing import Final

from bot.channels.slack import action_ids
from bot.channels.slack.slash_command import FOR_SHOPPERS
from feedback.db import InboxEvent
from feedback.desk import Deed

SUBMITTED: Final = {
    action_ids.EDIT_MODAL: ("send_edited", "card_id"),
    action_ids.REPLY_MODAL: ("add_reply", "card_id"),
    action_ids.CORRECT_MODAL: ("correct", "day"),
    action_ids.ASSIGN_MODAL: ("assign", "card_id"),
    action_ids.SNOOZE_MODAL: ("snooze", "card_id"),
    action_ids.DECLINE_MODAL: ("desk_action_decline", "run_id"),
    action_ids.CHANGE_MODAL: ("desk_action_change", "run_id"),
}


def deed_of(event: InboxEvent) -> Deed | None:
    """What `event` had the clerk do for the staff; None: shoppers' doings, and mere looks."""
    body = event.body
    if event.kind == "action":
        name = str(body.get("action_id", ""))
        if not name.startswith(action_ids.OF_STAFF) or name == action_ids.REFRESH:
            return None
        role = "owner" if name.startswith("home_") else "staff"
        done = name.rstrip("0123456789_")
        return Deed(f"slack:{body.get('user')}", role, f"slack.{done}", str(body["impression_id"]))
    if event.kind == "reaction":
        where = f"{body.get('channel')}:{body.get('ts')}"
        return Deed(f"slack:{body.get('user')}", "staff", f"slack.{body.get('name')}", where)
    if event.kind == "submission" and body.get("callback_id") in SUBMITTED:
        done, subject = SUBMITTED[body["callback_id"]]
        named = str(body.get(subject) or "")
        return Deed(f"slack:{body.get('user')}", "staff", f"slack.{done}", named)
    if event.kind == "command":
        word = str(body.get("text", "")).partition(" ")[0][:20]
        if word.lower() in FOR_SHOPPERS:
            return None
        return Deed(f"slack:{body.get('user_id')}", "staff", "slack.command", word)
    return None
