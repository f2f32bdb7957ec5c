"""The signed back office API (HMAC, idempotency keys, dry runs): an executor for any shop."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

import httpx
from pydantic import TypeAdapter, ValidationError

from bot.actions.back_office import (
    ActionCall,
    BackOfficeAway,
    BackOfficeRefused,
    CustomerAccount,
    PlacedOrder,
    ProductOffer,
)

TIMEOUT_S: Final = 8.0  # a shopper waits for it
ADDRESSES: Final = {
    "cancel_order": "/v1/orders/{order_id}/cancel",
    "change_order_address": "/v1/orders/{order_id}/address",
    "change_payment": "/v1/orders/{order_id}/payment",
    "change_items": "/v1/orders/{order_id}/items",
    "return_items": "/v1/orders/{order_id}/returns",
    "exchange_items": "/v1/orders/{order_id}/exchanges",
    "change_customer_address": "/v1/customers/{customer_id}/address",
    "resend_email": "/v1/orders/{order_id}/email",
}


def _same_place(now: Any, told: Mapping[str, Any]) -> bool:
    """Whether two addresses have the same street and ZIP code, however the shop writes them."""
    return isinstance(now, dict) and all(
        str(now.get(name, "")).split() and str(now[name]).casefold() == str(told[name]).casefold()
        for name in ("address1", "zip")
    )


# How an order, or a customer, looks once an action is done: by what the API says of it.
STANDS: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bool]]] = {
    "cancel_order": lambda now, _: now.get("status") == "cancelled",
    "change_order_address": lambda now, told: _same_place(
        now.get("shipping_address"), told["address"]
    ),
    "change_payment": lambda now, told: any(
        each.get("payment_method_id") == told["payment_method_id"]
        for each in now.get("payments") or ()
    ),
    "change_items": lambda now, told: (
        {each["new_sku"] for each in told["changes"]}
        <= {line.get("sku") for line in now.get("lines") or ()}
    ),
    "return_items": lambda now, _: now.get("status") != "delivered",
    "exchange_items": lambda now, _: now.get("status") != "delivered",
    "change_customer_address": lambda now, told: _same_place(now.get("address"), told["address"]),
}
T = TypeVar("T")
_CUSTOMER: Final = TypeAdapter(CustomerAccount)
_ORDERS: Final = TypeAdapter(tuple[PlacedOrder, ...])
_PRODUCT: Final = TypeAdapter(ProductOffer)


class SignedBackOffice:
    """The back office behind one base address and one shared secret."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        clock: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = TIMEOUT_S,
        addresses: Mapping[str, str] = ADDRESSES,
    ) -> None:
        """`transport` stands in for the network in tests; `addresses`: where actions are posted."""
        self._addresses = addresses
        self._secret = secret.encode()
        self._clock = clock
        self._http = httpx.Client(base_url=url.rstrip("/"), timeout=timeout_s, transport=transport)

    @property
    def can(self) -> Collection[str]:
        """What has an address there."""
        return self._addresses.keys()

    def customer_by_email(self, email: str) -> CustomerAccount | None:
        """Who has this e-mail."""
        return self._read(_CUSTOMER, "/v1/customers?" + urlencode({"email": email}))

    def customer_by_name(self, first: str, last: str, postcode: str) -> CustomerAccount | None:
        """Who has this name, and this postcode in their account."""
        asked = {"first_name": first, "last_name": last, "zip": postcode}
        return self._read(_CUSTOMER, "/v1/customers?" + urlencode(asked))

    def customer(self, customer_id: str) -> CustomerAccount | None:
        """The customer as they are now."""
        return self._read(_CUSTOMER, f"/v1/customers/{_part(customer_id)}")

    def orders(self, customer_id: str) -> tuple[PlacedOrder, ...]:
        """All their orders as they are now."""
        return self._read(_ORDERS, f"/v1/customers/{_part(customer_id)}/orders") or ()

    def product(self, product_id: str) -> ProductOffer | None:
        """A product with its variants."""
        return self._read(_PRODUCT, f"/v1/products/{_part(product_id)}")

    def dry_run(self, call: ActionCall) -> dict[str, Any]:
        """What the call would do; nothing is written."""
        path, body = self._addressed(call)
        return self._outcome(self._send("POST", path + "?dry_run=1", body))

    def execute(
        self,
        call: ActionCall,
        *,
        seen: Mapping[str, Any],
        key: str,
        actor: str,
    ) -> dict[str, Any]:
        """Carry the call out once a key; done is what the order says afterwards."""
        path, body = self._addressed(call)
        headers = {"Idempotency-Key": key, "X-Shopclerk-Actor": actor}
        outcome = self._outcome(self._send("POST", path, body, headers))
        if not self._stands(call):
            raise BackOfficeAway(f"{call.name} was answered, but does not stand in the order")
        return outcome

    def _stands(self, call: ActionCall) -> bool:
        """Whether the order, read again, is as the call wanted it."""
        if call.name not in STANDS:
            return True  # an action of the shop's own: its answer is all there is
        path = self._addressed(call)[0].rpartition("/")[0]
        try:
            found = self._send("GET", path)
        except BackOfficeRefused as gone:
            raise BackOfficeAway(str(gone)) from None
        return isinstance(found, dict) and STANDS[call.name](found, call.arguments)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _read(self, kind: TypeAdapter[T], path: str) -> T | None:
        try:
            found = self._send("GET", path)
        except BackOfficeRefused as refused:
            if refused.code.endswith("not_found"):
                return None
            raise BackOfficeAway(str(refused)) from None
        try:
            return kind.validate_python(found)
        except ValidationError as wrong:
            fields = [error["loc"] for error in wrong.errors()]
            raise BackOfficeAway(f"{path.partition('?')[0]} gives no {fields}") from None

    def _send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        raw = b"" if body is None else json.dumps(body).encode()
        stamp = str(int(self._clock().timestamp()))
        signed = {
            "Content-Type": "application/json",
            "X-Shopclerk-Timestamp": stamp,
            "X-Shopclerk-Signature": signature(self._secret, stamp, method, path, raw),
        }
        try:
            answer = self._http.request(
                method, path, content=raw, headers={**signed, **(headers or {})}
            )
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise BackOfficeAway(f"{method} {path.partition('?')[0]}: {error}") from None
        if answer.is_success:
            return told
        code = told.get("error", "") if isinstance(told, dict) else ""
        # What says nothing of the action itself may be otherwise in a minute, or once it is mended.
        if answer.status_code in (401, 429) or answer.status_code >= 500 or not code:
            raise BackOfficeAway(f"{method} {path.partition('?')[0]}: {answer.status_code} {code}")
        raise BackOfficeRefused(code, str(told.get("detail", "")))

    def _addressed(self, call: ActionCall) -> tuple[str, dict[str, Any]]:
        """The call's address, and what is left of its arguments for the body."""
        body = dict(call.arguments)
        address = self._addresses[call.name]
        named = "customer_id" if "{customer_id}" in address else "order_id"
        return address.format(**{named: _part(str(body.pop(named)))}), body

    @staticmethod
    def _outcome(told: Any) -> dict[str, Any]:
        outcome = told.get("outcome") if isinstance(told, dict) else None
        if not isinstance(outcome, dict):
            raise BackOfficeAway("the back office's answer has no outcome")
        return outcome


def signature(secret: bytes, stamp: str, method: str, path: str, body: bytes) -> str:
    """What a request is signed with: stamp, method, address and raw body.

    >>> signature(b"s", "1", "GET", "/v1/orders/1", b"")
    '0lwoQdWRW8TvFKCFm/bfvV/RJXWkdsSy/elx6akCfOI='
    """
    signed = hmac.digest(secret, f"{stamp}.{method} {path}.".encode() + body, hashlib.sha256)
    return base64.b64encode(signed).decode()


def _part(text: str) -> str:
    return quote(text, safe="")
