"""The demo shop behind a real server on a free port, answered by keyword search."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedback.db.database import Database
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers import files
from feedback.knowledge.importers.files import BadLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from serving.keyword_search import BookEntry, KeywordRanker
from tests.bot.help_page import HelpPage
from tests.bot.model import Model
from tests.bot.serving import listening, served
from tests.bot.web_shop import Shop, open_shop

DEMO_DIR = Path(__file__).parents[2] / "shopclerk" / "demo"
XSS_REPLY = "<img src=x onerror=\"document.title='hacked'\"> <b>{policy.return_days}</b>"


@dataclass
class OpenShop:
    """A shop, and where it is open."""

    address: str
    shop: Shop


@contextlib.contextmanager
def opened(
    database: Database,
    *,
    port: int = 0,
    **changes: Any,
) -> Iterator[OpenShop]:
    """The demo shop over `database`, served until the end of the block; 0: on any free port."""
    with listening(port) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        shop = open_demo(database, address, **changes)
        with served(shop.app, listener):
            yield OpenShop(address, shop)


def open_demo(database: Database, address: str, **changes: Any) -> Shop:
    """The app over the demo shop's content."""
    book, now = ReplyBook(database), datetime(2026, 11, 24, tzinfo=UTC)
    fill_demo(book, now)
    settings: dict[str, Any] = {
        "public_url": address,
        "demo_dir": DEMO_DIR,
        "stream_seconds": 600,
        "poll_seconds": 0.5,
        "shopper_per_minute": 1_000,
        "address_per_minute": 1_000,
        "logins_per_minute": 100,
        **changes,
    }
    ranker = KeywordRanker(lambda: entries(book), book.stamp)
    return open_shop(
        database,
        ranker=ranker,
        sources=[HelpPage()],
        filled=False,
        controls=Model().controls(),
        **settings,
    )


def fill_demo(book: ReplyBook, now: datetime) -> None:
    """The demo shop's content, and a reply full of markup."""
    bad: list[BadLine] = []
    book.put_replies(list(files.read_replies([DEMO_DIR / "replies.jsonl"], bad)), now)
    book.put_replies([ReplyLine("markup", XSS_REPLY)], now)
    book.put_facts(list(files.read_facts([DEMO_DIR / "facts.jsonl"], bad)), now)
    questions = [DEMO_DIR / "questions.en.jsonl", DEMO_DIR / "questions.zh.jsonl"]
    book.put_questions(list(files.read_questions(questions, bad)), now)
    book.put_questions([files.QuestionLine("please xyzzy the markup", "markup")], now)
    products = list(files.read_products([DEMO_DIR / "products.csv"], bad))
    Catalogue(book.db).put_products(products, now, currency="USD")


def entries(book: ReplyBook) -> list[BookEntry]:
    """The book as keyword search reads it."""
    asked: dict[tuple[str, str], list[str]] = {}
    for question in book.questions():
        if question.reply_id:
            asked.setdefault((question.reply_id, question.locale), []).append(question.question)
    return [
        BookEntry(
            reply.reply_id,
            reply.locale,
            reply.text,
            tuple(asked.get((reply.reply_id, reply.locale), ())),
        )
        for reply in book.replies()
    ]
