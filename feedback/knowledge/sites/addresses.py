"""Web addresses: one spelling for each page, and which of them are worth reading."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from feedback.db import FeedbackError

MOST_CHARS: Final = 500  # longer ones are made by machines
MOST_REPEATS: Final = 2  # /a/b/a/b/a/b: a site that links into itself without an end
# What only says where a visitor came from.
TRACKING = re.compile(r"utm_\w+|gclid|fbclid|mc_[ce]id|ref|referrer|source|_ga|_gl|srsltid", re.I)
# Pages that hold no knowledge: of one shopper, of products (the catalogue has them), of machines.
LEFT_OUT = re.compile(
    r"/(?:cart|basket|checkouts?|account|my-account|customer|login|log-in|signin|sign-in|register"
    r"|signup|logout|search|wishlist|compare|admin|wp-admin|wp-login\.php|wp-json|feed|rss|cdn-cgi)"
    r"(?:/|$)|^/(?:[a-z]{2}(?:-[a-z]{2})?/)?products?/|^/(?:collections?|product-category|cdn|api)/",
    re.IGNORECASE,
)
OTHER_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|mp4|webm|mp3|zip|gz|css|js|json|xml|woff2?|exe|dmg|xlsx?|pptx?)$",
    re.IGNORECASE,
)


class NoWebAddress(FeedbackError):
    """What was named is no web address."""


def normal_url(written: str, base: str = "") -> str | None:
    """The one spelling of a page's address; None: it leads to no page of the web.

    >>> normal_url("../Help?utm_source=x&b=2#top", "HTTPS://Shop.example:443/en/start")
    'https://shop.example/Help?b=2'
    >>> normal_url("mailto:a@shop.example") is normal_url("//") is None
    True
    """
    try:
        parts = urlsplit(urljoin(base, written.strip()))
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in ("http", "https") or not host or len(written) > MOST_CHARS:
        return None
    usual = {"http": 80, "https": 443}[scheme]
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, usual) else f"{shown}:{port}"
    kept = [(name, said) for name, said in parse_qsl(parts.query) if not TRACKING.fullmatch(name)]
    path = re.sub(r"/{2,}", "/", parts.path) or "/"
    path = "".join(char if char.isprintable() and char != " " else "%20" for char in path)
    return urlunsplit((scheme, netloc, path, urlencode(kept), ""))


def site_url(written: str) -> str:
    """The address as the owner named it, spelled out.

    >>> site_url("shop.example"), site_url("http://localhost:8000/help/")
    ('https://shop.example/', 'http://localhost:8000/help/')

    Raises:
        NoWebAddress: it is none.
    """
    url = normal_url(written if "://" in written else f"https://{written}")
    if url is None or "@" in urlsplit(url).netloc:
        raise NoWebAddress(
            f"{written!r:.80} is no web address; write it like https://shop.example/"
        )
    return url


def is_site(url: str) -> bool:
    """Whether an address stands for all pages below it, and not for one page.

    >>> is_site("https://shop.example/help/"), is_site("https://shop.example/help")
    (True, False)
    """
    parts = urlsplit(url)
    return parts.path.endswith("/") and not parts.query


def is_same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one host and port; with and without www. they are."""
    return _host(one) == _host(other)


def is_below(url: str, site: str) -> bool:
    """Whether a page belongs to a site.

    >>> is_below("https://www.shop.example/help/a", "https://shop.example/help/")
    True
    >>> is_below("https://shop.example/jobs", "https://shop.example/help/")
    False
    """
    return is_same_host(url, site) and urlsplit(url).path.startswith(urlsplit(site).path)


def is_worth_reading(url: str) -> bool:
    """Whether a page may hold what shoppers ask for.

    >>> is_worth_reading("https://a.example/pages/returns"), is_worth_reading("https://a.example/cart")
    (True, False)
    """
    path = urlsplit(url).path
    if LEFT_OUT.search(path) or OTHER_FILES.search(path):
        return False
    steps = [step for step in path.split("/") if step]
    return all(steps.count(step) <= MOST_REPEATS for step in steps)


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
