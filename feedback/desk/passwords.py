"""Refuses passwords that are easy to guess, by what a guesser tries first.

A rule of our own and a short list, rather than zxcvbn: its Python port brings 800 kB of word lists
for what few who pass the ten characters get wrong (runs, repeats, a famous word and a year).
"""

import re
from typing import Final

FEWEST_SURPRISES: Final = 8  # of ten characters at least; a guesser has few tries an hour here
ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i9o0p",
)
SHORTEST: Final = 4  # characters of a run or a repeat; "newer" holds three of a row of keys
# The stems of the most used passwords of ten characters and more, and what a desk is called.
FAMOUS: Final = (
    *("password", "passwort", "passwd", "kennwort", "welcome", "willkommen", "letmein", "iloveyou"),
    *("sunshine", "princess", "football", "baseball", "superman", "batman", "starwars", "pokemon"),
    *("dragon", "monkey", "master", "shadow", "michael", "jennifer", "jordan", "charlie", "hello"),
    *("whatever", "trustno", "computer", "internet", "changeme", "default", "secret", "admin"),
    *("administrator", "root", "login", "guest", "test", "user", "support", "service", "manager"),
    *("office", "staff", "owner", "shopclerk", "shop", "store", "clerk", "desk", "demo", "money"),
    *("summer", "winter", "spring", "autumn", "january", "february", "march", "april", "june"),
    *("july", "august", "september", "october", "november", "december", "monday", "friday"),
    *("love", "qwerty", "woaini", "1314", "520", "nihao"),
)
LEET: Final = str.maketrans("0134570@$!", "oieastoasi")
YEAR: Final = re.compile(r"(19|20)\d\d")
AGAIN: Final = re.compile(r"(.{1,20}?)\1+")


def is_easy(password: str, *known: str) -> bool:
    """Whether a guesser comes to it soon; `known` is what everybody knows: a name, the shop's.

    >>> [is_easy(one, "Mei Ling") for one in ("1234567890", "P4ssw0rd2026!", "mei ling 2026")]
    [True, True, True]
    >>> is_easy("correct horse battery"), is_easy("kT9#vQ2m!x")
    (False, False)
    """
    return _surprises(password.casefold(), known) < FEWEST_SURPRISES


def _surprises(text: str, known: tuple[str, ...]) -> int:
    """Characters that do not follow from those before; a run, a word or a repeat counts as one."""
    words = [word for name in known for word in name.casefold().split() if len(word) > 2]
    text = AGAIN.sub(_once, text)
    found, place = 0, 0
    while place < len(text):
        found += 1
        place += _piece(text, place, [*FAMOUS, *words])
    return found


def _once(found: re.Match[str]) -> str:
    return found[1] if len(found[0]) >= SHORTEST else found[0]


def _piece(text: str, place: int, words: list[str]) -> int:
    """How many characters from `place` on are one thing to a guesser."""
    rest = text[place:]
    plain = rest.translate(LEET)
    lengths = [len(word) for word in words if rest.startswith(word) or plain.startswith(word)]
    if year := YEAR.match(rest):
        lengths.append(len(year[0]))
    for row in ROWS:
        for line in (row, row[::-1]):
            length = SHORTEST
            while length <= len(rest) and rest[:length] in line:
                lengths.append(length)
                length += 1
    return max(lengths, default=1)
