"""Polling a shop's API: pages of JSON, tried again where the shop is busy, `ShopRefused` at last.

A shop that says "too many requests" is waited for as long as it asks.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import httpx

from feedback.db import FeedbackError

TRIES: Final = 5
LONGEST_WAIT: Final = 60.0  # seconds
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)


class ShopRefused(FeedbackError):
    """The shop's API does not give us what it is asked for."""

    def __init__(self, where: str, reason: str, remedy: str) -> None:
        super().__init__(f"{where} does not give us what it is asked for: {reason}. {remedy}")


def get_page(
    http: httpx.Client,
    where: str,
    url: str,
    params: dict[str, Any] | None,
    sleep: Callable[[float], None],
) -> httpx.Response:
    """One page of the shop's API, asked for up to five times.

    Raises:
        ShopRefused: the shop does not answer, or refuses.
    """
    return ask_patiently(lambda: http.get(url, params=params), where, sleep)


def ask_patiently(
    ask: Callable[[], httpx.Response], where: str, sleep: Callable[[float], None]
) -> httpx.Response:
    """What the shop's API answers, asked up to five times.

    Raises:
        ShopRefused: the shop does not answer, or refuses.
    """
    for attempt in range(1, TRIES + 1):
        try:
            answer = ask()
        except httpx.TransportError as error:
            reason: str = type(error).__name__
            wait = float(2**attempt)
        else:
            if answer.is_success:
                return answer
            if answer.status_code in (401, 403, 404):
                raise ShopRefused(
                    where, f"it answers {answer.status_code}", "Check its address and the key."
                )
            reason = f"it answers {answer.status_code}"
            asked = answer.headers.get("Retry-After", "")
            wait = float(asked) if asked.replace(".", "", 1).isdecimal() else float(2**attempt)
        if attempt < TRIES:
            sleep(min(wait, LONGEST_WAIT))
    raise ShopRefused(where, f"{reason}, {TRIES} times", "It is tried again at the next hour.")


def read_json(where: str, answer: httpx.Response) -> Any:
    """The answer's JSON, amounts as they are written."""
    try:
        return json.loads(answer.content, parse_float=Decimal)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ShopRefused(where, "its answer is not JSON", "Is the address the shop's?") from None


def listed_orders(where: str, answer: Any, key: str) -> list[dict[str, Any]]:
    """The orders that stand under `key`."""
    found = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ShopRefused(where, "its answer holds no list of orders", "Is the address the shop's?")
    return found
