"""Stripe's event envelope, and the fields of its objects: ids, amounts, times. Pure.

Amounts are whole numbers of the currency's smallest unit. An event that tells of no sale is
accepted and left alone: refused ones are sent again for three days, then Stripe disables the
endpoint.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from feedback.db import decimals
from feedback.knowledge import BadShape, Lenient, identifier, whole

# Where Stripe's smallest unit is not that of ISO 4217.
OWN_UNITS: Final = {"ISK": 2, "UGX": 2, "MGA": 0}
MAX_UNITS: Final = 10**13
MAX_SECONDS: Final = 10**11


class LeftAlone(Exception):
    """An event that tells nothing we keep; the message is the reason, for the log."""


class StripeEvent(NamedTuple):
    """What Stripe tells: which object changed, how, and when."""

    event_id: str
    topic: str
    created: datetime
    object: Lenient


def read_event(payload: Mapping[str, Any]) -> StripeEvent:
    """The event's envelope.

    Raises:
        LeftAlone: it is of the test mode, or names its object without showing it ("thin").
        BadShape: it is no event.
    """
    event_id, topic = identifier(payload, "id"), identifier(payload, "type")
    if payload.get("livemode") is False:
        raise LeftAlone("a try in Stripe's test mode")
    data = payload.get("data")
    shown = data.get("object") if isinstance(data, dict) else None
    if not isinstance(shown, dict):
        raise LeftAlone("a thin event: it does not show its object; add a snapshot destination")
    return StripeEvent(event_id, topic, moment(payload, "created"), Lenient(shown))


def reference(fields: Lenient, key: str) -> str:
    """The id of another object, which may stand there whole; "" where there is none.

    >>> reference(Lenient({"invoice": {"id": "in_1"}}), "invoice")
    'in_1'
    """
    value = fields.fields.get(key)
    return fields.inner(key).text("id") if isinstance(value, dict) else fields.text(key)


def amount(fields: Mapping[str, Any], key: str, currency: str) -> Decimal:
    """An amount out of the currency's smallest unit.

    >>> amount({"total": 5990}, "total", "USD"), amount({"total": 5990}, "total", "JPY")
    (Decimal('59.90'), Decimal('5990'))
    >>> amount({"total": 12340}, "total", "KWD"), amount({"total": 500}, "total", "UGX")
    (Decimal('12.340'), Decimal('5.00'))
    """
    units = whole(fields, key)
    if units < 0 or units > MAX_UNITS:
        raise BadShape(f'"{key}" is {units}; an amount is not negative and not astronomical')
    return Decimal(units).scaleb(-OWN_UNITS.get(currency, decimals(currency)))


def moment(fields: Mapping[str, Any], key: str) -> datetime:
    """A time in seconds since 1970."""
    seconds = whole(fields, key)
    if not 0 <= seconds < MAX_SECONDS:
        raise BadShape(f'"{key}" is no time: {seconds}')
    return datetime.fromtimestamp(seconds, UTC)
