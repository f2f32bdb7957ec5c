"""Posts the weekly report and news of retraining to a Slack channel; synchronous, run by a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.channels.slack.blocks import (
    MAX_FALLBACK,
    MAX_SECTION,
    Block,
    Post,
    context,
    mrkdwn,
    section,
    within_limits,
)
from bot.channels.slack.messages import Posted
from bot.channels.slack.posting import NotPosted, find_post, lone, post_message, update_post
from bot.channels.slack.report_chart import report_chart
from bot.channels.slack.report_news import ReportNews, news_blocks, news_of, news_text
from bot.channels.slack.text import escape_within, split_escaped
from feedback.desk import StaffAnswers
from feedback.report import (
    Report,
    ReportStrings,
    Unanswered,
    advice_lines,
    ledger_line,
    metric_rows,
    visitor_lines,
    words_in,
)

log = structlog.get_logger()

FENCE: Final = "```"
MARKS: Final = {"better": "✅", "worse": "🔻"}  # before the verdict


@dataclass(frozen=True)
class ReportPost:
    """A report as it is posted.

    Attributes:
        text: `report_text(report, locale)`: the sentence and the period, a blank line, the table,
            a blank line, the details.
        png: The picture, with nothing that the text lacks; None: no picture.
        report: The same as a value, to draw a table and the news; None: text alone.
        locale: The report's language.
        unanswered: Questions worth a reply; each gets a button to write it.
        staff: How soon the staff answered in its period; None: it is not told.
        key: Names this week's report; one that was posted under it before is brought up to date.
    """

    text: str
    png: bytes | None = None
    report: Report | None = None
    locale: str = "en"
    unanswered: Sequence[Unanswered] = ()
    staff: StaffAnswers | None = None
    key: str | None = None


def post_report(post: ReportPost, channel: str, client: WebClient) -> Posted:
    """Post a report: verdict, table and news in the channel; the rest and the picture below it.

    Args:
        post: The report.
        channel: The channel's id, or its name with "#".
        client: From `sync_client`.

    Raises:
        NotPosted: Slack refused. A thread that is refused is only logged: the verdict is out.
    """
    text, locale = post.text, post.locale
    plain, details = report_posts(text)
    news = news_of(post.report, post.unanswered, locale, post.staff)
    drawn = news_blocks(news, locale)
    told = _fallback(plain.text, news, locale)
    forms = [Post(told, within_limits([*plain.blocks, *drawn]))]
    if post.report is not None:
        rich = rich_blocks(post.report, text, locale)
        forms.insert(0, Post(told, within_limits([*rich, *drawn])))
        if chart := report_chart(post.report, words_in(locale)):  # which not every workspace draws
            forms.insert(0, Post(told, within_limits([*rich, chart, *drawn])))
    known = find_post(client, channel, post.key) if post.key else None
    if known and (updated := update_post(client, channel, known, forms)):
        log.info("report.updated", channel=updated.channel, ts=updated.ts)
        return updated
    posted = post_message(client, channel, *forms, key=post.key)
    try:
        if details is not None:
            post_message(client, posted.channel, details, thread_ts=posted.ts)
        if post.png:
            client.files_upload_v2(
                channel=posted.channel,
                thread_ts=posted.ts,
                content=post.png,
                filename="report.png",
                title=split_escaped(text.strip().splitlines()[0], 200)[0],
            )
    except (NotPosted, SlackApiError) as refusal:
        log.warning("report.thread_not_posted", channel=posted.channel, reason=str(refusal)[:200])
    log.info("report.posted", channel=posted.channel, ts=posted.ts)
    return posted


def rich_blocks(report: Report, text: str, locale: str) -> list[Block]:
    """Verdict, what to do, the money, and the arms as a table: what Slack takes in a message."""
    head = text.strip().partition("\n\n")[0]
    sentence, period, compared = [*head.split("\n"), "", ""][:3]
    mark = MARKS.get(report.verdict, "⏳")
    if report.verdict_reason in ("srm", "no_holdout"):
        mark = "⚠️"
    words = words_in(locale)
    rows = metric_rows(report, words, "slack")
    right = [{"align": "left"}, *({"align": "right"} for _ in rows[0][1:])]
    table = {
        "type": "table",
        "column_settings": right,
        "rows": [[{"type": "raw_text", "text": cell or "–"} for cell in row] for row in rows],
    }
    to_do = "\n".join(f"• {escape_within(line, 300)}" for line in advice_lines(report, words))
    return [
        section(f"{mark} *{escape_within(sentence, MAX_SECTION - 10)}*"),
        *([context(escape_within(period, 300))] if period.strip() else []),
        section(f"*{escape_within(words['todo'], 100)}*\n{to_do}"),
        section(escape_within(ledger_line(report, words), MAX_SECTION)),
        *_visitors(report, words),
        # The table counts since the experiment began, all else the period: both are named.
        *([context(escape_within(compared, 300))] if compared.strip() else []),
        table,
    ]


def _visitors(report: Report, words: ReportStrings) -> list[Block]:
    """The verdict on having a clerk at all, where visitors are shown it or none."""
    lines = "\n".join(escape_within(line, 300) for line in visitor_lines(report, words))
    return [section(f"*{escape_within(words['visitors'], 100)}*\n{lines}")] if lines else []


def report_posts(text: str) -> tuple[Post, Post | None]:
    """Draw a report's text: the summary, and the details for the thread if there are any."""
    head, table, details = [*text.strip().split("\n\n", 2), "", ""][:3]
    sentence, _, period = head.partition("\n")
    blocks = [section(f"*{part}*") for part in split_escaped(sentence, MAX_SECTION - 2)]
    if period:
        blocks.append({"type": "context", "elements": [mrkdwn(escape_within(period, 300))]})
    blocks += [section(f"{FENCE}\n{part}\n{FENCE}") for part in _lines(table)]
    fallback = escape_within("\n\n".join(part for part in (head, table) if part), MAX_FALLBACK)
    summary = Post(fallback, within_limits(blocks))
    return summary, Post(*lone(details)) if details.strip() else None


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


def _fallback(summary: str, news: ReportNews, locale: str) -> str:
    """The whole message as text; the summary keeps its room, the news take what is left."""
    room = MAX_FALLBACK - len(summary) - 2
    told = escape_within(news_text(news, locale), room) if room > 0 else ""
    return f"{summary}\n\n{told}" if told else summary
