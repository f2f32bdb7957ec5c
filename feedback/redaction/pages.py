"""A page's address as it may be kept: no query but a few names, no fragment, no login, no key.

What shops put into addresses tells of people: `?email=`, `/account/activate/1/9f`, `/orders/KEY`.
The path of a product's page stays, with WordPress's number of it: the clerk answers by it.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

KEPT_QUERY: Final = frozenset(
    {"utm_source", "utm_medium", "utm_campaign", "variant", "p", "product_id"}
)
HIDDEN: Final = "-"  # stands for a part of the path that is not kept
LONGEST: Final = 2_000

_VALUE = re.compile(r"[\w.~ -]{1,64}")
# Behind these, whatever is no plain word is somebody's: an order, a link to log in with.
_KEYED = re.compile(
    r"(?i)orders?|checkouts?|carts?|account|accounts|activate|activation|reset|invites?|invitation|"
    r"invoices?|unsubscribe|subscriptions?|tokens?|login|auth|verify|confirm|confirmation|thank[-_]you|"
    r"order-received|view-order|order-pay|track|tracking|returns?|downloads?|gift[-_]?cards?|wishlists?|"
    r"customers?|users?|profiles?|u|bestellung|konto|commande|pedido|ordine|zamowienie"
)
_PLAIN_WORD = re.compile(r"[a-z]{1,20}(?:[-_][a-z]{1,20}){0,4}")
_TOKEN = re.compile(
    r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_~=.]{16,}"  # letters and digits without a hyphen
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}"  # a UUID
    r"|[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}(?:\.[\w-]*)?"  # a signed token
    r"|(?=.*[A-Z].*[a-z].*[A-Z])(?=.*\d)[A-Za-z0-9_-]{20,}"
)
_FILE = re.compile(r"[\w.-]+\.(?:html?|php|aspx?|jsp)", re.I)


def kept_page(address: str | None) -> str | None:
    """The address without what may tell of a person; None where it is none.

    >>> kept_page("https://ana:pw@shop.example/products/mug?variant=4&email=a@b.example#top")
    'https://shop.example/products/mug?variant=4'
    >>> kept_page("/account/activate/4711/9f86d081884c7d65")
    '/account/activate/-/-'
    """
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
        host = f"{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
        pairs = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or (parts.scheme and not host):
        return None  # mailto:, data:, file: name no page of a shop
    query = [(name, value) for name, value in pairs if name in KEPT_QUERY and _is_plain(value)]
    path = "/".join(_kept_segments(parts.path.split(";", maxsplit=1)[0].split("/")))
    return urlunsplit((parts.scheme, host, path, urlencode(query), ""))[:LONGEST] or None


def _is_plain(value: str) -> bool:
    return bool(_VALUE.fullmatch(value)) and not _TOKEN.fullmatch(value)


def _kept_segments(segments: list[str]) -> list[str]:
    kept = []
    keyed = False
    for segment in segments:
        plain = unquote(segment)
        tells = "@" in plain or bool(_TOKEN.fullmatch(plain))
        tells |= keyed and not (_PLAIN_WORD.fullmatch(plain) or _FILE.fullmatch(plain))
        kept.append(HIDDEN if segment and tells else segment)
        keyed = keyed or bool(_KEYED.fullmatch(plain))
    return kept
