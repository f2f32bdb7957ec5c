"""Chats with the demo shop over HTTP, several shoppers at once, and takes the time of answers.

The web chat and those who chat run in this process and share its interpreter, as on one small
machine; the rates the chat grants a shopper are lifted.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import httpx
import uvicorn
from fastapi import FastAPI

from bot.web.app import create_app
from bot.web.config import WebConfig
from bot.web.parts import Readiness
from bot.web.tokens import Tokens
from feedback.book import Book
from feedback.database import Database
from feedback.files import BadLine, read_questions
from feedback.runs import Runs
from feedback.store import Store
from shopclerk.bench.figures import machine, median_and_p99, tell, timed
from shopclerk.bench.serve import copy_newest, running_server
from shopclerk.demo_shop import HELDOUT_FILES, put_demo_shop
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import (
    EXPERIMENT,
    build_clerk,
    build_orders,
    keyword_ranker,
    new_id,
    open_database,
    utc_now,
)

SHOPPERS: Final = 4  # at once
UNLIMITED: Final = 1_000_000_000  # messages a minute


def bench_chat(models_dir: Path | None, *, messages: int) -> dict[str, Any]:
    """Figures of `messages` in all; by the newest model in `models_dir`, else by keywords."""
    busy = machine()
    with tempfile.TemporaryDirectory(prefix="bench-chat-") as folder, ExitStack() as open_:
        settings = read_settings(database_url=f"sqlite:///{folder}/shopclerk.db")
        database = open_database(settings)
        open_.callback(database.close)
        put_demo_shop(database, now=utc_now(), currency=settings.currency)
        ranker: Any = keyword_ranker(Book(database))
        if models_dir is not None:
            copy_newest(models_dir, Path(folder) / "models")
            ranker = open_.enter_context(running_server(Path(folder) / "models")).ranker
        address = open_.enter_context(_served(_app(settings, database, ranker)))
        tell(f"{SHOPPERS} shoppers ask {messages} questions …")
        started = perf_counter()
        with ThreadPoolExecutor(SHOPPERS) as shoppers:
            times = list(shoppers.map(_chat, [address] * SHOPPERS, _shares(messages)))
        seconds = perf_counter() - started
    answered = [one for part in times for one in part]
    return {
        **busy,
        "answered_by": "keywords" if models_dir is None else "model",
        "shoppers": SHOPPERS,
        "messages": len(answered),
        "messages_per_second": round(len(answered) / seconds, 1),
        **median_and_p99(answered),
    }


def _chat(address: str, questions: list[str]) -> list[float]:
    """One shopper: a session, then question after question; the seconds of each answer."""
    with httpx.Client(base_url=address, timeout=60.0, trust_env=False) as http:
        begun = http.post("/api/chat/sessions", json={}).raise_for_status().json()
        http.headers["Authorization"] = f"Bearer {begun['token']}"

        def ask(text: str) -> None:
            message = {"text": text, "client_id": new_id()}
            http.post("/api/chat/messages", json=message).raise_for_status()

        return [timed(lambda: ask(text)) for text in questions]  # noqa: B023


def _shares(messages: int) -> list[list[str]]:
    """The demo shop's held-out questions, over and over, dealt to the shoppers."""
    bad: list[BadLine] = []
    asked = [line.question for line in read_questions(HELDOUT_FILES, bad)]
    dealt = list(islice(cycle(asked), messages))
    return [dealt[shopper::SHOPPERS] for shopper in range(SHOPPERS)]


def _app(settings: Settings, database: Database, ranker: Any) -> FastAPI:
    return create_app(
        clerk=build_clerk(settings, database, ranker, assign_arm=lambda _: "champion"),
        store=Store(database, EXPERIMENT),
        book=Book(database),
        orders=build_orders(settings, database),
        runs=Runs(database),
        tokens=Tokens(new_id(), clock=utc_now),
        config=WebConfig(
            public_url=settings.public_url,
            shop_name=settings.shop_name,
            shopper_per_minute=UNLIMITED,
            address_per_minute=UNLIMITED,
        ),
        ready=lambda: Readiness(True),
        clock=utc_now,
        new_id=new_id,
    )


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    """Serve on a free port; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
