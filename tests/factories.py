"""Rows and values for tests: every argument has a default and a name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import col, select

from feedback.db.database import Database
from feedback.db.tables.dialogues import Dialogue, Impression
from feedback.desk.cards import note_thumb
from feedback.desk.dialogue_hooks import DeskHooks
from feedback.desk.queue import DeskQueue, WaitingDialogue
from feedback.dialogues.repository import AnsweredTurn, NewDialogue, Store
from feedback.dialogues.state import AfterAnswer
from feedback.dialogues.write_answer import Shown
from feedback.knowledge.importers.files import BoughtLine, ProductLine, VariantLine
from feedback.knowledge.importers.records import Translation
from feedback.sales.orders import Orders, Purchase
from feedback.signals.repository import Signals

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EMAIL_KEY = b"a key for tests only"
EXPERIMENT = "holdout"

_numbers: Iterator[int] = count(1)


def new_id(prefix: str = "id") -> str:
    """An id nothing else has in this run."""
    return f"{prefix}-{next(_numbers)}"


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def make_store(database: Database) -> Store:
    """A store of the tests' experiment."""
    return Store(database, EXPERIMENT, DeskHooks())


def make_orders(database: Database) -> Orders:
    """Orders with the tests' key."""
    return Orders(database, EMAIL_KEY)


def make_impression(**changes: Any) -> Impression:
    """An answer the model was sure of."""
    fields: dict[str, Any] = {
        "impression_id": new_id("impression"),
        "dialogue_id": "",
        "shopper_id": "",
        "arm": "champion",
        "kind": "answer",
        "reply_id": "return_policy",
        "text": "You can return it within 30 days.",
        "locale": "en",
        "choices": [],
        "products": [],
        "candidates": [{"reply_id": changes.get("reply_id") or "return_policy", "score": 0.9}],
        "confidence": 0.97,
        "served_by": "model",
        "model_version": 1,
        "shown_at": NOW,
    }
    return Impression(**{**fields, **changes})


def open_dialogue(store: Store, **changes: Any) -> Dialogue:
    """A dialogue on the web, by a shopper of the champion's arm."""
    fields: dict[str, Any] = {
        "dialogue_id": new_id("dialogue"),
        "shopper_id": new_id("shopper"),
        "channel": "web",
        "locale": "en",
        "arm": "champion",
    }
    now = changes.pop("now", NOW)
    return store.open_dialogue(NewDialogue(**{**fields, **changes}), now)


def answer(store: Store, dialogue: Dialogue, **changes: Any) -> AnsweredTurn:
    """A question answered in `dialogue`; further fields are the impression's."""
    now = changes.pop("now", NOW)
    fields = {
        "shopper_text": changes.pop("question", "Can I send it back?"),
        "client_id": changes.pop("client_id", None) or new_id("client"),
        "after": changes.pop("after", AfterAnswer()),
    }
    parts = changes.pop("parts", ())
    impression = make_impression(**{"shown_at": now, **changes})
    shown = Shown(impression, parts)
    return store.record_answer(dialogue_id=dialogue.dialogue_id, shown=shown, now=now, **fields)


def make_purchase(**changes: Any) -> Purchase:
    """An order of 59.90 for one backpack."""
    order_id = changes.get("order_id") or new_id("order")
    fields: dict[str, Any] = {
        "order_id": order_id,
        "number": order_id,
        "source": "orders",
        "placed_at": NOW,
        "currency": "USD",
        "total": Decimal("59.90"),
        "lines": (BoughtLine("ridge-backpack", 1, Decimal("59.90"), "Ridge Backpack"),),
    }
    return Purchase(**{**fields, **changes})


def make_product(**changes: Any) -> ProductLine:
    """A backpack in one variant."""
    product_id = changes.get("product_id", "ridge-backpack")
    variant = VariantLine(product_id, {}, f"SKU-{product_id}", Decimal("59.90"), None, 5)
    fields: dict[str, Any] = {
        "product_id": product_id,
        "title": "Ridge Backpack",
        "body": "For a day out.",
        "vendor": "Juniper Lane",
        "category": "Bags",
        "tags": ["bag"],
        "image": "",
        "url": "",
        "active": True,
        "variants": (variant,),
        "translations": (Translation("zh", "山脊背包"),),
    }
    return ProductLine(**{**fields, **changes})


def signals_of(store: Store) -> Signals:
    """Where thumbs, clicks and reviews on what `store` holds are recorded."""
    return Signals(store.db, note_thumb)


def queue_of(store: Store) -> DeskQueue:
    """The desk's queue of the dialogues in `store`."""
    return DeskQueue(store.db)


def waiting_in(store: Store) -> list[WaitingDialogue]:
    """The dialogues that wait for the staff or are with them, the longest silent first."""
    with store.db.reading() as session:
        found = session.exec(select(Dialogue.dialogue_id).order_by(col(Dialogue.last_at))).all()
    waits = (queue_of(store).waiting_dialogue(each) for each in found)
    return [each for each in waits if each is not None]


def latest_dialogue(store: Store, shopper_id: str) -> Dialogue | None:
    """The dialogue in which the shopper was active last."""
    with store.db.reading() as session:
        newest = select(Dialogue).where(Dialogue.shopper_id == shopper_id)
        return session.exec(newest.order_by(col(Dialogue.last_at).desc())).first()
