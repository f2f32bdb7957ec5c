"""The cart token: reads which shopper an order belongs to from what the cart carried along."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.tokens import CLICK_PARAMETER
from feedback.knowledge import Lenient

SHOPPER_ATTRIBUTE: Final = "shopclerk_shopper"


def attribute(order: Lenient, name: str) -> str | None:
    """A cart attribute, which arrives among the order's `note_attributes`."""
    found = (one for one in order.each("note_attributes") if one.fields.get("name") == name)
    return next((one.text("value") or None for one in found), None)


def click_token(landing_site: object) -> str | None:
    """The click's token in the address on which the shopper first came to the shop.

    >>> click_token("/products/mug?utm=x&shopclerk_click=abc.def")
    'abc.def'
    """
    if not isinstance(landing_site, str):
        return None
    try:
        query = parse_qs(urlsplit(landing_site).query)
    except ValueError:  # not an address; browsers send what people type
        return None
    return query.get(CLICK_PARAMETER, [None])[0]
