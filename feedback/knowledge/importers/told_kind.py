"""Tells what an imported record really is, for files that were given to the wrong import."""

from collections.abc import Mapping
from typing import Any, Final

# The keys that a kind has and no kind above it; how it is imported; what it is.
KINDS: Final[tuple[tuple[frozenset[str], str, str], ...]] = (
    (frozenset({"question", "answer"}), "knowledge", "questions with answers"),
    (frozenset({"question", "reply_id"}), "questions", "questions"),
    (frozenset({"reply_id", "text"}), "replies", "replies"),
    (frozenset({"turns"}), "dialogues", "dialogues"),
    (frozenset({"comments", "requester_id"}), "dialogues", "Zendesk's tickets"),
    (frozenset({"conversation_parts"}), "dialogues", "Intercom's tickets"),
    (frozenset({"messages"}), "dialogues", "a helpdesk's tickets"),
    (frozenset({"conversations"}), "dialogues", "Freshdesk's tickets"),
    (frozenset({"order_id", "total"}), "orders", "orders"),
    (frozenset({"financial_status", "lineitem_name"}), "", "Shopify's export of orders"),
    (frozenset({"type", "name", "regular_price"}), "products", "WooCommerce's products"),
    (frozenset({"handle", "variant_price"}), "products", "Shopify's products"),
    (frozenset({"handle", "variants"}), "products", "Shopify's products"),
    (frozenset({"availability", "link"}), "products", "the products of a Merchant feed"),
    (frozenset({"base", "rate"}), "rates", "exchange rates"),
    (frozenset({"short_code"}), "replies", "canned responses"),
    (frozenset({"actions"}), "replies", "macros"),
    (frozenset({"name", "value"}), "facts", "facts"),
)
# Its rows name no time of a change, so that an old file would overwrite newer news.
BY_WEBHOOK: Final = "connect the webhooks; shopclerk reconcile --since DAY fetches older orders"


def told_kind(fields: Mapping[str, Any], asked: str) -> str | None:
    """One sentence on what a record is, where it is another kind than the one asked for.

    >>> told_kind({"question": "where is it", "reply_id": "order_status"}, "replies")
    'these are questions: shopclerk import questions FILE'
    """
    found = [(kind, said) for keys, kind, said in KINDS if keys <= fields.keys()]
    if not found or any(kind == asked for kind, _ in found):
        return None
    kind, said = found[0]
    return f"these are {said}: " + (f"shopclerk import {kind} FILE" if kind else BY_WEBHOOK)
