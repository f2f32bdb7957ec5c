"""What every process shares: the clock, identifiers, the store, and keys of one purpose each."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedback.database import Database
from feedback.orders import Orders
from shopclerk.settings import Settings

if TYPE_CHECKING:
    pass

EXPERIMENT = "clerk"  # names exposures and the log of shares


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock, handed to whoever needs one


def new_id() -> str:
    """An identifier nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def open_database(settings: Settings) -> Database:
    """The store's database, migrated."""
    database = Database(settings.database_url)
    database.migrate()
    return database


def derived_key(settings: Settings, purpose: str) -> bytes:
    """One secret, a key of its own for each purpose."""
    return hmac.digest(settings.secret("secret_key").encode(), purpose.encode(), hashlib.sha256)


def build_orders(settings: Settings, database: Database) -> Orders:
    """Orders, with e-mail addresses hashed under a key that signs nothing else."""
    return Orders(database, derived_key(settings, "email"), settings.staff_emails)
