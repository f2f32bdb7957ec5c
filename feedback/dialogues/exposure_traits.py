"""Exposure traits: what is known of somebody at their exposure, before anything is shown to them.

Each is one of a few kinds, so that none of them tells who somebody is. They are what the arms may
be stratified by: nothing that the clerk does can change them.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, parse_qs, urlsplit

LANGUAGE: Final = re.compile("[A-Za-z]{2}")
MOBILE: Final = re.compile(r"mobi|android|iphone|ipad|ipod", re.IGNORECASE)
PAGES: Final = (
    ("product", re.compile(r"/(?:products?|p|item|dp)/[^/]")),
    ("basket", re.compile(r"/(?:cart|basket|bag|checkouts?)(?:/|$)")),
    ("list", re.compile(r"/(?:collections?|categor(?:y|ies)|product-category|shop|search)(?:/|$)")),
)
SEARCH: Final = re.compile(r"\b(?:google|bing|duckduckgo|baidu|yandex|ecosia|yahoo|sogou|naver)\.")
SOCIAL: Final = re.compile(
    r"\b(?:facebook|instagram|pinterest|tiktok|reddit|youtube|linkedin|weibo|xiaohongshu)\.|^t\.co$"
)
PAID: Final = frozenset({"gclid", "gbraid", "wbraid", "msclkid", "fbclid", "ttclid"})
PAID_MEDIA: Final = frozenset({"cpc", "ppc", "paid", "paid_social", "paidsocial", "display", "ads"})


class ExposureTraits(NamedTuple):
    """What was known; None: it was not."""

    device: str | None = None  # phone, computer
    page: str | None = None  # home, product, basket, list, other
    source: str | None = None  # direct, shop, search, social, paid, mail, other
    language: str | None = None  # en, zh, …
    been_before: str | None = None  # yes, no


UNKNOWN: Final = ExposureTraits()


def traits_of(
    *,
    user_agent: str | None,
    page: str | None,
    referrer: str | None = None,
    language: str | None = None,
    been_before: bool | None = None,
) -> ExposureTraits:
    """What a browser's first request tells.

    >>> traits_of(user_agent="Mozilla/5.0 (iPhone; …) Mobile/15E148", language="zh-CN",
    ...     page="https://shop.example/products/mug?gclid=x", referrer="", been_before=False)
    ExposureTraits(device='phone', page='product', source='paid', language='zh', been_before='no')
    """
    return ExposureTraits(
        device=None if not user_agent else "phone" if MOBILE.search(user_agent) else "computer",
        page=_page(page),
        source=_source(page, referrer),
        language=_language(language),
        been_before=None if been_before is None else "yes" if been_before else "no",
    )


def _language(told: str | None) -> str | None:
    """Two letters of the alphabet: so there are few, whatever a browser sends."""
    found = LANGUAGE.match(told or "")
    return found[0].lower() if found else None


def _page(address: str | None) -> str | None:
    if not address:
        return None
    path = _parts(address).path.lower()
    if path in ("", "/"):
        return "home"
    return next((kind for kind, pattern in PAGES if pattern.search(path)), "other")


def _source(page: str | None, referrer: str | None) -> str | None:
    """Where somebody came from: what the address says of itself, else the page before."""
    if page is None and referrer is None:
        return None
    query = {name.lower(): values for name, values in parse_qs(_parts(page or "").query).items()}
    medium = query.get("utm_medium", [""])[0].lower()
    if PAID & query.keys() or medium in PAID_MEDIA:
        return "paid"
    if medium in ("email", "newsletter"):
        return "mail"
    if referrer is None:
        return None
    host = _parts(referrer).netloc.lower()
    if not host:
        return "direct"
    if host == _parts(page or "").netloc.lower():
        return "shop"
    return "search" if SEARCH.search(host) else "social" if SOCIAL.search(host) else "other"


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # an address with half of a bracket
        return SplitResult("", "", "", "", "")
