"""Demo shop: fills an empty store with replies, facts, questions and products from `demo/`."""

from datetime import datetime
from pathlib import Path

from feedback.db import Database
from feedback.demo_shop import DemoShop
from feedback.knowledge import (
    BadLine,
    Catalogue,
    ReplyBook,
    read_facts,
    read_products,
    read_questions,
    read_replies,
)

DEMO_DIR = Path(__file__).parent / "demo"
REPLY_FILE = DEMO_DIR / "replies.jsonl"
QUESTION_FILES = tuple(
    DEMO_DIR / f"{kind}.{locale}.jsonl"
    for locale in ("en", "zh")
    for kind in ("questions", "follow-ups")  # these with what was said before them
)
HELDOUT_FILES = (DEMO_DIR / "heldout.en.jsonl", DEMO_DIR / "heldout.zh.jsonl")
HELDOUT_FOLLOW_UPS = tuple(
    DEMO_DIR / f"heldout-follow-ups.{locale}.jsonl" for locale in ("en", "zh")
)


def put_demo_shop(database: Database, *, now: datetime, currency: str) -> bool:
    """Fill the store with the demo shop if it is empty; returns whether it was."""
    demo, book = DemoShop(database), ReplyBook(database)
    if not demo.has_room():
        return False
    bad: list[BadLine] = []
    book.put_replies(list(read_replies([REPLY_FILE], bad)), now)
    book.put_facts(list(read_facts([DEMO_DIR / "facts.jsonl"], bad)), now)
    book.put_questions(list(read_questions(QUESTION_FILES, bad)), now)
    products = list(read_products([DEMO_DIR / "products.csv"], bad))
    Catalogue(database).put_products(products, now, currency=currency)
    assert not bad, bad
    demo.open(now)
    return True
