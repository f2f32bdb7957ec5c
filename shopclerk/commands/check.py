"""`shopclerk check`: what is reachable, what is wrong, and how to mend it."""

import contextlib
from typing import Any, NamedTuple

from feedback.book import Book
from feedback.database import Database
from serving.child import find_running
from serving.versions import VersionFolder
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import model_server_status

# What each scope is for; docs/slack-manifest.yml asks for these and no others.
SLACK_SCOPES = {
    "app_mentions:read": "hear mentions",
    "assistant:write": "suggest what to ask in the Messages tab",
    "channels:history": "follow threads, find messages again after a crash",
    "chat:write": "answer",
    "commands": "/clerk",
    "files:write": "the report's picture",
    "groups:history": "the same in private channels",
    "im:history": "direct messages",
    "reactions:write": "tick what was sent to a shopper",
    "usergroups:read": "managers named by a user group",
    "users:read": "the names of the staff",
}


class Finding(NamedTuple):
    """One thing looked at."""

    subject: str
    well: bool
    text: str

    def line(self) -> str:
        """As the terminal shows it."""
        return f"{'ok  ' if self.well else 'BAD '} {self.subject:<14} {self.text}"


def run() -> list[Finding]:
    """Look at each part; a part that fails is a finding, never an end."""
    settings = read_settings()
    return [
        Finding("settings", True, f"read; public address {settings.public_url}"),
        *_store(settings),
        _model(settings),
        _server(settings),
        *_slack(settings),
        *_webhooks(settings),
    ]


check = run


def _store(settings: Settings) -> list[Finding]:
    try:
        database = Database(settings.database_url)
        database.migrate()
    except Exception as error:
        return [Finding("store", False, str(error))]
    try:
        book = Book(database)
        replies, products = len(book.replies()), len(book.products())
        facts = len(book.facts(settings.locale))
    finally:
        database.close()
    what = f"{replies} replies, {facts} facts, {products} products"
    if not replies:
        what += "; import a reply book: shopclerk import replies FILE"
    return [Finding("store", True, "reachable and migrated"), Finding("book", bool(replies), what)]


def _model(settings: Settings) -> Finding:
    versions = VersionFolder(settings.models_dir).versions()
    if not versions:
        return Finding(
            "model", False, f"no version in {settings.models_dir}; make one: shopclerk retrain"
        )
    return Finding("model", True, f"versions {', '.join(map(str, versions))}")


def _server(settings: Settings) -> Finding:
    address = settings.serving_address or find_running(settings.models_dir)
    if address is None:
        return Finding("model server", True, "embedded, not running now; shopclerk up starts it")
    try:
        return Finding("model server", True, f"{address}: {model_server_status(address)}")
    except Exception as error:
        return Finding("model server", False, str(error))


def _slack(settings: Settings) -> list[Finding]:
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
    from feedback.outbox import Outbox

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


def _webhooks(settings: Settings) -> list[Finding]:
    if settings.shopify_secret is None and settings.orders_secret is None:
        text = "none signed but the demo's; set SHOPCLERK_SHOPIFY_SECRET or SHOPCLERK_ORDERS_SECRET"
        return [Finding("webhooks", True, text)]
    return [Finding("webhooks", True, "secrets are set")]
