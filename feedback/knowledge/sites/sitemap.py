"""Sitemaps and robots.txt: what a site says of its own pages."""

import contextlib
import gzip
import io
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat

from protego import Protego

from feedback.db import FeedbackError
from feedback.knowledge.sites.addresses import is_same_host
from feedback.knowledge.sites.fetch import AGENT, Fetched, Gone, LeadsElsewhere, NotFetched

MOST_SITEMAPS: Final = 50
MOST_URLS: Final = 50_000  # as the protocol has it for one file
MOST_BYTES: Final = 50 * 1024 * 1024
LONGEST_DELAY_S: Final = 10.0

Get = Callable[[str], Fetched]


class RobotRules:
    """What a site's robots.txt lets us read, how fast, and where its sitemaps are."""

    def __init__(self, text: str) -> None:
        """Read the text of robots.txt; "" lets everything be read."""
        self._rules = Protego.parse(text)

    def may_read(self, url: str) -> bool:
        """Whether a page may be read.

        >>> RobotRules("User-agent: *\\nDisallow: /*/checkout").may_read("https://a.example/de/checkout")
        False
        """
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def delay_s(self) -> float | None:
        """Seconds it wants between two pages; None: it says nothing."""
        said = self._rules.crawl_delay(AGENT)
        return None if said is None else min(float(said), LONGEST_DELAY_S)

    @property
    def sitemaps(self) -> list[str]:
        """Where its sitemaps are."""
        return list(self._rules.sitemaps)


def read_robots(site: str, get: Get) -> RobotRules:
    """A site's robots.txt; a site without one may be read.

    Raises:
        NotFetched: the server does not answer: then nobody knows what may be read.
        PrivateAddress: the site is in a private network.
    """
    try:
        fetched = get(urljoin(site, "/robots.txt"))
    except NotFetched as failed:
        if "without a login" in str(failed):
            return RobotRules("")
        raise
    except (Gone, LeadsElsewhere):
        return RobotRules("")
    is_text = "html" not in fetched.content_type
    return RobotRules(fetched.content.decode("utf-8", "replace") if is_text else "")


def urls_in_sitemaps(site: str, robots: RobotRules, get: Get) -> Iterator[str]:
    """The pages that a site's sitemaps name; none where it has none."""
    waiting = robots.sitemaps or [urljoin(site, "/sitemap.xml")]
    seen: set[str] = set()
    named = 0
    while waiting and len(seen) < MOST_SITEMAPS and named < MOST_URLS:
        at = waiting.pop(0)
        if at in seen or not is_same_host(at, site):
            continue
        seen.add(at)
        try:
            maps, urls = read_sitemap(get(at).content)
        except FeedbackError:
            continue
        waiting += maps
        named += len(urls)
        yield from urls[:MOST_URLS]


def read_sitemap(content: bytes) -> tuple[list[str], list[str]]:
    """The further sitemaps and the pages that a sitemap names; broken ones as far as they go.

    >>> read_sitemap(b"<urlset><url><loc> https://a.example/help </loc></url></urlset>")
    ([], ['https://a.example/help'])
    """
    if content[:2] == b"\x1f\x8b":
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            content = packed.read(MOST_BYTES)
    if not content.lstrip().startswith(b"<"):
        return [], [line for line in content.decode("utf-8", "replace").split() if "://" in line]
    found: dict[str, list[str]] = {"sitemap": [], "url": []}
    path: list[str] = []
    words: list[str] = []

    def start(name: str, _: object) -> None:
        path.append(name.rpartition(":")[2])
        words.clear()

    def end(_: str) -> None:
        if path[-1] == "loc" and len(path) > 1 and path[-2] in found:
            found[path[-2]].append("".join(words).strip())
        path.pop()

    def refuse(*_: object) -> None:
        raise ValueError("a sitemap needs no document type")  # nor entities that grow

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = refuse
    with contextlib.suppress(expat.ExpatError, ValueError):  # what came before the fault holds
        parser.Parse(content, True)
    return found["sitemap"], found["url"]
