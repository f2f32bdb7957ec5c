"""Payment method a shopper means, among those the customer has."""

import re
from collections.abc import Sequence

from bot.actions.back_office import PaymentMethod
from bot.actions.words import ActionWords


def read_method(
    text: str, methods: Sequence[PaymentMethod], paid_with: str | None, words: ActionWords
) -> tuple[PaymentMethod, ...]:
    """The methods a text may mean; several: it has to be asked, none: nothing was said of it."""
    low = _without_refused(text.lower(), words)
    by_digits = [
        m for m in methods if m.last_four and re.search(rf"(?<!\d){m.last_four}(?!\d)", low)
    ]
    if by_digits:
        return tuple(by_digits)
    by_id = [m for m in methods if m.id.lower() in low]
    if by_id:
        return tuple(by_id)
    by_brand = [m for m in methods if m.brand and m.brand.lower() in low]
    if by_brand:
        return tuple(by_brand)
    named = {kind for kind, said in words.speech.payment_kinds.items() if re.search(said, low)}
    if "gift_card" in named and "credit_card" in named:
        named.discard("credit_card" if "credit" not in low and "信用" not in low else "")
    found = tuple(m for m in methods if m.kind in named)
    if found:
        own = tuple(m for m in found if m.id == paid_with)
        return own if own and len(found) > 1 else found
    if re.search(words.speech.original_method, low):
        return tuple(m for m in methods if m.id == paid_with)
    return ()


def _without_refused(low: str, words: ActionWords) -> str:
    """The text without ways of paying that are named to be left: "instead of the gift card"."""
    for said in words.speech.payment_kinds.values():
        low = re.sub(rf"{words.speech.instead_of}\s*(?:the |my |a )?(?:{said})", " ", low)
    return low


def names_a_kind(text: str, words: ActionWords) -> bool:
    """Whether any way of paying is named, theirs or not."""
    return any(re.search(said, text.lower()) for said in words.speech.payment_kinds.values())


def show_method(method: PaymentMethod, words: ActionWords) -> str:
    """How a method is called: "Visa ending in 1234".

    A gift card's balance is told to its owner alone, so not here.
    """
    kind = words.payment_kinds.get(method.kind, method.kind.replace("_", " "))
    name = f"{method.brand.title()} {kind}".strip() if method.brand else kind
    return f"{name} …{method.last_four}" if method.last_four else name
