"""`shopclerk check`: what is reachable, what is wrong, and how to mend it."""

from bot.shops import shop_systems
from feedback.db import Database
from feedback.knowledge import Catalogue, ReplyBook
from feedback.languages import language_in
from serving.server import find_running
from serving.versions import Rollout
from shopclerk.commands.checks.check_actions import look_at_actions
from shopclerk.commands.checks.check_machine import look_at_machine
from shopclerk.commands.checks.check_mail import look_at_mail
from shopclerk.commands.checks.check_model import missing_parts
from shopclerk.commands.checks.check_shop import look_at_shop
from shopclerk.commands.checks.check_slack import look_at_slack
from shopclerk.commands.checks.check_sso import look_at_sso
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import BadSettings, Settings, misspelt_settings, read_settings
from shopclerk.wiring import build_back_office, model_server_status, utc_now, version_folder


def run() -> list[Finding]:
    """Look at each part; a part that fails is a finding, never an end."""
    try:
        settings = read_settings()
    except BadSettings as bad:
        return [Finding("settings", False, line) for line in str(bad).splitlines()]
    return [
        Finding("settings", True, f"read; public address {settings.public_url}"),
        *(Finding("settings", False, text) for text in misspelt_settings()),
        *_store(settings),
        _model(settings),
        _server(settings),
        *look_at_slack(settings),
        *look_at_sso(settings),
        *look_at_mail(settings),
        *_font(settings),
    ]


check = run


def _store(settings: Settings) -> list[Finding]:
    try:
        database = Database(settings.database_url)
        try:
            database.migrate()
            database.check_whole()
            database.check_writable(thoroughly=True)
            return _held(settings, database)
        finally:
            database.close()
    except Exception as error:
        return [Finding("store", False, str(error))]


def _held(settings: Settings, database: Database) -> list[Finding]:
    book = ReplyBook(database)
    replies, products = len(book.replies()), Catalogue(database).stamp()[0]
    facts = len(book.facts(settings.locale))
    what = f"{replies} replies, {facts} facts, {products} products"
    if not replies:
        what += "; import a reply book: shopclerk import replies FILE"
    return [
        Finding("store", True, "migrated, takes writes, no damage found"),
        Finding("book", bool(replies), what),
        *look_at_shop(settings, database, utc_now(), shop_systems()),
        *_actions(settings, database),
        *look_at_machine(settings, database, utc_now()),
    ]


def _actions(settings: Settings, database: Database) -> list[Finding]:
    try:
        office = build_back_office(settings)
    except BadSettings as bad:
        return [Finding("back office", False, str(bad))]
    return look_at_actions(office, database)


def _font(settings: Settings) -> list[Finding]:
    """A report's picture in Chinese, say, needs a font that a bare server lacks."""
    language = language_in(settings.locale)
    if not language.fonts:
        return []
    from feedback.report import font_of, install_font

    if font := font_of(language):
        return [Finding("report font", True, font)]
    text = f"no font for {language.name} here: the report's picture has English words;"
    text += f" {install_font(language)}"
    return [Finding("report font", False, text)]


def _model(settings: Settings) -> Finding:
    rollout = Rollout(version_folder(settings))
    versions = rollout.folder.versions()
    if not versions:
        return Finding(
            "model", False, f"no version in {settings.models_dir}; make one: shopclerk retrain"
        )
    answering = rollout.stable() or versions[-1]
    try:
        rollout.folder.verify(answering)
    except Exception as damaged:
        return Finding("model", False, f"{damaged} shopclerk up sets it aside and goes on.")
    told = f"versions {', '.join(map(str, versions))}"
    if off := missing_parts(rollout.folder.path(answering)):
        told = f"version {answering} is older than the clerk, so these are off: {', '.join(off)};"
        return Finding("model", False, f"{told} make another: shopclerk retrain")
    return Finding("model", True, told)


def _server(settings: Settings) -> Finding:
    address = settings.serving_address or find_running(settings.models_dir)
    if address is None:
        return Finding("model server", True, "embedded, not running now; shopclerk up starts it")
    try:
        return Finding("model server", True, f"{address}: {model_server_status(address)}")
    except Exception as error:
        return Finding("model server", False, str(error))
