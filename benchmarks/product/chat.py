"""Chat benchmark over HTTP with open event streams: latency, throughput, memory.

The chat is one process, as on one small machine; anyone who chats with it is another on the same
cores. With a model its server is a third.
"""

import asyncio
import multiprocessing
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp

from benchmarks.product.chat_server import free_port, serve
from benchmarks.product.figures import machine, median_and_p99, memory_mb, tell
from benchmarks.product.products import bench_products
from benchmarks.product.serve import copy_newest, running_server
from feedback.knowledge import BadLine, read_questions
from shopclerk.demo_shop import HELDOUT_FILES, put_demo_shop
from shopclerk.settings import read_settings
from shopclerk.wiring import new_id, open_database, utc_now

SHOPPERS: Final = 16  # who write at once
STREAMS: Final = 300  # open while they do
IDLE: Final = 2_000  # open while nobody writes
QUICK: Final = 10  # times fewer of everything
WATCHED_SECONDS: Final = 10.0
OPENING: Final = 50  # streams opened at once
START_SECONDS: Final = 240.0  # a machine may be busy


def bench_chat(models_dir: Path | None, *, messages: int, quick: bool) -> dict[str, Any]:
    """Figures of `messages` in all; by the newest model in `models_dir`, else by keywords."""
    busy, less = machine(), QUICK if quick else 1
    allow_sockets()
    with demo_chat(models_dir) as (folder, address, pid):
        chatted = asyncio.run(_chat(address, messages, STREAMS // less))
        idle = asyncio.run(_idle(address, pid, IDLE // less))
        tell("importing and searching a made-up catalogue …")
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=fresh) as pool:  # so that its memory is its own
            products = pool.submit(bench_products, folder, 100_000 // less).result()
    return {
        **busy,
        "answered_by": "keywords" if models_dir is None else "model",
        **chatted,
        "idle": idle,
        "catalogue": products,
    }


@contextmanager
def demo_chat(models_dir: Path | None) -> Iterator[tuple[str, str, int]]:
    """The demo shop in a store of its own, and its chat: the folder, the address, the process."""
    with tempfile.TemporaryDirectory(prefix="bench-chat-") as folder, ExitStack() as open_:
        settings = read_settings(database_url=f"sqlite:///{folder}/shopclerk.db")
        database = open_database(settings)
        put_demo_shop(database, now=utc_now(), currency=settings.currency)
        database.close()
        model_address = None
        if models_dir is not None:
            copy_newest(models_dir, Path(folder) / "models")
            model = open_.enter_context(running_server(Path(folder) / "models"))
            model_address = model.ranker.address
        yield (folder, *open_.enter_context(served(settings.database_url, model_address)))


async def _chat(address: str, messages: int, streams: int) -> dict[str, Any]:
    """Some shoppers ask one question after the other, others only listen."""
    async with client_of(address) as http, AsyncExitStack() as listening:
        await _listen(http, listening, streams)
        tokens = [await session(http) for _ in range(SHOPPERS)]
        tell(f"{SHOPPERS} shoppers ask {messages} questions beside {streams} streams …")
        started = perf_counter()
        dealt = zip(tokens, dealt_questions(messages), strict=True)
        times = await asyncio.gather(*(ask_all(http, *share) for share in dealt))
        seconds = perf_counter() - started
        alone = await ask_all(http, tokens[0], dealt_questions(SHOPPERS * 50)[0])
    answered = [one for part in times for one in part]
    return {
        "shoppers": SHOPPERS,
        "streams": streams,
        "messages": len(answered),
        "messages_per_second": round(len(answered) / seconds, 1),
        **median_and_p99(answered),
        "one_shopper": median_and_p99(alone),
    }


async def _idle(address: str, pid: int, streams: int) -> dict[str, Any]:
    """What streams cost in which nothing happens."""
    async with client_of(address) as http, AsyncExitStack() as listening:
        before = memory_mb(pid)
        tell(f"{streams} streams are open and nobody writes …")
        await _listen(http, listening, streams)
        used = _cpu_seconds(pid)
        await asyncio.sleep(WATCHED_SECONDS)
        cores = (_cpu_seconds(pid) - used) / WATCHED_SECONDS
        return {
            "streams": streams,
            "before_mb": before,
            "chat_mb": memory_mb(pid),
            "cores": round(cores, 3),
        }


async def session(http: aiohttp.ClientSession) -> str:
    """A new shopper's token."""
    async with http.post("/api/chat/sessions", json={}) as answer:
        answer.raise_for_status()
        return str((await answer.json())["token"])


async def _listen(http: aiohttp.ClientSession, listening: AsyncExitStack, count: int) -> None:
    """Open `count` streams, each of a shopper of its own, and wait until each has begun."""

    async def begin() -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {await session(http)}"}
        answer = await http.get("/api/chat/events", headers=headers)
        answer.raise_for_status()
        await answer.content.readline()
        return answer

    for start in range(0, count, OPENING):
        for answer in await asyncio.gather(*(begin() for _ in range(min(OPENING, count - start)))):
            listening.callback(answer.close)


async def ask_all(http: aiohttp.ClientSession, token: str, questions: list[str]) -> list[float]:
    """One shopper's questions; the seconds of each answer."""
    headers, times = {"Authorization": f"Bearer {token}"}, []
    for text in questions:
        started = perf_counter()
        message = {"text": text, "client_id": new_id()}
        while not await _answered(http, message, headers):
            pass
        times.append(perf_counter() - started)
    return times


async def _answered(
    http: aiohttp.ClientSession, message: dict[str, str], headers: dict[str, str]
) -> bool:
    """Whether a message got its answer; told to wait, it waits, as the widget does."""
    async with http.post("/api/chat/messages", json=message, headers=headers) as answer:
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
            return False
        answer.raise_for_status()
        await answer.read()
        return True


def dealt_questions(messages: int, shoppers: int = SHOPPERS) -> list[list[str]]:
    """The demo shop's held-out questions, over and over, dealt to the shoppers."""
    bad: list[BadLine] = []
    asked = [line.question for line in read_questions(HELDOUT_FILES, bad)]
    dealt = list(islice(cycle(asked), messages))
    return [dealt[shopper::shoppers] for shopper in range(shoppers)]


@asynccontextmanager
async def client_of(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of `address` that opens as many connections as it is asked for."""
    async with aiohttp.ClientSession(
        address,
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    ) as session:
        yield session


@contextmanager
def served(
    database_url: str, model_address: str | None, port: int | None = None
) -> Iterator[tuple[str, int]]:
    """The chat in a process of its own, on `port` or any that is free: its address and number."""
    port = port or free_port()
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(database_url, model_address, port), daemon=True
    )
    process.start()
    address = f"http://127.0.0.1:{port}"
    try:
        asyncio.run(_wait_for(address))
        yield address, process.pid or 0
    finally:
        process.terminate()
        process.join(10)


async def _wait_for(address: str) -> None:
    ends = time.monotonic() + START_SECONDS
    async with client_of(address) as http:
        while True:
            try:
                async with http.get("/healthz"):
                    return
            except aiohttp.ClientError:
                if time.monotonic() > ends:
                    raise
                await asyncio.sleep(0.1)


def _cpu_seconds(pid: int) -> float:
    """Processor time the process has used, where the system tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100  # ticks, of which a second has 100


def allow_sockets() -> None:
    """As many open sockets as the system lets us have: each stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
