"""What shoppers tell of an order: its number and the e-mail it was bought with."""

from collections.abc import Iterable
from typing import NamedTuple

from feedback.entities.read import read_entities


class OrderWords(NamedTuple):
    """What a shopper told of an order; None: not told yet."""

    number: str | None = None
    email: str | None = None


def read_order_words(text: str, *, asked: bool = False) -> OrderWords:
    """Read one turn.

    Args:
        text: What the shopper wrote.
        asked: The clerk has asked for the number: a bare one is meant, as it is beside an e-mail.

    >>> read_order_words("where is order 1001, Ann@Example.com?")
    OrderWords(number='1001', email='Ann@Example.com')
    >>> read_order_words("do you have 500 of them?").number is None
    True
    >>> read_order_words("1001", asked=True).number
    '1001'
    """
    reading = read_entities(text, asked=asked)
    return OrderWords(reading.first("order"), reading.first("email"))


def join_order_words(said: Iterable[OrderWords]) -> OrderWords:
    """Put turns together, newest first: a corrected number or e-mail replaces the older one."""
    number = email = None
    for words in said:
        number = number or words.number
        email = email or words.email
    return OrderWords(number, email)
