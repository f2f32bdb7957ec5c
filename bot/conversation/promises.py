"""Promises in replies: "a colleague will check this one" has to make a card for the staff.

A reply that first asks for something ("send me a photo, and a colleague will …") promises only once
that is sent; one that only says what happens if ("if it hasn't moved, tell me") promises nothing.
"""

import re
from functools import cache
from typing import Final, Literal

from bot.languages import pack_in

Promise = Literal["now", "once told"]
_SENTENCE: Final = re.compile(r"[^.!?。！？]+(?:[.!?](?=\w)[^.!?。！？]*)*[.!?。！？]?")


def promise_of(text: str, locale: str) -> Promise | None:
    """What a reply promises of the staff.

    >>> promise_of("It is packed. A colleague will check this one and write to you.", "en")
    'now'
    >>> promise_of("Please send me a photo. A colleague will send the right item.", "en")
    'once told'
    >>> promise_of("Send me the address. If it hasn't left, a colleague will change it.", "en")
    'once told'
    >>> promise_of("If it hasn't moved for a week, tell me and a colleague will ask.", "en")
    """
    promised, asked, condition = _patterns(locale)
    found: Promise | None = None
    asks = False
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if condition.match(sentence):
            if asks and promised.search(sentence):
                found = found or "once told"
            continue
        asks = asks or bool(asked.search(sentence))
        if promised.search(sentence):
            found = "once told" if asks else (found or "now")
    return found


def takes_details(text: str, locale: str) -> bool:
    """Whether a reply asks for something that a colleague then acts on, be it on a condition.

    >>> takes_details("Check the spelling. If it is right, send me the code: a colleague will"
    ...     " check it.", "en")
    True
    """
    promised, asked, _ = _patterns(locale)
    return bool(asked.search(text) and promised.search(text))


def asks_for_number(text: str, locale: str) -> bool:
    """Whether a reply asks for an order's number, to look it up and not for a colleague.

    >>> asks_for_number("If you lost it, give me your order number and I'll look it up.", "en")
    True
    >>> asks_for_number("Send me your order number, and a colleague will check.", "en")
    False
    """
    promised, asked, _ = _patterns(locale)
    order = pack_in(locale).language.entities.order_before or "(?!)"
    said = [match[0] for match in _SENTENCE.finditer(text)]
    asking = [s for s in said if asked.search(s) and re.search(order, s, re.IGNORECASE)]
    return bool(asking) and not any(map(promised.search, said))


@cache
def _patterns(locale: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = pack_in(locale).promises
    patterns = (words.promised, words.asked, words.condition)
    promised, asked, condition = (re.compile(each or "(?!)", re.IGNORECASE) for each in patterns)
    return promised, asked, condition
