"""Posts to Slack in the richest form a workspace takes."""

from collections.abc import Sequence
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks import Post

log = structlog.get_logger()

# What Slack answers to blocks it does not know, pictures it can not fetch, or too much of both.
REFUSALS: Final = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


async def post_in_thread(
    client: AsyncWebClient, channel: str, thread_ts: str, forms: Sequence[Post]
) -> int:
    """Post the first of `forms`, richest first, that Slack takes; else its text alone.

    Returns:
        The place of the form that was taken; `len(forms)` for the text alone.

    Raises:
        SlackApiError: Slack refused for another reason, as in a channel without the bot.
    """
    for place, form in enumerate([*forms, Post(forms[-1].text, [])]):
        try:
            await client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                text=form.text,
                blocks=form.blocks or None,
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as refusal:
            if refusal.response.get("error") not in REFUSALS or not form.blocks:
                raise
            log.warning("slack.blocks_refused", form=place, error=refusal.response.get("error"))
        else:
            return place
    return len(forms)  # not reached: the text alone is taken or raises
