"""Calls for messages that say what they hold: words, notes, whispers, reactions. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.blocks import Post, actions, button, text_post
from bot.channels.slack.retrying_client import Call
from feedback.desk import Claimed


def post_call(claimed: Claimed, post: Post) -> Call:
    """A message to a channel, or into a thread of it."""
    arguments: Mapping[str, Any] = {
        "channel": claimed.lane,
        "text": post.text,
        "unfurl_links": False,
        "unfurl_media": False,
        **({"thread_ts": claimed.thread_ts} if claimed.thread_ts else {}),
        **({"blocks": post.blocks} if post.blocks else {}),
    }
    return Call("chat_postMessage", arguments)


def words_calls(claimed: Claimed) -> list[Call]:
    """Words taken literally."""
    return [post_call(claimed, text_post(claimed.payload["text"]))]


def note_calls(claimed: Claimed) -> list[Call]:
    """Words of ours, in Slack's markup."""
    return [post_call(claimed, Post(claimed.payload["text"], []))]


def whisper_calls(claimed: Claimed) -> list[Call]:
    """Words that one person alone sees, with buttons where Slack takes them."""
    payload = claimed.payload
    # Its text is ours and may hold our own markup; what is a shopper's was escaped before.
    blocks: list[dict[str, Any]] = []
    if payload.get("buttons"):
        row = [button(action_id, title, value) for action_id, title, value in payload["buttons"]]
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": payload["text"]}},
            actions(*row),
        ]
    arguments: dict[str, Any] = {
        "channel": claimed.lane,
        "user": payload["user"],
        "text": payload["text"],
    }
    if claimed.thread_ts:
        arguments["thread_ts"] = claimed.thread_ts
    plain = Call("chat_postEphemeral", arguments)
    return (
        [Call("chat_postEphemeral", {**arguments, "blocks": blocks}), plain] if blocks else [plain]
    )


def mark_calls(claimed: Claimed) -> list[Call]:
    """A reaction."""
    payload = claimed.payload
    arguments = {
        "channel": claimed.lane, "timestamp": payload["ts"], "name": payload["name"]
    }  # fmt: skip
    return [Call("reactions_add", arguments)]


def respond_calls(claimed: Claimed) -> list[Call]:
    """An answer to a command's own address."""
    return [Call("respond", claimed.payload)]
