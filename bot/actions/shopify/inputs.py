"""Inputs of Shopify's mutations, and what an order is to be after them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.actions.addresses import FIELDS
from bot.actions.shopify.orders import Node, money

NOTE: Final = 255  # characters of a return's reason; of a customer's note 300
COUNTRIES: Final = {"USA": "US", "UK": "GB"}


def note_of(actor: str, key: str) -> str:
    """Who had it done, and the key that a later attempt looks for: the key is never cut.

    >>> note_of("dialogue 7, approved by Mei", "k-0")
    'dialogue 7, approved by Mei (k-0)'
    """
    end = f" ({key})"
    return actor[: NOTE - len(end)] + end


def by_staff(difference: Decimal) -> dict[str, str]:
    """Shopify moves no money by an edit or an exchange: where some is to move, a person does."""
    return {"by_staff": "money is to be collected or given back"} if difference else {}


def after(before: Mapping[str, int], changes: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """The pieces once the changes are made."""
    counted = Counter(before)
    for change in changes:
        counted[change["sku"]] -= 1
        counted[change["new_sku"]] += 1
    return {sku: number for sku, number in sorted(counted.items()) if number}


def plain(address: Mapping[str, str]) -> dict[str, str]:
    """An address with the country as Shopify's code."""
    country = str(address.get("country") or "")
    return {name: str(address.get(name) or "") for name in FIELDS} | {
        "country": COUNTRIES.get(country.upper(), country)
    }


def place_sent(order: Node, address: Mapping[str, str]) -> dict[str, str]:
    """The whole address: a part of one is taken and not kept. Name and phone stay."""
    wanted, now = plain(address), order.get("shippingAddress") or {}
    return {
        "address1": wanted["address1"],
        "address2": wanted["address2"],
        "city": wanted["city"],
        "provinceCode": wanted["state"],
        "zip": wanted["zip"],
        "countryCode": wanted["country"],
        **{name: now[name] for name in ("firstName", "lastName", "phone") if now.get(name)},
    }


def come_to(lines: Sequence[Node]) -> Decimal:
    """What lines of a calculated return come to, with their tax."""
    sums = (money(each["subtotalSet"]) + money(each["totalTaxSet"]) for each in lines)
    return sum(sums, Decimal(0))
