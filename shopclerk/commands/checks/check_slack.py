"""`shopclerk check`: Slack's scopes, events, channels and waiting messages."""

import contextlib
from typing import Any

from feedback.db import Database
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings

# What each scope is for; docs/slack-manifest.yml asks for these and no others.
SLACK_SCOPES = {
    "app_mentions:read": "hear mentions",
    "assistant:write": "suggest what to ask in the Messages tab",
    "channels:history": "follow threads, find messages again after a crash",
    "channels:read": "who is in the review channel, and so of the staff",
    "chat:write": "answer",
    "commands": "/clerk",
    "files:read": "pictures and documents of shoppers, and of the staff for them",
    "files:write": "the same in the other direction; the report's picture",
    "groups:history": "the same in private channels",
    "groups:read": "who is in a private review channel",
    "im:history": "direct messages",
    "reactions:read": "👀 takes a card, ✅ closes it",
    "reactions:write": "tick what was sent to a shopper",
    "usergroups:read": "staff and managers named by a user group",
    "users:read": "the names of the staff",
}


def look_at_slack(settings: Settings) -> list[Finding]:
    """Who the bot is, what it may do, where it is, and what waits."""
    if settings.slack_bot_token is None:
        text = "not connected (SLACK_BOT_TOKEN is unset); the desk is at /desk"
        return [Finding("slack", True, text)]
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    client = WebClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return [Finding("slack", False, f"{error.response['error']}: check SLACK_BOT_TOKEN")]
    except OSError as error:
        away = f"{settings.slack_api_url} cannot be reached: {error}"
        return [Finding("slack", False, away)]
    findings = [Finding("slack", True, f"signed in as {answer['user']} at {answer['team']}")]
    header = (answer.headers or {}).get("x-oauth-scopes", "")
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    if granted:
        findings.append(_scopes(granted))
    findings.append(_transport(settings))
    findings += [
        _channel(client, name, channel)
        for name, channel in (
            ("SHOPCLERK_REVIEW_CHANNEL", settings.review_channel),
            ("SHOPCLERK_REPORT_CHANNEL", settings.report_channel),
        )
    ]
    return [*findings, _outbox(settings)]


def _scopes(granted: set[str]) -> Finding:
    missing = [f"{name} ({use})" for name, use in SLACK_SCOPES.items() if name not in granted]
    if not missing:
        return Finding("slack scopes", True, "all granted")
    where = "add them under OAuth & Permissions and reinstall the app"
    return Finding("slack scopes", False, f"missing: {', '.join(missing)}; {where}")


def _transport(settings: Settings) -> Finding:
    if settings.slack_app_token is not None:
        from slack_sdk import WebClient
        from slack_sdk.errors import SlackApiError

        token = settings.slack_app_token.get_secret_value()
        try:
            WebClient(base_url=settings.slack_api_url).apps_connections_open(app_token=token)
        except SlackApiError as error:
            reason = f"{error.response['error']}: make an app-level token with connections:write"
            return Finding("slack events", False, f"{reason}, set it as SLACK_APP_TOKEN")
        except OSError as error:
            return Finding("slack events", False, f"Socket Mode cannot be reached: {error}")
        return Finding("slack events", True, "by Socket Mode")
    if settings.slack_signing_secret is None:
        return Finding(
            "slack events",
            False,
            "none arrive: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)",
        )
    where = f"{settings.public_url}/slack/events"
    return Finding("slack events", True, f"over HTTP; the app's request URL is {where}")


def _channel(client: Any, setting: str, channel: str | None) -> Finding:
    """Whether the bot is where it is to post."""
    if channel is None:
        return Finding("slack channel", True, f"{setting} is unset; the web page is used")
    from slack_sdk.errors import SlackApiError

    try:
        found = client.conversations_history(channel=channel, limit=1)
        members = found.get("ok", False)
        name = channel
        with contextlib.suppress(SlackApiError):  # another scope, which nothing else needs
            told = client.conversations_info(channel=channel)["channel"]
            name, members = f"#{told.get('name') or channel}", told.get("is_member", True)
    except SlackApiError as error:
        reason = error.response["error"]
        mends = {
            "channel_not_found": "it is no channel's id, or the bot is not in it: copy the id from"
            " the channel's details, and /invite the bot there",
            "not_in_channel": "the bot is not in it: /invite it there",
            "missing_scope": "a scope is missing, see above",
        }
        mend = mends.get(reason, reason)
        return Finding("slack channel", False, f"{setting}={channel}: {mend}")
    if not members:
        return Finding("slack channel", False, f"{setting}: the bot is not in {name}; /invite it")
    return Finding("slack channel", True, f"{setting} is {name}, the bot is in it")


def _outbox(settings: Settings) -> Finding:
    """Whether messages wait, and why."""
    from feedback.desk import Outbox

    database = Database(settings.database_url)
    try:
        waiting = Outbox(database).waiting()
    except Exception as error:
        return Finding("slack outbox", False, str(error))
    finally:
        database.close()
    if waiting.oldest is None:
        return Finding("slack outbox", True, "empty")
    text = f"{waiting.messages} wait since {waiting.oldest:%Y-%m-%d %H:%M} UTC"
    stuck = waiting.error not in (None, "ratelimited")
    return Finding("slack outbox", not stuck, f"{text}: {waiting.error}" if stuck else text)
