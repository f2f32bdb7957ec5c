"""Grading of a turn: right, half right, confidently wrong, or a person called for nothing.

A turn's `ok` says what is right; anything that a good human clerk could defend is:

    replies   replies of the book; `must`: a pattern that their text must hold
    fact      a pattern: any answer (or card's title) that holds it is right; `facts`: each of them
    handover  true: handing over is right
    ask       questions back that are right: both, number, email, not_found, no_products, product
    prod      cards are right if: any_of / first_of / all_of (products), none_of, max_price,
              min_price, exactly (all of these among the cards)
    choices   true: offering any choices is right
    must_not  a pattern that no right answer holds
    half_*    on topic, but does not answer

Choices that hold one of the right replies are half right.
"""

import re
from collections import Counter

OUTCOMES = (
    "right", "half_choice", "half_topic", "wrong_confident", "wrong_ask", "wrong_choices",
    "needless_handover",
)  # fmt: skip
MOST_REPLIES = 3  # who says everything answers nothing


def outcome(ok, reply):
    """One of OUTCOMES for the reply, as the chat's API has it."""
    kind, cards = reply["kind"], reply["products"]
    ids = set(reply["reply_ids"])
    whole = "\n".join([reply["text"], *(f"{card['title']} {card['price']}" for card in cards)])
    if len(ids) > MOST_REPLIES:
        return "wrong_confident"
    if kind == "handover":
        if ok.get("handover") or _holds(ok.get("fact"), reply["text"], plain="."):
            return "right"
        return "half_topic" if ok.get("half_handover") else "needless_handover"
    if kind == "choices":
        return _choices(ok, reply)
    if kind == "ask":
        return _ask(ok, reply)
    if not _holds(ok.get("must_not"), whole) and (said := _said(ok, ids, cards, whole)):
        return said
    return "wrong_confident"


def _said(ok, ids, cards, whole):
    if _holds(ok.get("fact"), whole):
        return "right"
    if ok.get("facts") and all(_holds(fact, whole) for fact in ok["facts"]):
        return "right"
    if cards and _fit(ok.get("prod"), cards):
        return "right"
    wanted = ids & set(ok.get("replies", ()))
    if wanted and (not ok.get("must") or _holds(ok["must"], whole)):
        return "right"
    half = (
        wanted or ids & set(ok.get("half_replies", ())) or _holds(ok.get("half_fact"), whole)
        or (cards and _fit(ok.get("half_prod"), cards))
    )  # fmt: skip
    return "half_topic" if half else None


def _choices(ok, reply):
    if ok.get("choices"):
        return "right"
    return "half_choice" if right_choice(ok, reply) else "wrong_choices"


def right_choice(ok, reply):
    """The button that a patient shopper presses; None where none leads on."""
    wanted = [*ok.get("replies", ()), *(["product_recommend"] if ok.get("prod") else [])]
    wanted += ok.get("half_replies", ())
    found = [choice for choice in reply["choices"] if choice["reply_id"] in wanted]
    return min(found, key=lambda choice: wanted.index(choice["reply_id"]), default=None)


def _ask(ok, reply):
    asked = set(reply["asks"])
    named = {"order_number": "number", "email": "email"}
    ask = next((named.get(each, each) for each in sorted(asked)), "no_products")
    if {"order_number", "email"} <= asked:
        ask = "not_found" if "not_found" in ok.get("ask", ()) else "both"
    if ask in ok.get("ask", ()):
        return "right"
    return "half_topic" if ask in ok.get("half_ask", ()) else "wrong_ask"


def _fit(wanted, cards):
    if not wanted:
        return False
    ids = [card["product_id"] for card in cards]
    prices = [price for card in cards if (price := _price(card["price"])) is not None]
    most, least = wanted.get("max_price"), wanted.get("min_price")
    return not (
        ("any_of" in wanted and not set(ids) & set(wanted["any_of"]))
        or ("first_of" in wanted and ids[0] not in wanted["first_of"])
        or set(ids) - set(wanted.get("all_of", ids))
        or set(ids) & set(wanted.get("none_of", ()))
        or set(wanted.get("exactly", ())) - set(ids)
        or (most is not None and any(price > float(most) for price in prices))
        or (least is not None and any(price < float(least) for price in prices))
    )


def _price(written):
    found = re.search(r"\d+(?:\.\d+)?", written.replace(",", ""))
    return float(found[0]) if found else None


def _holds(pattern, text, *, plain=None):
    if plain is not None:
        return pattern == plain
    return bool(pattern) and re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


def shares(rows):
    """How often each outcome was had, in percent."""
    counted = Counter(row["outcome"] for row in rows)
    return {"turns": len(rows)} | {
        name: round(100 * counted[name] / len(rows), 1) for name in OUTCOMES if rows
    }


def summary(rows):
    """Shares over all turns, by tag, category and language, and of whole conversations."""
    conversations: dict[str, list[bool]] = {}
    for row in rows:
        conversations.setdefault(row["id"], []).append(row["outcome"] == "right")
    whole = [all(turns) for turns in conversations.values()]
    alone = [row for row in rows if not {"ctx", "multi"} & set(row["tags"])]
    tags = sorted({tag for row in rows for tag in row["tags"]})
    return {
        "all": shares(rows),
        "alone": shares(alone),
        "tags": {tag: shares([row for row in rows if tag in row["tags"]]) for tag in tags},
        "categories": {
            name: shares([row for row in rows if row["category"] == name])
            for name in sorted({row["category"] for row in rows})
        },
        "locales": {
            name: shares([row for row in rows if row["locale"] == name])
            for name in sorted({row["locale"] for row in rows})
        },
        "conversations": len(whole),
        "whole": round(100 * sum(whole) / max(1, len(whole)), 1),
        "right_so_far": _right_so_far(conversations.values()),
    }


def _right_so_far(conversations):
    """Of the conversations with so many turns, the share that is right up to there, in percent."""
    longest = max(map(len, conversations), default=0)
    shares_by_turn = []
    for turns in range(1, longest + 1):
        long_enough = [each[:turns] for each in conversations if len(each) >= turns]
        shares_by_turn.append(round(100 * sum(map(all, long_enough)) / len(long_enough), 1))
    return shares_by_turn
