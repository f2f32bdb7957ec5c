"""`shopclerk export` and `erase`: what is kept of a person, and forgetting them."""

from collections.abc import Collection
from typing import Any

from feedback.erasure import Erasure
from feedback.errors import UnknownShopper
from feedback.retraining import Retraining, Traced
from shopclerk.settings import read_settings
from shopclerk.wiring import build_orders, open_database


def export(shopper: str) -> dict[str, Any]:
    """All that is kept of a shopper, by their id or e-mail.

    Raises:
        UnknownShopper: nobody is known by it.
    """
    settings = read_settings()
    database = open_database(settings)
    try:
        erasure = Erasure(database)
        ids = [shopper]
        if "@" in shopper:
            ids = erasure.shoppers_of_email(build_orders(settings, database).email_hash(shopper))
        found = {one: kept for one in ids if (kept := erasure.export(one))}
    finally:
        database.close()
    if not found:
        raise UnknownShopper(shopper)
    return {"shoppers": found}


def erase(shopper: str) -> str:
    """Forget a shopper, by their id or e-mail; says what was done.

    Raises:
        UnknownShopper: nobody is known by it.
    """
    settings = read_settings()
    database = open_database(settings)
    try:
        erasure = Erasure(database)
        ids, orders = [shopper], 0
        if "@" in shopper:
            email_hash = build_orders(settings, database).email_hash(shopper)
            ids = erasure.shoppers_of_email(email_hash)
            orders = erasure.erase_orders(erasure.orders_of_email(email_hash))
        learned = {traced for one in ids for traced in Retraining(database).learned_by(one)}
        forgotten = sum(erasure.erase_shopper(one) for one in ids)
    finally:
        database.close()
    if not forgotten and not orders:
        raise UnknownShopper(shopper)
    told = f"{forgotten} shoppers forgotten, {orders} orders made nameless; the sums stay."
    return told + (_trained(learned) if forgotten else "")


def _trained(learned: Collection[Traced]) -> str:
    """Which data and versions they were part of."""
    if not learned:
        return " No model has learned from them."
    named = [
        (f"version {traced.version}" if traced.version else "no version")
        + f" (data {(traced.data_hash or 'unknown')[:12]})"
        for traced in sorted(learned, key=lambda traced: traced.version or 0)
    ]
    return (
        f" Redacted words of theirs were among the data of {', '.join(named)};"
        " the next retraining learns without them."
    )
