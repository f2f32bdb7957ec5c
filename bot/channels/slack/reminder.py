"""Draws reminders of cards whose time runs out: in their thread, and to the channel. Pure."""

from typing import Final

from bot.channels.slack.blocks import Post, message_address
from bot.channels.slack.cards import CardTimes
from bot.channels.slack.text import escape_within
from bot.handover_reasons import reason_words
from bot.turn_words import clock_time, day_time, duration_words
from feedback.db import DeskCard
from feedback.desk import Standing

SAID: Final = 200  # characters of what was asked


def reminder_post(
    kind: str, card: DeskCard, question: str, turn: Standing, times: CardTimes, workspace: str
) -> Post | None:
    """What is said of a card; None where nobody waits any more."""
    now, zone = times
    whose = _mention(card)
    if kind == "snooze_over":
        said = f"⏰ {whose}the snooze is over."
        return None if turn.waits_for == "nobody" or turn.snoozed else Post(said, [])
    if turn.waits_for != "staff" or turn.snoozed or turn.due is None:
        return None
    asked = escape_within(" ".join(question.split()), SAID)
    if kind == "half_time":
        nobody = "" if card.assignee else " Nobody has this dialogue yet."
        said = (
            f"⏳ {whose}the shopper waits since {clock_time(turn.since, zone)};"
            f" answer by {day_time(turn.due, now, zone)}.{nobody}"
        )
        return Post(said, [])
    link = message_address(workspace, card.channel, card.ts)
    name = escape_within(card.assignee_name or "", 60)
    has = f"{whose}has it" if whose else (f"{name} has it" if name else "nobody has it")
    late = duration_words(now - turn.since)
    said = (
        f"🔴 *Overdue:* {reason_words(card.reason).lower()}, waiting for {late}; {has}."
        f" “{asked}”" + (f" <{link}|Open the card>" if link else "")
    )
    return Post(said, [])


def _mention(card: DeskCard) -> str:
    """Whom Slack tells: a colleague whose id is one of Slack's."""
    assignee = card.assignee or ""
    return f"<@{assignee}> " if assignee.startswith(("U", "W")) else ""
