"""`shopclerk export` and `erase`: what is kept of a person, and forgetting them."""

from typing import Any

from feedback.erasure import Erasure
from feedback.errors import UnknownShopper
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
        forgotten = sum(erasure.erase_shopper(one) for one in ids)
    finally:
        database.close()
    if not forgotten and not orders:
        raise UnknownShopper(shopper)
    return f"{forgotten} shoppers forgotten, {orders} orders made nameless; the sums stay."
