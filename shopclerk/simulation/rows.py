"""Rows of a made-up history, as plain dictionaries: ten thousand shoppers are 60,000 of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlmodel import SQLModel

from feedback.db import (
    Click,
    Dialogue,
    DialogueTurn,
    Exposure,
    Impression,
    Order,
    OrderLine,
    Rating,
    Refund,
    Shopper,
    Uncounted,
)

TABLES: Final[tuple[type[SQLModel], ...]] = (
    Shopper, Exposure, Dialogue, Impression, DialogueTurn, Click, Rating, Order, OrderLine, Refund,
    Uncounted,
)  # fmt: skip

Rows = dict[type[SQLModel], list[dict[str, Any]]]


def row(table: type[SQLModel], **values: Any) -> dict[str, Any]:
    """A row with the table's defaults, without the object around it."""
    return {**_defaults(table), **values}


@cache
def _defaults(table: type[SQLModel]) -> Mapping[str, Any]:
    fields = table.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields}
