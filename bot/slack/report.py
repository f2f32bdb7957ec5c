"""Posts the weekly report and what retraining changed to a channel; synchronous, run by a job."""

from typing import Final, NamedTuple

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.slack.blocks import MAX_FALLBACK, MAX_SECTION, Block, Post, within_limits
from bot.slack.text import escape_within, split_escaped

log = structlog.get_logger()

SLACK_API: Final = "https://slack.com/api/"
FENCE: Final = "```"
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


class Posted(NamedTuple):
    """Where a message went; `ts` is its name in the channel."""

    channel: str
    ts: str


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


def post_report(text: str, png: bytes | None, channel: str, client: WebClient) -> Posted:
    """Post a report: its verdict and table in the channel, the rest and the picture in the thread.

    Args:
        text: `Report.text(locale)`: the sentence and the period, a blank line, the table, a blank
            line, the details.
        png: The picture, with nothing that the text lacks; None: no picture.
        channel: The channel's id, or its name with "#".
        client: From `sync_client`.

    Raises:
        NotPosted: Slack refused. A thread that is refused is only logged: the verdict is out.
    """
    summary, details = report_posts(text)
    posted = _post(client, channel, summary)
    try:
        if details is not None:
            _post(client, posted.channel, details, thread_ts=posted.ts)
        if png:
            client.files_upload_v2(
                channel=posted.channel,
                thread_ts=posted.ts,
                content=png,
                filename="report.png",
                title=split_escaped(text.strip().splitlines()[0], 200)[0],
            )
    except (NotPosted, SlackApiError) as refusal:
        log.warning("report.thread_not_posted", channel=posted.channel, reason=str(refusal)[:200])
    log.info("report.posted", channel=posted.channel, ts=posted.ts)
    return posted


def post_retrained(sentence: str, channel: str, client: WebClient, *, promoted: bool) -> Posted:
    """Say what retraining changed, or that it changed nothing.

    Raises:
        NotPosted: Slack refused.
    """
    mark = "🆕" if promoted else "⏸️"
    return _post(client, channel, Post(*_lone(f"{mark} {sentence}")))


def report_posts(text: str) -> tuple[Post, Post | None]:
    """Draw a report's text: the summary, and the details for the thread if there are any."""
    head, table, details = [*text.strip().split("\n\n", 2), "", ""][:3]
    sentence, _, period = head.partition("\n")
    blocks = [_section(f"*{part}*") for part in split_escaped(sentence, MAX_SECTION - 2)]
    if period:
        blocks.append({"type": "context", "elements": [_mrkdwn(escape_within(period, 300))]})
    blocks += [_section(f"{FENCE}\n{part}\n{FENCE}") for part in _lines(table)]
    fallback = escape_within("\n\n".join(part for part in (head, table) if part), MAX_FALLBACK)
    summary = Post(fallback, within_limits(blocks))
    return summary, Post(*_lone(details)) if details.strip() else None


def _lone(text: str) -> tuple[str, list[Block]]:
    sections = [_section(part) for part in split_escaped(text, MAX_SECTION)]
    return escape_within(text, MAX_FALLBACK), within_limits(sections)


def _lines(table: str) -> list[str]:
    """The table's lines in as few sections as hold them, no line parted."""
    parts: list[str] = []
    for line in table.splitlines():
        escaped = escape_within(line, 200).replace(FENCE, "'''")
        if parts and len(parts[-1]) + len(escaped) < MAX_SECTION - 2 * len(FENCE) - 2:
            parts[-1] += "\n" + escaped
        else:
            parts.append(escaped)
    return parts


def _post(client: WebClient, channel: str, post: Post, *, thread_ts: str | None = None) -> Posted:
    try:
        answer = client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=post.text,
            blocks=post.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
    except SlackApiError as refusal:
        raise NotPosted(channel, str(refusal.response.get("error"))) from None
    return Posted(str(answer["channel"]), str(answer["ts"]))


def _section(escaped: str) -> Block:
    return {"type": "section", "text": _mrkdwn(escaped)}


def _mrkdwn(escaped: str) -> Block:
    return {"type": "mrkdwn", "text": escaped}
