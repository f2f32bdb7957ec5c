"""Webhook ingestion under load: repeated, out of order, several senders at once (R1)."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import tempfile
from contextlib import ExitStack
from time import perf_counter
from typing import Any, Final

import aiohttp
from sqlalchemy import func
from sqlmodel import select

from benchmarks.product.chat import client_of, served
from benchmarks.product.chat_server import ORDERS_SECRET
from benchmarks.product.figures import machine, median_and_p99, tell
from feedback.db import Database, Order, ReceivedDelivery

SENDERS: Final = 8
REPEATS: Final = 0.3  # of all webhooks
SOURCE: Final = "orders"


def bench_ingest(database_url: str | None, *, webhooks: int, seed: int = 1) -> dict[str, Any]:
    """Figures of so many webhooks into an empty store; None: a SQLite file of its own."""
    busy = machine()
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder, ExitStack() as open_:
        url = database_url or f"sqlite:///{folder}/shopclerk.db"
        database = Database(url)
        open_.callback(database.close)
        database.migrate()
        address, _ = open_.enter_context(served(url, None))
        tell(f"{SENDERS} senders, {webhooks} webhooks …")
        bodies = _shuffled(webhooks, seed)
        began = perf_counter()
        times = asyncio.run(_send_all(address, bodies))
        seconds = perf_counter() - began
        with database.reading() as session:
            orders, total = session.exec(select(func.count(), func.sum(Order.total))).one()
            deliveries = session.exec(select(func.count()).select_from(ReceivedDelivery)).one()
    different = len(set(bodies))
    return {
        **busy,
        "store": "sqlite" if url.startswith("sqlite") else "postgresql",
        "webhooks": len(bodies),
        "different": different,
        "per_second": round(len(bodies) / seconds, 1),
        **median_and_p99(times),
        "lost": different - orders,
        "counted_twice": max(0, orders - different) + max(0, deliveries - different),
        "total": str(total),
    }


def _shuffled(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    different = [order_webhook(f"order-{n}", n) for n in range(round(count * (1 - REPEATS)))]
    bodies = different + chance.choices(different, k=count - len(different))
    chance.shuffle(bodies)
    return bodies


def order_webhook(order_id: str, number: int) -> bytes:
    """The body that tells of an order; day and price go by `number`."""
    return json.dumps(
        {
            "order_id": order_id,
            "placed_at": f"2026-11-{number % 28 + 1:02d}T10:00:00Z",
            "currency": "USD",
            "total": f"{number % 200 + 1}.50",
            "lines": [{"product_id": "mug", "quantity": 1, "price": f"{number % 200 + 1}.50"}],
        }
    ).encode()


def signed(body: bytes) -> dict[str, str]:
    """The headers to send it with."""
    digest = hmac.digest(ORDERS_SECRET.encode(), body, hashlib.sha256)
    return {
        "X-Shopclerk-Signature": base64.b64encode(digest).decode(),
        "Content-Type": "application/json",
    }


async def _send_all(address: str, bodies: list[bytes]) -> list[float]:
    async with client_of(address) as http:
        shares = [bodies[sender::SENDERS] for sender in range(SENDERS)]
        return [
            one for part in await asyncio.gather(*(_send(http, s) for s in shares)) for one in part
        ]


async def _send(http: aiohttp.ClientSession, bodies: list[bytes]) -> list[float]:
    times = []
    for body in bodies:
        headers, began = signed(body), perf_counter()
        async with http.post("/webhooks/orders", data=body, headers=headers) as answer:
            answer.raise_for_status()
            await answer.read()
        times.append(perf_counter() - began)
    return times
