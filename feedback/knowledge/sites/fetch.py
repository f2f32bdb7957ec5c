"""HTTP fetching for reading sites: bounded, patient with 429, each redirect checked."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

import httpcore
import httpx

from feedback.db import FeedbackError
from feedback.knowledge.documents.read import MOST_BYTES
from feedback.knowledge.sites.addresses import is_same_host, normal_url
from feedback.knowledge.sites.guard import GuardedConnections, Resolve, resolve

AGENT: Final = "shopclerk"
USER_AGENT: Final = f"Mozilla/5.0 (compatible; {AGENT}; reads the shop's own pages)"
READ_S: Final = 10.0  # without a further byte
PAGE_S: Final = 30.0  # for a whole page, however slowly it drips
REDIRECTS: Final = 5
WAITS: Final = 3  # for one page
LONGEST_WAIT_S: Final = 120.0
FIRST_WAIT_S: Final = 5.0  # where a server says 429 and not how long
ACCEPT: Final = "text/html, text/markdown, text/plain, application/pdf, */*;q=0.5"


class NotFetched(FeedbackError):
    """A page could not be had now; what is known of it holds."""


class NoAnswer(NotFetched):
    """The server does not answer, or only with an error of its own."""


class TooBusy(NotFetched):
    """The site asks again and again to be left alone."""


class Gone(FeedbackError):
    """There is no such page any more."""


class LeadsElsewhere(FeedbackError):
    """A page leads to another host."""


class Fetched(NamedTuple):
    """What a server answered; `content` is empty where nothing changed (`is_new` False)."""

    url: str
    content: bytes
    content_type: str
    etag: str
    last_modified: str
    is_new: bool = True


class Fetcher:
    """Fetches pages of one host after the other."""

    def __init__(
        self,
        *,
        local: Collection[str] = (),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Callable[[], datetime],
        resolve: Resolve = resolve,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        """Prepare to fetch.

        Args:
            local: hosts with ports that may be in a private network.
            sleep: waits.
            monotonic: measures time limits.
            clock: the time, for a `Retry-After` that names a date.
            resolve: finds a name's addresses.
            network: opens connections; for tests.
        """
        self._sleep, self._monotonic, self._clock = sleep, monotonic, clock
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=network or GuardedConnections(local, resolve),
            max_connections=2,
        )

    def get(
        self, url: str, *, etag: str = "", last_modified: str = "", most_bytes: int = MOST_BYTES
    ) -> Fetched:
        """Fetch a page; `etag` and `last_modified` are those of the last time.

        Raises:
            Gone: 404, 410.
            LeadsElsewhere: it redirects to another host.
            PrivateAddress: it is, or redirects to, a machine of a private network.
            TooBusy: 429 or 503, again and again.
            NotFetched: no answer in time, too large, an error of the server's.
        """
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        waited = hops = 0
        at = url
        while True:
            status, headers, content = self._ask(at, asked, most_bytes)
            if status in (429, 503) and waited < WAITS:
                waited += 1
                self._sleep(_wait_of(headers, waited, self._clock()))
            elif status in (301, 302, 303, 307, 308):
                hops += 1
                at = _next_hop(at, headers.get("location", ""), hops)
            else:
                return _fetched(at, status, headers, content)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _ask(
        self, url: str, asked: Mapping[str, str], most_bytes: int
    ) -> tuple[int, dict[str, str], bytes]:
        # Not compressed: a small answer may unpack to gigabytes.
        headers: dict[bytes | str, bytes | str] = {
            "User-Agent": USER_AGENT,
            "Accept": ACCEPT,
            "Accept-Encoding": "identity",
            **{name: value for name, value in asked.items() if value},
        }
        limits = dict.fromkeys(("connect", "read", "write", "pool"), READ_S)
        until = self._monotonic() + PAGE_S
        content = bytearray()
        try:
            with self._pool.stream(
                "GET", url, headers=headers, extensions={"timeout": limits}
            ) as answer:
                for part in answer.iter_stream():
                    content += part
                    if len(content) > most_bytes:
                        raise NotFetched(
                            f"it has more than the {most_bytes >> 20} MB that are read; divide it."
                        )
                    if self._monotonic() > until:
                        raise NoAnswer(f"it did not come within {PAGE_S:.0f} s; looked at again.")
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError,
                httpcore.UnsupportedProtocol, OSError, UnicodeError) as failed:  # fmt: skip
            reason = str(failed) or type(failed).__name__
            raise NoAnswer(f"no answer ({reason[:120]}); it is looked at again.") from failed
        said = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in answer.headers
        }
        return answer.status, said, bytes(content)


def _next_hop(at: str, location: str, hops: int) -> str:
    target = normal_url(location, at)
    if target is None or hops > REDIRECTS:
        raise NotFetched(f"it is redirected without an end, or to no page ({location[:80]!r}).")
    if not is_same_host(target, at):
        raise LeadsElsewhere(
            f"it leads to another site, {target[:120]}; import that if it is yours."
        )
    return target


def _fetched(url: str, status: int, headers: Mapping[str, str], content: bytes) -> Fetched:
    if status == 304:
        return Fetched(url, b"", "", "", "", is_new=False)
    if status in (404, 410):
        raise Gone(f"it is no longer there (HTTP {status}).")
    if status in (429, 503):
        raise TooBusy("the site asks to be left alone for now; the rest is read the next time.")
    if status in (401, 403, 407):
        raise NotFetched(f"it may not be read without a login (HTTP {status}).")
    if status != 200:
        raise (NoAnswer if status >= 500 else NotFetched)(
            f"the server answers HTTP {status}; it is looked at again."
        )
    kind = headers.get("content-type", "")
    return Fetched(
        url, content, kind, headers.get("etag", "")[:500], headers.get("last-modified", "")[:100]
    )


def _wait_of(headers: Mapping[str, str], waited: int, now: datetime) -> float:
    """How long to wait: as the server says in seconds or as a date, else longer each time."""
    said = headers.get("retry-after", "").strip()
    seconds = FIRST_WAIT_S * 2 ** (waited - 1)
    if said.isascii() and said.isdigit():
        seconds = float(said)
    elif said:
        try:
            moment: datetime = parsedate_to_datetime(said)
            seconds = (moment.astimezone(UTC) - now).total_seconds()
        except (ValueError, TypeError):
            pass
    return float(min(max(seconds, 0.0), LONGEST_WAIT_S))
