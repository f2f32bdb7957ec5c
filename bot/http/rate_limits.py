"""Rate limits by shopper and by address.

Counted in memory by each process for itself; with `RateWindows`, in the store too, where several
processes serve one shop.
"""

import math
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from typing import Final

from fastapi import Request

from bot.http.config import WebConfig
from bot.http.problems import Problem
from bot.http.proxies import read_address
from feedback.db import RateLimit, RateWindows

MINUTE: Final = 60.0  # seconds
IPV6_NETWORK_BITS = 64  # what one household or server is given; single addresses are free to change
PAGES_PER_MESSAGE = 5


class TooMany(Problem):
    """Somebody has used a window up."""

    def __init__(self, window: str, most: int, wait: float) -> None:
        """Say how long to wait, in seconds."""
        self.window = window
        seconds = max(1, math.ceil(wait))
        super().__init__(
            "too-many-requests",
            f"More than {most} a minute from one {_named(window)}; wait {seconds} s.",
            {"Retry-After": str(seconds)},
        )


class SlidingCounts:
    """Counts a minute that slides: the minute before counts by what of it is left.

    As `RateWindows` does in the store. Called from the event loop alone, so nothing is locked.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        """`timer` is in seconds and never goes back."""
        self._timer = timer
        self._minute = 0.0
        self._now: Counter[tuple[str, str]] = Counter()
        self._before: Counter[tuple[str, str]] = Counter()

    def hit(self, who: tuple[str, str], most: int) -> float | None:
        """Count one more of `who`; where that is past `most`, count nothing: seconds to wait."""
        minute, passed = divmod(self._timer(), MINUTE)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else Counter()
            self._minute, self._now = minute, Counter()
        counted, before = self._now[who], self._before[who]
        if counted + 1 + before * (1 - passed / MINUTE) > most:
            return _left(counted, before, passed, most)
        self._now[who] = counted + 1
        return None


def _left(counted: int, before: int, passed: float, most: int) -> float:
    """Seconds until one more fits: in this minute, or else when this one counts as the last."""
    if counted < most:
        return MINUTE * (1 - (most - counted - 1) / before) - passed
    return MINUTE - passed + MINUTE * max(0.0, 1 - (most - 1) / max(counted, 1))


class Limits:
    """The windows of one process, and the check that fills them."""

    def __init__(
        self,
        config: WebConfig,
        windows: RateWindows | None = None,
        clock: Callable[[], datetime] | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`windows` counts for all processes together, by `clock`."""
        self._shared = (windows, clock) if windows is not None and clock is not None else None
        self._counts = SlidingCounts(timer)
        self._most = {  # a minute
            "shopper": config.shopper_per_minute,
            "address": config.address_per_minute,
            # Pages and clicks: people look around faster than they write.
            "page": config.address_per_minute * PAGES_PER_MESSAGE,
            "login": config.logins_per_minute,
            "mail": config.mails_per_minute,
        }

    def check(self, window: str, who: str) -> None:
        """Count one more of `who` in `window`.

        Raises:
            TooMany: `who` has used the window up; `Retry-After` says when to come back.
        """
        most = self._most[window]
        wait = self._counts.hit((window, who), most)
        if wait is not None:
            raise TooMany(window, most, wait)

    def check_shared(self, *counted: tuple[str, str]) -> None:
        """Count one more of each (window, who) for all processes; it asks the store.

        Raises:
            TooMany: as in `check`.
        """
        if self._shared is None:
            return
        windows, clock = self._shared
        limits = [RateLimit(window, who, self._most[window]) for window, who in counted]
        if used_up := windows.hit(limits, clock()):
            limit, wait = used_up
            raise TooMany(limit.window, limit.most, wait)


def address_of(request: Request) -> str:
    """Whom to count: the sender's address, or their network for IPv6.

    `request.client` is the sender as far as trusted proxies can be believed, see
    `bot.http.middleware`.
    """
    return counted_as(request.client.host) if request.client else "unknown"


def counted_as(host: str) -> str:
    """What an address is counted as: itself, or its network for IPv6."""
    address = read_address(host)
    if address is None:
        return host
    if address.version == 6:
        return str(ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return str(address)


def _named(window: str) -> str:
    return "shopper" if window == "shopper" else "address"
