"""Feeds the parsers of webhooks and imports what coverage leads to, until one of them fails.

    pip install --target FOLDER atheris
    PYTHONPATH=FOLDER python -m benchmarks.battery.fuzz [-runs=1000000] [CORPUS_FOLDER]

Every argument is libFuzzer's. A parser may refuse with BadShape; anything else ends the run with
the input that did it. It begins from good payloads, so that the first mutations reach deep. What a
parser takes must be text that any database can keep.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["bot.shops", "feedback"]):
    from bot.shops import shopify, stripe, woocommerce
    from feedback import files
    from feedback.files import BadShape, parse_object
    from feedback.product_json import product_from_shopify
    from feedback.product_woocommerce import product_from_api

from tests.bot.web.samples import order, refund
from tests.bot.web.samples_shops import (
    stripe_event,
    stripe_payment,
    stripe_refund,
    stripe_session,
    woo_order,
    woo_product,
)
from tests.bot.web.test_webhooks import GENERIC, REFUND


def nobody(_: Any) -> None:
    return None


def read_stripe(payload: Any) -> Any:
    event = stripe.read_event(payload)
    return stripe.read_purchase(event, shopper_of_token=nobody), stripe.read_stripe_refund(event)


PARSERS: list[Callable[[Any], Any]] = [
    files.purchase_from_json,
    files.refund_from_json,
    files.reply_from_json,
    files.question_from_json,
    files.dialogue_from_json,
    files.ranking_from_json,
    files.fact_from_json,
    files.rate_from_json,
    product_from_shopify,
    product_from_api,
    lambda p: shopify.read_order(p, shopper_of_token=nobody, shopper_of_click=nobody),
    lambda p: shopify.read_refund(p, currency="USD"),
    lambda p: woocommerce.read_order(p, shopper_of_token=nobody, shopper_of_click=nobody),
    read_stripe,
]
GOOD = [
    GENERIC, REFUND, order(), refund(), woo_order(), woo_product(),
    stripe_event("payment_intent.succeeded", stripe_payment()),
    stripe_event("checkout.session.completed", stripe_session()),
    stripe_event("refund.created", stripe_refund()),
    {"reply_id": "r", "text": "t", "locale": "en"},
    {"question": "q", "reply_id": None, "locale": "zh"},
    {"id": "d", "turns": [{"speaker": "shopper", "text": "t"}], "accepted": True},
]  # fmt: skip


def feed(data: bytes) -> None:
    """One input: its first byte chooses the parser, the rest is the body."""
    if not data:
        return
    try:
        taken = PARSERS[data[0] % len(PARSERS)](parse_object(data[1:]))
    except BadShape:
        return
    for text in texts_of(taken):
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise AssertionError(f"taken, though no database keeps it: {ascii(text)[:100]}")


def texts_of(taken: Any) -> list[str]:
    """Every text in what a parser made."""
    if isinstance(taken, str):
        return [taken]
    if isinstance(taken, dict):
        return [text for pair in taken.items() for part in pair for text in texts_of(part)]
    if isinstance(taken, list | tuple):
        return [text for part in taken for text in texts_of(part)]
    return texts_of(vars(taken)) if hasattr(taken, "__dataclass_fields__") else []


def main() -> None:
    seeds = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for parser in range(len(PARSERS)):
        for number, good in enumerate(GOOD):
            (seeds / f"{parser}-{number}").write_bytes(bytes([parser]) + json.dumps(good).encode())
    atheris.Setup([*sys.argv, str(seeds)], feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
