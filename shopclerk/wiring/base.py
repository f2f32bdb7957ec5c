"""Wiring that every process shares: clock, identifiers, store, keys of one purpose each."""

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedback.db import Database
from feedback.demo_shop import DemoShop
from feedback.desk import AnswerTargets, read_office_hours
from feedback.privacy import FILE, keep_list
from feedback.sales import Orders, read_sale_rule
from shopclerk.settings import DATA_FOLDER, Settings

if TYPE_CHECKING:
    from bot.shop_name import ShopName
    from bot.tokens import Tokens

EXPERIMENT = "clerk"  # names exposures and the log of shares


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock, handed to all who need one


def shop_name(settings: Settings, database: Database) -> "ShopName":
    """What the shop is called, asked for whenever it is told."""
    from bot.shop_name import ShopName

    return ShopName(
        settings.shop_name, settings.shop_url or settings.public_url, DemoShop(database)
    )


def answer_targets(settings: Settings) -> AnswerTargets:
    """How soon the staff want to answer."""
    closed = frozenset(settings.closed_days)
    hours = read_office_hours(settings.office_hours, ZoneInfo(settings.time_zone), closed)
    return AnswerTargets(settings.first_answer_target, settings.next_answer_target, hours)


def virus_scan(settings: Settings) -> Callable[[bytes], None] | None:
    """What looks at each file before it is kept; None where the owner has set nothing."""
    from feedback.files import VirusScan

    return VirusScan(settings.virus_scan) if settings.virus_scan else None


def new_id() -> str:
    """An identifier nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def open_database(settings: Settings) -> Database:
    """The store's database: migrated, private, and without those who asked to be forgotten."""
    database = Database(settings.database_url)
    database.migrate()
    keep_private(settings)
    keep_erasures(settings, database)
    return database


def keep_erasures(settings: Settings, database: Database, *more: Path) -> int:
    """Forget in a store that was put back whom it forgot before; how many it had not forgotten.

    The list lies next to the store, and where backups go; `more` are lists found elsewhere.
    """
    folders = [settings.data_dir, *([settings.backup_dir] if settings.backup_dir else [])]
    return keep_list(database, [*(folder / FILE for folder in folders), *more])


def keep_private(settings: Settings) -> None:
    """Close what earlier versions left readable: the store's file, its log, and their folder.

    A folder of another name than ours may hold anything, so only its files are closed.
    """
    if settings.database_url.startswith("sqlite:///"):
        store = Path(settings.database_url.removeprefix("sqlite:///"))
        for path in store.parent.glob(f"{store.name}*"):  # -wal and -shm next to it
            _close(path, 0o600)
    if settings.data_dir == DATA_FOLDER:
        _close(settings.data_dir, 0o700)


def _close(path: Path, mode: int) -> None:
    with contextlib.suppress(OSError):  # another user's, who has opened it to us on purpose
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(mode)


def derived_keys(settings: Settings, purpose: str) -> list[bytes]:
    """Of each secret a key for one purpose, newest first: it signs, all of them are believed."""
    return [
        hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)
        for secret in settings.secret_keys
    ]


def derived_key(settings: Settings, purpose: str) -> bytes:
    """The newest, for what need not be known again when it rotates."""
    return derived_keys(settings, purpose)[0]


def build_tokens(settings: Settings) -> "Tokens":
    """Signs with the newest key, reads what any of them signed."""
    from bot.tokens import Tokens

    oldest_first = reversed(derived_keys(settings, "tokens"))
    return Tokens([key.hex() for key in oldest_first], clock=utc_now)


def build_orders(settings: Settings, database: Database) -> Orders:
    """Orders, with e-mail addresses hashed under a key that signs nothing else."""
    return Orders(
        database,
        derived_keys(settings, "email"),
        settings.staff_emails,
        read_sale_rule(settings.sale_from),
    )
