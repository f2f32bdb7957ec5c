"""Abuse detection by rules: insults, threats and slurs thrown at a person, not words of anger.

Each rule is a few words one can read, and what matched is what the staff are told. Anger is no
abuse: "this bag is garbage" and "where the hell is my order" are questions with feelings, which
the clerk answers as any other. The figures of both lists stand in docs/benchmarks.md.
"""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from bot.languages import AbuseKind, LanguagePack, all_packs


class Abuse(NamedTuple):
    """What was found: the kind, and the words themselves."""

    kind: AbuseKind
    words: str


# What is no letter but stands for one, within a word: f*ck, sh1t, a$$hole, @sshole.
_DISGUISES: Final = (
    (re.compile(r"\bf[*#@!_]+c?k"), "fuck"),
    (re.compile(r"\bf[*#@!]{2,}(?!\w)"), "fuck"),
    (re.compile(r"\bsh[*#@!1]t"), "shit"),
    (re.compile(r"\bb[*#@!1]t?ch"), "bitch"),
    (re.compile(r"(?:\b|@)[a@]?[s$]{2}hole"), "asshole"),
    (re.compile(r"\bc[*#@!]nt"), "cunt"),
    (re.compile(r"\bf+u*c*k+(?=$|\W|e|i)"), "fuck"),
    (re.compile(r"(\w)\1{2,}"), r"\1\1"),
)
_APOSTROPHES: Final = re.compile(r"['’`´]")
# Letters, digits and the marks that end a call; all else parts words.
_OTHER: Final = re.compile(r"[^\w!.,?]+")


def find_abuse(text: str) -> Abuse | None:
    """The first abuse in a shopper's words; None: there is none.

    >>> find_abuse("You are all useless idiots!")
    Abuse(kind='insult', words='you are all useless idiots')
    >>> find_abuse("This zip is useless, and where the hell is my refund?")
    >>> find_abuse("你们都是骗子")
    Abuse(kind='insult', words='你们都是骗子')
    >>> find_abuse("厨房垃圾桶有货吗")
    """
    plain = _plain(text)
    for kind, rule in _rules(all_packs()):
        if found := rule.search(plain):
            return Abuse(kind, found[0].strip(" !.,?"))
    return None


@cache
def _rules(packs: tuple[LanguagePack, ...]) -> tuple[tuple[AbuseKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rule)) for pack in packs for kind, rule in pack.abuse)


def _plain(text: str) -> str:
    """Lower case, one space between words and for apostrophes, letters for their disguises."""
    plain = _APOSTROPHES.sub(" ", unicodedata.normalize("NFKC", text).lower())
    for disguise, letters in _DISGUISES:
        plain = disguise.sub(letters, plain)
    return " ".join(_OTHER.sub(" ", plain).split())
