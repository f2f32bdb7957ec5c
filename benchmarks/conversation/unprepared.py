"""Plays conversations with a shop that nobody prepared: a catalogue, 20 replies, 5 questions each.

    .clerk/venv/bin/python -m benchmarks.conversation.unprepared PRODUCTS.csv [run.py's options]

The products are a shop's own export, Shopify's CSV; the replies, their questions and what shoppers
say of orders, returns and payment are the invented shop's. What they ask about products is made
from the catalogue: each fifth product by its name, and what is cheaper of its kind.
"""

import csv
import json
import re
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from benchmarks.conversation import run
from benchmarks.conversation.conversations import CONVERSATIONS

REPLIES = frozenset({
    "order_status", "order_cancel", "order_damaged", "order_wrong_item", "order_late",
    "shipping_cost", "shipping_time", "shipping_international", "return_policy", "return_how",
    "return_cost", "refund_time", "exchange_item", "payment_methods", "payment_failed",
    "gift_card", "warranty", "product_recommend", "complaint", "thanks",
})  # fmt: skip
CATEGORIES = frozenset({"returns", "payment", "shipping", "shop", "person", "social"})
EACH = 5  # products between two that are asked for


def main():
    """Write the shop and its conversations, and play them."""
    products = Path(sys.argv.pop(1))
    with tempfile.TemporaryDirectory(prefix="unprepared-") as folder:
        shop, exam = Path(folder), Path(folder) / "exam.jsonl"
        shutil.copy(products, shop / "products.csv")
        shutil.copy(run.HERE / "shop" / "facts.jsonl", shop)
        for name in ("replies.jsonl", "questions.jsonl"):
            _write(shop / name, _english_replies(run.HERE / "shop" / name))
        talks = [*_talks_of_the_book(), *_talks_of_products(products)]
        _write(exam, talks)
        sys.argv += ["--shop", str(shop), "--exam", str(exam)]
        run.main()


def _write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _english_replies(path):
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return [each for each in lines if each["locale"] == "en" and each["reply_id"] in REPLIES]


def _talks_of_the_book():
    """Those of the invented shop whose turns these replies can answer."""
    return [
        talk
        for talk in CONVERSATIONS
        if talk["locale"] == "en"
        and talk["category"] in CATEGORIES
        and all(_answerable(turn["ok"]) for turn in talk["turns"])
    ]


def _answerable(ok):
    return bool(REPLIES & set(ok.get("replies", ())) or ok.get("fact") or ok.get("handover"))


def _talks_of_products(path):
    with path.open(encoding="utf-8", newline="") as file:
        products = [row for row in csv.DictReader(file) if row["Title"]]
    for number, row in enumerate(products[::EACH]):
        name, price = row["Title"].replace("&trade;", ""), Decimal(row["Variant Price"])
        itself = {"prod": {"first_of": [row["Handle"]]}, "fact": re.escape(name[:12])}
        asked = ("do you have the {}?", "is the {} in stock", "i am looking for the {}")[number % 3]
        kind = row["Type"].split(" & ")[0].lower()
        yield {
            "id": f"product{number}",
            "category": "product",
            "locale": "en",
            "turns": [
                {"say": asked.format(name), "tags": ["named"], "ok": itself},
                {"say": "how much is it", "tags": ["ctx"], "ok": {"fact": rf"{price:.0f}"}},
                {
                    "say": f"show me {kind} under {price + 10:.0f}",
                    "tags": ["refine"],
                    "ok": {"prod": {"max_price": float(price + 10)}},
                },
            ],
        }


if __name__ == "__main__":
    main()
