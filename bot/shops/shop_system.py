"""`ShopSystem`: what the product knows of a shop system that reports orders.

Each system stands in a folder of its own, which holds one of these, and is listed in `registry`.
Nothing else names it: settings, webhooks, `check`, reconciliation and metrics go through the list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from bot.shops.intake import Intake, Outcome
from bot.shops.shop_setting import ShopSetting
from feedback.knowledge import ShopPages

MEGABYTE: Final = 1_000_000


class WebhookRequest(NamedTuple):
    """One request of a shop system's webhook, before its signature is checked."""

    body: bytes
    headers: Mapping[str, str]  # names in whichever case
    at: datetime

    def header(self, *names: str) -> str:
        """The first of these headers that was sent, "" where none was."""
        return next(filter(None, (self.headers.get(name) for name in names)), "")


class ShopOrders(Protocol):
    """A shop's API, as far as it is asked for orders."""

    def changed_since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Orders changed since then, the longest unchanged first.

        Raises:
            ShopRefused: the shop does not answer, or not with orders.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class ShopApi(NamedTuple):
    """Where orders are fetched that a webhook lost (reconciliation), and what the shop wrote."""

    settings: tuple[ShopSetting, ...]  # all of them are needed
    connect: Callable[[Mapping[str, str]], ShopOrders]  # is given their values by name
    take: Callable[[Intake, dict[str, Any]], Outcome]  # one order out of `changed_since`
    pages: Callable[[Mapping[str, str]], ShopPages] | None = None  # None: it gives no pages


class ConnectedShop(NamedTuple):
    """A shop whose API can be asked for orders."""

    source: str
    orders: ShopOrders
    take: Callable[[Intake, dict[str, Any]], Outcome]


@dataclass(frozen=True)
class ShopSystem:
    """A shop system, named after the source that its orders are stored under.

    Attributes:
        name: The source of its orders; its webhook's path and its label in metrics, too.
        about: What its webhook takes, for the OpenAPI document.
        secret: The setting whose value signs its webhooks.
        headers: What its webhooks say in headers, for the OpenAPI document; the signature first.
        check: Raises `NotSigned` for a delivery that was not signed with the secret.
        take: Takes in a delivery whose signature is right; raises `BadShape` for a wrong field.
        is_ping: Whether a delivery is the unsigned trial that some systems send; it is answered.
        body_bytes: The most that is read of a delivery.
        api: Where lost orders are fetched; None: the system has no list of changed orders.
        order_page: Of the settings' values and an order's id the order's page in the shop's admin;
            "" where it has none, or the shop's address is not set.
    """

    name: str
    about: str
    secret: ShopSetting
    headers: tuple[str, ...]
    check: Callable[[str, WebhookRequest], None]
    take: Callable[[Intake, WebhookRequest], Outcome]
    is_ping: Callable[[WebhookRequest], bool] = lambda _: False
    body_bytes: int = MEGABYTE
    api: ShopApi | None = None
    order_page: Callable[[Mapping[str, str], str], str] = lambda values, order_id: ""

    @property
    def path(self) -> str:
        """The address of its webhook."""
        return f"/webhooks/{self.name}"

    @property
    def settings(self) -> tuple[ShopSetting, ...]:
        """All its settings."""
        return (self.secret, *(self.api.settings if self.api else ()))

    def gives_pages(self, values: Mapping[str, str]) -> bool:
        """Whether its API gives what the shop has written, and all is set that it needs."""
        return self.api is not None and self.api.pages is not None and self._is_set(values)

    def pages(self, values: Mapping[str, str]) -> ShopPages | None:
        """Its pages, policies and posts; None where it gives none, or not all is set."""
        if self.api is None or self.api.pages is None or not self._is_set(values):
            return None
        return self.api.pages(values)

    def connected(self, values: Mapping[str, str]) -> ConnectedShop | None:
        """The shop's API; None where there is none, or not all that it needs is set."""
        if self.api is None or not self._is_set(values):
            return None
        return ConnectedShop(self.name, self.api.connect(values), self.api.take)

    def _is_set(self, values: Mapping[str, str]) -> bool:
        """Whether all is told that its API needs."""
        return self.api is not None and all(one.name in values for one in self.api.settings)
