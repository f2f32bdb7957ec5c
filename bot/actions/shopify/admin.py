"""Shopify's Admin GraphQL API: asks one operation, and tells a refusal from no answer."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx

from bot.actions.back_office import BackOfficeAway, BackOfficeRefused

API_VERSION: Final = "2026-07"
TIMEOUT_S: Final = 8.0  # a shopper waits for it
TRIES: Final = 3  # of what Shopify throttles, a second apart: its bucket fills all the time


class QueryTooDear(BackOfficeAway):
    """It asks for more in one query than Shopify answers."""


class NotGranted(BackOfficeAway):
    """The token's scopes, or the shop's plan, do not have it."""


class Throttled(BackOfficeAway):
    """Too much was asked in too short a time."""


_BY_CODE: Final = {
    "MAX_COST_EXCEEDED": QueryTooDear,
    "ACCESS_DENIED": NotGranted,
    "THROTTLED": Throttled,
}


class ShopifyAdmin:
    """The Admin API of one shop."""

    def __init__(
        self,
        shop: str,
        token: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = TIMEOUT_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`shop` is example.myshopify.com; `transport` stands in for the network in tests."""
        base = shop if shop.startswith("http") else f"https://{shop}"
        self._sleep = sleep
        self._path = f"/admin/api/{API_VERSION}/graphql.json"
        self._http = httpx.Client(
            base_url=base.rstrip("/"),
            headers={"X-Shopify-Access-Token": token},
            timeout=timeout_s,
            transport=transport,
        )

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation.

        Raises:
            BackOfficeAway: no answer, or one that says nothing of the order: throttled, a scope
                that the token lacks.
        """
        for _ in range(TRIES - 1):
            try:
                return self._ask(document, variables)
            except Throttled:
                self._sleep(1.0)
        return self._ask(document, variables)

    def _ask(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        name = document.split("(")[0].split()[1]
        sent = {"query": document, "operationName": name, "variables": variables}
        try:
            answer = self._http.post(self._path, json=sent)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise BackOfficeAway(f"Shopify, {name}: {error}") from None
        if not answer.is_success or not isinstance(told, dict) or told.get("errors"):
            errors = told.get("errors") if isinstance(told, dict) else None
            away = _BY_CODE.get(_code(errors), BackOfficeAway)
            raise away(f"Shopify, {name}: {answer.status_code} {_first(errors)}")
        data: dict[str, Any] = told.get("data") or {}
        return data

    def write(self, document: str, **variables: Any) -> dict[str, Any]:
        """What a mutation gives back.

        Raises:
            BackOfficeRefused: Shopify named what forbids it; nothing was written.
            BackOfficeAway: no answer.
        """
        given = next(iter(self.ask(document, **variables).values()), None) or {}
        for key, errors in given.items():
            if key.lower().endswith("usererrors") and errors:
                raise BackOfficeRefused("shop_refused", _first(errors))
        return dict(given)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _code(errors: Any) -> str:
    """The first error's code, which Shopify puts among its extensions."""
    if isinstance(errors, Sequence) and errors and isinstance(errors[0], Mapping):
        return str((errors[0].get("extensions") or {}).get("code", ""))
    return ""


def _first(errors: Any) -> str:
    """The first error's own words; ids and addresses are not in them."""
    if isinstance(errors, Sequence) and not isinstance(errors, str) and errors:
        one = errors[0]
        return str(one.get("message", "") if isinstance(one, Mapping) else one)[:200]
    return str(errors or "")[:200]
