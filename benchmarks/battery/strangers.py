"""Attacks on a real shop: demo checkouts, captured webhooks, guesses from many addresses.

    python -m benchmarks.battery.strangers [--addresses N] [--tries N]

Prints one JSON object: what each attack came to, and whether the owner of the order and of the
account came in meanwhile. Exits 1 when an attack got anything or an owner was shut out.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from feedback.db.database import Database
from feedback.desk.accounts import Accounts
from feedback.privacy.prune import prune_old_rows
from shopclerk.logs import set_up_logs
from tests.bot.samples import order
from tests.bot.shops.test_webhook import shopify
from tests.bot.storefront.test_pages import buy
from tests.bot.web_shop import Shop, open_shop

TOPICS = (
    *("shop/redact", "customers/redact", "customers/data_request", "app/uninstalled"),
    *("products/delete", "orders/delete", "refunds/create", "products/update"),
)
PASSWORD = "four blue trams waiting"
OWNER = "198.51.100.9"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=int, default=60, help="of guessers")
    parser.add_argument("--tries", type=int, default=10, help="of each, as fast as they may")
    wanted = parser.parse_args()
    set_up_logs(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'shopclerk.db'}")
        database.migrate()
        shop = open_shop(
            database, demo_dir=Path(folder), logins_per_minute=10**6, address_per_minute=10**6,
            shopper_per_minute=10**6,
        )  # fmt: skip
        Accounts(database).put("Ana", PASSWORD, "owner", shop.clock())
        with shop.visitor() as web:
            shopify(web, "orders/create", order())
            found = {
                "demo checkouts": dict(Counter(buy(web).status_code for _ in range(100))),
                "captured order under other topics": replayed(shop, web),
            }
        found |= guessed(shop, wanted.addresses, wanted.tries)
        database.close()
    print(json.dumps(found))
    well = (
        found["demo checkouts"] == {404: 100}
        and found["captured order under other topics"]["order is there"]
        and found["order looked up by its owner"] == "answer"
        and found["login of the account's owner"] == 303
    )
    return 0 if well else 1


def replayed(shop: Shop, web: Any) -> dict[str, Any]:
    """The signed body of an order under every topic, while its bytes are known and afterwards."""
    said: Counter[str] = Counter()
    for _ in range(2):
        for topic in TOPICS:
            answer = shopify(web, topic, order())
            said[answer.json().get("status", str(answer.status_code))] += 1
        shop.clock.pass_by(days=60)
        prune_old_rows(shop.orders.db, shop.clock())
    there = shop.orders.look_up("9999", "ana@example.org") is not None
    return {"answers": dict(said), "order is there": there and not shop.deletions.waiting()}


def guessed(shop: Shop, addresses: int, tries: int) -> dict[str, Any]:
    """How many guesses at one order and one account are looked at; then both owners come."""
    lookups: Counter[str] = Counter()
    logins: Counter[int] = Counter()
    for address in range(addresses):
        with shop.visitor(peer=f"203.0.{address // 250}.{address % 250 + 1}") as web:
            for number in range(tries):
                lookups[look_up(web, f"x{address}-{number}@example.org")] += 1
                form = {"name": "Ana", "password": f"guess {number}"}
                logins[web.post("/desk/login", data=form).status_code] += 1
    with shop.visitor(peer=OWNER) as web:
        form = {"name": "Ana", "password": PASSWORD}
        return {
            "look-ups": dict(lookups),
            "order looked up by its owner": look_up(web, "ana@example.org"),
            "logins": dict(logins),
            "login of the account's owner": web.post("/desk/login", data=form).status_code,
        }


def look_up(web: Any, email: str) -> str:
    """Ask for the order in a chat of its own; the kind of the answer."""
    begun = web.post("/api/chat/sessions", json={}, headers={"Authorization": ""}).json()
    said = {"text": f"order 9999 of {email}", "client_id": "c"}
    headers = {"Authorization": f"Bearer {begun['token']}"}
    return str(web.post("/api/chat/messages", json=said, headers=headers).json()["reply"]["kind"])


if __name__ == "__main__":
    sys.exit(main())
