"""Throughput of several chat replicas over one PostgreSQL, and the cost of a replica's death.

Anyone who asks does as the widget does: what was not answered is sent again with the same
client_id, to another replica. What was answered must be in the store afterwards, once.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp
from sqlalchemy import func
from sqlmodel import col, select

from benchmarks.product.chat import SHOPPERS, allow_sockets, client_of, dealt_questions, served
from benchmarks.product.figures import machine, median_and_p99, tell
from benchmarks.product.serve import copy_newest, running_server
from feedback.db import Database, DialogueTurn
from shopclerk.demo_shop import put_demo_shop
from shopclerk.settings import read_settings
from shopclerk.wiring import new_id, open_database, utc_now

AGAIN_SECONDS: Final = 0.1
PATIENCE: Final = 120.0  # seconds for one message, deaths included


def bench_replicas(
    models_dir: Path | None,
    database_url: str,
    *,
    replicas: int,
    messages: int,
    kill_replica: bool = False,
    kill_store: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Figures of `messages` by the newest model in `models_dir`, else by keywords.

    After a third of them one replica is killed, where that is wanted, and after two thirds the
    database server by `kill_store`, which returns when it runs again.
    """
    busy = machine()
    allow_sockets()
    with tempfile.TemporaryDirectory(prefix="bench-replicas-") as folder, ExitStack() as open_:
        settings = read_settings(database_url=database_url)
        database = open_database(settings)
        open_.callback(database.close)
        put_demo_shop(database, now=utc_now(), currency=settings.currency)
        model_address = None
        if models_dir is not None:
            copy_newest(models_dir, Path(folder) / "models")
            model_address = open_.enter_context(
                running_server(Path(folder) / "models")
            ).ranker.address
        tell(f"starting {replicas} replicas …")
        running = [
            open_.enter_context(served(database_url, model_address)) for _ in range(replicas)
        ]
        disturbances: list[tuple[str, Callable[[], None]]] = []
        if kill_replica:
            pid = running[-1][1]
            disturbances.append(("replica", lambda: os.kill(pid, signal.SIGKILL)))
        if kill_store is not None:
            disturbances.append(("store", kill_store))
        found = asyncio.run(_chat([address for address, _ in running], messages, disturbances))
        return {
            **busy,
            "answered_by": "keywords" if models_dir is None else "model",
            "replicas": replicas,
            **found["figures"],
            **kept(database, found["answered"]),
        }


class ReplicaFailed(Exception):
    """A replica refused what it should answer, or nobody answered at all."""

    def __init__(self, path: str, status: int | None) -> None:
        """Name the address and the status; None: patience was over."""
        super().__init__(f"{path} was answered {status or f'by nobody in {PATIENCE:.0f} s'}.")


class Shoppers:
    """Those who ask; they count what was answered."""

    def __init__(self, clients: list[aiohttp.ClientSession]) -> None:
        self._clients = clients
        self.answered: dict[str, int] = {}  # message_id by client_id
        self.times: list[float] = []
        self.again = 0

    async def ask_all(self, number: int, questions: list[str]) -> None:
        """One shopper's questions, one after the other."""
        headers = await self.begin(number)
        for text in questions:
            await self.ask(number, text, headers)

    async def begin(self, number: int) -> dict[str, str]:
        """A new chat: the headers to ask with."""
        session = await self.post(number, "/api/chat/sessions", {}, json={})
        return {"Authorization": f"Bearer {session['token']}"}

    async def ask(self, number: int, text: str, headers: dict[str, str]) -> Any:
        """One question; its answer."""
        client_id, began = new_id(), perf_counter()
        message = {"text": text, "client_id": client_id}
        answer = await self.post(number, "/api/chat/messages", headers, json=message)
        self.times.append(perf_counter() - began)
        self.answered[client_id] = answer["message_id"]
        return answer

    async def post(self, number: int, path: str, headers: dict[str, str], **body: Any) -> Any:
        """To this shopper's replica; when that is away or not ready, to the next."""
        ends = perf_counter() + PATIENCE
        for turn in range(number, 1_000_000):
            http = self._clients[turn % len(self._clients)]
            try:
                async with http.post(path, headers=headers, **body) as answer:
                    if answer.ok:
                        return await answer.json()
                    if answer.status != 503:
                        raise ReplicaFailed(path, answer.status)
            except aiohttp.ClientError:  # not begun, or cut in the middle
                pass
            if perf_counter() > ends:
                break
            self.again += 1
            await asyncio.sleep(AGAIN_SECONDS)
        raise ReplicaFailed(path, None)


async def _chat(
    addresses: list[str], messages: int, disturbances: list[tuple[str, Callable[[], None]]]
) -> dict[str, Any]:
    async with AsyncExitStack() as open_:
        clients = [await open_.enter_async_context(client_of(address)) for address in addresses]
        shoppers = Shoppers(clients)
        tell(f"{SHOPPERS} shoppers ask {messages} questions …")
        began = perf_counter()
        shares = enumerate(dealt_questions(messages))
        asking = [asyncio.create_task(shoppers.ask_all(n, share)) for n, share in shares]
        after = 0.0
        for number, (name, disturb) in enumerate(disturbances, start=1):
            while len(shoppers.answered) < messages * number / (len(disturbances) + 1):
                await asyncio.sleep(0.01)
            tell(f"killing the {name} …")
            stopped = perf_counter()
            await asyncio.to_thread(disturb)
            so_far = len(shoppers.answered)
            while len(shoppers.answered) == so_far:
                await asyncio.sleep(0.01)
            after = max(after, perf_counter() - stopped)
        await asyncio.gather(*asking)
        seconds = perf_counter() - began
    figures = {
        "shoppers": SHOPPERS,
        "messages": len(shoppers.times),
        "messages_per_second": round(len(shoppers.times) / seconds, 1),
        **median_and_p99(shoppers.times),
        "sent_again": shoppers.again,
        "longest_silence_s": round(after, 2),
    }
    return {"figures": figures, "answered": shoppers.answered}


def kept(database: Database, answered: dict[str, int]) -> dict[str, int]:
    """What was answered and is not there; what is there twice."""
    with database.reading() as session:
        kept = dict(
            session.exec(
                select(DialogueTurn.client_id, func.count())
                .where(col(DialogueTurn.client_id).is_not(None))
                .group_by(DialogueTurn.client_id)
            ).all()
        )
        answers = set(
            session.exec(
                select(DialogueTurn.turn_id).where(col(DialogueTurn.answers_turn_id).is_not(None))
            ).all()
        )
        twice = session.exec(
            select(func.count()).select_from(
                select(DialogueTurn.answers_turn_id)
                .where(col(DialogueTurn.answers_turn_id).is_not(None))
                .group_by(col(DialogueTurn.answers_turn_id))
                .having(func.count() > 1)
                .subquery()
            )
        ).one()
    lost = sum(key not in kept or number not in answers for key, number in answered.items())
    return {"lost": lost, "twice": sum(count > 1 for count in kept.values()) + twice}
