"""`shopclerk check`: what is reachable, what is wrong, and how to mend it."""

from typing import NamedTuple

from feedback.book import Book
from feedback.database import Database
from serving.child import find_running
from serving.versions import VersionFolder
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import model_server_status

SLACK_SCOPES = {"app_mentions:read", "chat:write", "files:write", "im:history", "channels:history"}


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
        _slack(settings),
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


def _slack(settings: Settings) -> Finding:
    if settings.slack_bot_token is None:
        return Finding(
            "slack", True, "not connected (SLACK_BOT_TOKEN is unset); the desk is at /desk"
        )
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    client = WebClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return Finding("slack", False, f"{error.response['error']}: check SLACK_BOT_TOKEN")
    except OSError as error:
        return Finding("slack", False, f"{settings.slack_api_url} cannot be reached: {error}")
    granted = {
        scope for scope in (answer.headers or {}).get("x-oauth-scopes", "").split(",") if scope
    }
    if granted and (missing := SLACK_SCOPES - granted):
        return Finding(
            "slack", False, f"scopes missing: {', '.join(sorted(missing))}; reinstall the app"
        )
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        return Finding(
            "slack", False, "set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"
        )
    return Finding("slack", True, f"signed in as {answer['user']}")


def _webhooks(settings: Settings) -> list[Finding]:
    if settings.shopify_secret is None and settings.orders_secret is None:
        text = "none signed but the demo's; set SHOPCLERK_SHOPIFY_SECRET or SHOPCLERK_ORDERS_SECRET"
        return [Finding("webhooks", True, text)]
    return [Finding("webhooks", True, "secrets are set")]
