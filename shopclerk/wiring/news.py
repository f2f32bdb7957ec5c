"""News for the report channel: what a job did."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from shopclerk.settings import Settings

if TYPE_CHECKING:
    from slack_sdk import WebClient


def tell_channel(settings: Settings, post: "Callable[[str, WebClient], object]") -> None:
    """Let `post` tell the channel, if there is one; what happened stays, if only its news is lost.

    Args:
        settings: name the channel, and hold the bot's token.
        post: is given the channel and a client.
    """
    if settings.slack_bot_token is None or settings.report_channel is None:
        return
    from bot.channels.slack import NotPosted, sync_client

    client = sync_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        post(settings.report_channel, client)
    except NotPosted as error:
        print(f"shopclerk: {error}", file=sys.stderr)  # noqa: T201 - as commands do
