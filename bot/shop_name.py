"""The shop's name: as its owner says, else by what the store holds and where it is."""

import contextlib
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from feedback.db import Cached, StoreUnreadable
from feedback.demo_shop import DemoShop

DEMO_NAME: Final = "Juniper Lane"
NEUTRAL: Final = "our shop"
LOOK_SECONDS: Final = 2.0  # between two looks whether it is the demo shop still


class ShopName:
    """The shop's name, asked for whenever it is told: an import ends the demo shop meanwhile."""

    def __init__(
        self, said: str | None, address: str, demo: DemoShop, look_every: float = LOOK_SECONDS
    ) -> None:
        """`said` by the owner; `address` of the shop, which names it where nobody does."""
        self._said = said
        self._host = host_name(address)
        self._is_demo = Cached(demo.is_open, look_every)

    def __call__(self) -> str:
        """The name; never the demo shop's in a real one."""
        if self._said is not None:
            return self._said
        with contextlib.suppress(StoreUnreadable):  # told by whatever else needs the store
            if self._is_demo():
                return DEMO_NAME
        return self._host


def host_name(address: str) -> str:
    """The host of an address, as people would say it.

    >>> host_name("https://www.wool.example/shop"), host_name("http://127.0.0.1:8000")
    ('wool.example', 'our shop')
    """
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    try:
        ip_address(host)
    except ValueError:
        return host if "." in host else NEUTRAL
    return NEUTRAL
