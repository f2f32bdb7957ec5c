"""How often a shopper, and an address, may ask.

Counted in memory by each process for itself; with `Windows`, in the store too, where several
processes serve one shop.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from datetime import datetime

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from bot.web.config import WebConfig
from bot.web.problems import Problem
from feedback.windows import Limit, Windows

IPV6_NETWORK_BITS = 64  # what one household or server is given; single addresses are free to change
PAGES_PER_MESSAGE = 5
ADDRESSES_PER_NAME = 4


class Limits:
    """The windows of one process, and the check that fills them."""

    def __init__(
        self,
        config: WebConfig,
        windows: Windows | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`windows` counts for all processes together, by `clock`."""
        self._shared = (windows, clock) if windows is not None and clock is not None else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items = {
            "shopper": RateLimitItemPerMinute(config.shopper_per_minute),
            "address": RateLimitItemPerMinute(config.address_per_minute),
            # Pages and clicks: people look around faster than they write.
            "page": RateLimitItemPerMinute(config.address_per_minute * PAGES_PER_MESSAGE),
            "login": RateLimitItemPerMinute(config.logins_per_minute),
            # Guessers with many addresses share the name they guess at.
            "login name": RateLimitItemPerMinute(config.logins_per_minute * ADDRESSES_PER_NAME),
        }

    def check(self, window: str, who: str) -> None:
        """Count one more of `who` in `window`.

        Raises:
            Problem: `who` has used the window up; `Retry-After` says when to come back.
        """
        item = self._items[window]
        if self._limiter.hit(item, window, who):
            return
        wait = self._limiter.get_window_stats(item, window, who).reset_time - time.time()
        raise _too_many(window, item.amount, wait)

    @property
    def is_shared(self) -> bool:
        """Whether other processes count with us."""
        return self._shared is not None

    def check_shared(self, *counted: tuple[str, str]) -> None:
        """Count one more of each (window, who) for all processes; it asks the store.

        Raises:
            Problem: as in `check`.
        """
        if self._shared is None:
            return
        windows, clock = self._shared
        limits = [Limit(window, who, self._items[window].amount) for window, who in counted]
        if used_up := windows.hit(limits, clock()):
            limit, wait = used_up
            raise _too_many(limit.window, limit.most, wait)


def _too_many(window: str, most: int, wait: float) -> Problem:
    seconds = max(1, math.ceil(wait))
    return Problem(
        "too-many-requests",
        f"More than {most} a minute from one {_named(window)}; wait {seconds} s.",
        {"Retry-After": str(seconds)},
    )


def address_of(request: Request) -> str:
    """Whom to count: the sender's address, or their network for IPv6."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_NETWORK_BITS), strict=False))
    return host


def _named(window: str) -> str:
    return {"shopper": "shopper", "login name": "name"}.get(window, "address")
