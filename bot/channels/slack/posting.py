"""Posts to a channel from a job: synchronous, each message found again by its key."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.channels.slack.block_rules import broken_rules
from bot.channels.slack.blocks import MAX_FALLBACK, MAX_SECTION, Block, Post, section, within_limits
from bot.channels.slack.config import SLACK_API
from bot.channels.slack.messages import Posted
from bot.channels.slack.refusals import PLAINER
from bot.channels.slack.retrying_client import METADATA
from bot.channels.slack.text import escape_within, split_escaped

log = structlog.get_logger()

REMEDIES: Final = {
    "channel_not_found": "check the channel's id, and invite the bot there",
    "not_in_channel": "invite the bot there: /invite @clerk",
    "invalid_auth": "check SLACK_BOT_TOKEN",
    "missing_scope": "add the scope chat:write and reinstall the app",
}


class NotPosted(Exception):
    """Slack did not take a message; the message names the channel, the reason and the remedy."""

    def __init__(self, channel: str, error: str) -> None:
        """Say what can be done about `error`, Slack's own word."""
        self.error = error
        remedy = REMEDIES.get(error, "see Slack's documentation of chat.postMessage")
        super().__init__(f"Slack did not post to {channel!r}: {error}; {remedy}.")


def sync_client(bot_token: str, api_url: str | None) -> WebClient:
    """A client that waits out rate limits and short failures."""
    return WebClient(
        token=bot_token,
        base_url=api_url or SLACK_API,
        retry_handlers=[
            ConnectionErrorRetryHandler(),
            RateLimitErrorRetryHandler(max_retry_count=3),
            ServerErrorRetryHandler(max_retry_count=2),
        ],
    )


def lone(text: str) -> tuple[str, list[Block]]:
    """A text as its fallback and its sections."""
    sections = [section(part) for part in split_escaped(text, MAX_SECTION)]
    return escape_within(text, MAX_FALLBACK), within_limits(sections)


def find_post(client: WebClient, channel: str, key: str) -> str | None:
    """The message that was posted under our key before a crash; None where Slack does not tell."""
    try:
        found: Any = client.conversations_history(
            channel=channel, include_all_metadata=True, limit=200
        )
    except SlackApiError:
        return None
    for message in found.get("messages") or []:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key") == key:
            return str(message["ts"])
    return None


def update_post(client: WebClient, channel: str, ts: str, forms: Sequence[Post]) -> Posted | None:
    """Bring a message up to date; None where it is gone."""
    for form in forms:
        try:
            client.chat_update(channel=channel, ts=ts, text=form.text, blocks=form.blocks)
        except SlackApiError as refusal:
            if refusal.response.get("error") not in PLAINER:
                return None
        else:
            return Posted(channel, ts)
    return None


def post_message(
    client: WebClient,
    channel: str,
    *forms: Post,
    thread_ts: str | None = None,
    key: str | None = None,
) -> Posted:
    """Post the first form that Slack takes."""
    metadata = {"event_type": METADATA, "event_payload": {"key": key}} if key else None
    for place, form in enumerate(forms):
        if place + 1 < len(forms) and (broken := broken_rules(form.blocks, "message")):
            log.error("report.blocks_broken", rules=broken[:5])
            continue
        try:
            answer = client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                text=form.text,
                blocks=form.blocks,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as refusal:
            error = str(refusal.response.get("error"))
            if error in PLAINER and place + 1 < len(forms):
                continue
            raise NotPosted(channel, error) from None
        return Posted(str(answer["channel"]), str(answer["ts"]))
    raise NotPosted(channel, "no_text")
