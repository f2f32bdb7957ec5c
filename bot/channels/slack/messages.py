"""Parses Slack's events and button presses into typed values; None where they are not for us."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.channels.slack.text import read_slack_text
from feedback.knowledge import loose_text

# A person's words come without a subtype, with a file, or said in a thread and shown outside it.
MOST_FILES: Final = 10  # of one message, as Slack itself allows
PERSONS: Final = {None, "file_share", "thread_broadcast"}


class SlackFile(NamedTuple):
    """A file of a message, as Slack names it."""

    id: str
    name: str
    size: int
    url: str  # where its bytes lie; "": Slack is asked for it


class Message(NamedTuple):
    """A person's message."""

    team: str
    channel: str
    thread_ts: str  # of the thread it stands in, or opens
    ts: str
    user: str
    text: str
    addressed: bool  # said to the clerk: a direct message, or a mention
    files: tuple[SlackFile, ...] = ()


class Edit(NamedTuple):
    """A person changed what they wrote, or took it back."""

    team: str
    channel: str
    thread_ts: str
    ts: str  # of the message
    user: str
    text: str
    deleted: bool
    at: str  # Slack's time of the change


class Reaction(NamedTuple):
    """A person's reaction to a message."""

    channel: str
    ts: str
    user: str
    name: str


class Press(NamedTuple):
    """A pressed button."""

    team: str
    channel: str
    thread_ts: str
    user: str
    impression_id: str
    argument: str  # "up" or "down", or a choice's place; "" where the button has none
    action_id: str = ""
    message_ts: str = ""  # of the message that holds the button; "" on a home page
    user_name: str = ""


class Posted(NamedTuple):
    """Where a message of ours stands; `ts` is its name in the channel."""

    channel: str
    ts: str


def read_message(body: Mapping[str, Any], bot_user_id: str) -> Message | None:
    """A person's message to a thread; None for bots, edits, joins and what a mention repeats."""
    event = body.get("event", {})
    user, ts, channel = (loose_text(event.get(name)) for name in ("user", "ts", "channel"))
    if not (user and ts and channel) or user == bot_user_id:
        return None
    if event.get("bot_id") or event.get("edited") or event.get("hidden"):
        return None
    if event.get("subtype") and str(event["subtype"]) not in PERSONS:
        return None
    text = loose_text(event.get("text"))
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    is_mention = event.get("type") == "app_mention"
    # Slack tells of a mention twice: in a channel the mention counts, in a direct message the
    # message.
    told_twice = direct if is_mention else not direct and f"<@{bot_user_id}>" in text
    if told_twice:
        return None
    return Message(
        team=loose_text(body.get("team_id") or event.get("team")),
        channel=channel,
        thread_ts=loose_text(event.get("thread_ts")) or ts,
        ts=ts,
        user=user,
        text=read_slack_text(text, bot_user_id),
        addressed=direct or is_mention,
        files=read_files(event),
    )


def read_files(message: Mapping[str, Any]) -> tuple[SlackFile, ...]:
    """The files of a message; of those that were deleted nothing is left to read."""
    listed = message.get("files")
    return tuple(
        SlackFile(
            loose_text(file.get("id")),
            loose_text(file.get("name") or file.get("title")) or "file",
            size if isinstance(size := file.get("size"), int) else 0,
            loose_text(file.get("url_private_download") or file.get("url_private")),
        )
        for file in (listed if isinstance(listed, list) else [])[:MOST_FILES]
        if isinstance(file, dict) and file.get("mode") != "tombstone"
    )


def kept_message(body: Mapping[str, Any]) -> Message:
    """A message as the inbox keeps it."""
    files = tuple(SlackFile(*file) for file in body.get("files") or ())
    return Message(**{**body, "files": files})


def read_edit(body: Mapping[str, Any], bot_user_id: str) -> Edit | None:
    """A person's change of a message; None for our own, for bots, and where it reads as before.

    A link's preview, marks of bold and mentions of people change no word that is read.
    """
    event = body.get("event", {})
    deleted = event.get("subtype") == "message_deleted"
    if not deleted and event.get("subtype") != "message_changed":
        return None
    before = event.get("previous_message") or {}
    message = before if deleted else event.get("message") or {}
    user, ts = loose_text(message.get("user")), loose_text(message.get("ts"))
    text, read_before = (
        read_slack_text(loose_text(each.get("text")), bot_user_id) for each in (message, before)
    )
    if not (user and ts) or message.get("bot_id") or user == bot_user_id:
        return None
    if not deleted and text == read_before:
        return None
    return Edit(
        team=loose_text(body.get("team_id") or event.get("team")),
        channel=loose_text(event.get("channel")),
        thread_ts=loose_text(message.get("thread_ts")) or ts,
        ts=ts,
        user=user,
        text="" if deleted else text,
        deleted=deleted,
        at=loose_text(event.get("event_ts") or event.get("ts")),
    )


def read_reaction(body: Mapping[str, Any], bot_user_id: str) -> Reaction | None:
    """A reaction that a person added to a message; None for our own."""
    event = body.get("event", {})
    item = event.get("item") or {}
    user = loose_text(event.get("user"))
    if event.get("type") != "reaction_added" or not user or user == bot_user_id:
        return None
    channel, ts = loose_text(item.get("channel")), loose_text(item.get("ts"))
    return Reaction(channel, ts, user, loose_text(event.get("reaction"))) if channel else None


def read_press(body: Mapping[str, Any]) -> Press | None:
    """A pressed button of one of our messages or home pages; None for a payload that is not one."""
    actions, message = body.get("actions") or [], body.get("message") or {}
    user, channel = body.get("user") or {}, body.get("channel") or {}
    container = body.get("container") or {}
    at_home = container.get("type") == "view" or (body.get("view") or {}).get("type") == "home"
    # An ephemeral message is not sent along, only named.
    ts = str(message.get("ts") or container.get("message_ts") or "")
    channel_id = str(channel.get("id") or container.get("channel_id") or "")
    if not (actions and user.get("id") and (at_home or (ts and channel_id))):
        return None
    action = actions[0]
    chosen = action.get("selected_option") or {}
    value = loose_text(action.get("value") or chosen.get("value"))
    action_id = loose_text(action.get("action_id"))
    if action.get("type") == "overflow":  # an entry of a menu is a button under its own name
        action_id, _, value = value.partition(" ")
    subject, _, argument = value.partition(" ")
    return Press(
        team=str((body.get("team") or {}).get("id") or user.get("team_id") or ""),
        channel=channel_id,
        thread_ts=str(message.get("thread_ts") or container.get("thread_ts") or ts),
        user=loose_text(user["id"]),
        impression_id=subject,
        argument=argument,
        action_id=action_id,
        message_ts=ts,
        user_name=loose_text(user.get("name") or user.get("username")),
    )
