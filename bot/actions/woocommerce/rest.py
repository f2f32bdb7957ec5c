"""WooCommerce's REST API (v3): asks one address, and tells a refusal from no answer."""

from typing import Any, Final

import httpx

from bot.actions.back_office import BackOfficeAway, BackOfficeRefused

TIMEOUT_S: Final = 8.0  # a shopper waits for it


class WooRest:
    """The REST API of one shop."""

    def __init__(
        self,
        shop: str,
        key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """`key` may read and write, ck_…:cs_…; `transport` stands in for the network in tests."""
        name, _, secret = key.partition(":")
        self._http = httpx.Client(
            base_url=f"{shop.rstrip('/')}/wp-json/wc/v3/",
            auth=(name, secret),
            timeout=timeout_s,
            transport=transport,
        )

    def get(self, path: str, **params: Any) -> Any:
        """What stands at an address; None: nothing does."""
        try:
            return self._ask("GET", path, params=params)
        except BackOfficeRefused as refused:
            if refused.code == "not_found":
                return None
            raise BackOfficeAway(str(refused)) from None

    def put(self, path: str, body: Any) -> Any:
        """Change it."""
        return self._ask("PUT", path, json=body)

    def post(self, path: str, body: Any) -> Any:
        """Add to it.

        Raises:
            BackOfficeRefused: WooCommerce, or the payment gateway behind it, refused.
            BackOfficeAway: no answer.
        """
        return self._ask("POST", path, json=body)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        try:
            answer = self._http.request(method, path, **sent)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise BackOfficeAway(f"WooCommerce, {method} {path}: {error}") from None
        if answer.is_success:
            return told
        code = str(told.get("code", "")) if isinstance(told, dict) else ""
        if answer.status_code == 404:
            raise BackOfficeRefused("not_found", code)
        # WooCommerce answers 500 where a gateway refuses a refund, and names it.
        named = code.startswith("woocommerce_rest_")
        if answer.status_code in (401, 403, 429) or (answer.status_code >= 500 and not named):
            raise BackOfficeAway(f"WooCommerce, {method} {path}: {answer.status_code} {code}")
        raise BackOfficeRefused("shop_refused", code)
