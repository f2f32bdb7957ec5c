"""A language pack of the ground: what storage, reports, topics and redaction need of a language.

What the clerk says and understands in it is `bot.languages.LanguagePack`, which refers to this.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

# The small letters of a language that is written in Latin ones, as a pattern's class names them.
LATIN: Final = "a-zß-öø-ɏ"


@dataclass(frozen=True)
class EntityWords:
    """What stands around a number and says what it is; patterns, `feedback.entities` reads them."""

    order_before: str = ""  # before an order's number
    order_after: str = ""  # behind it
    order_verb: str = ""  # before a word for an order: then it is a verb, and the number counts
    units: str = ""  # behind a number: a measure or an amount, no order's number
    currencies: str = ""  # behind a price
    phone: str = ""  # before a telephone number
    postcode: str = ""  # before a postcode
    months: str = ""  # by name, in a date
    street_before: str = ""  # before a house number
    street_after: str = ""  # behind a house number, words of the street's name between


@dataclass(frozen=True, eq=False)
class Language:
    """How a language is written, and fixed words of it. Everything but the first two may wait."""

    locale: str  # as browsers send it, without the country
    name: str  # as its speakers write it
    script: str = LATIN  # its small letters, as a pattern's class names them
    spaced: bool = True  # whether spaces part its words; where not, pairs of letters stand for them
    # Words that name no topic, as "the" and "where"; unspaced: letters.
    common: frozenset[str] = frozenset()
    # Of comments. A denial ("not") turns round the three words after it.
    kind: tuple[str, ...] = ()
    unkind: tuple[str, ...] = ()
    denials: frozenset[str] = frozenset()
    report: Mapping[str, str] = field(default_factory=dict)  # English where a sentence is missing
    # Names, and whatever else only this language says about a person, each with what takes its
    # place; `feedback.redaction` finds what is written alike in many languages.
    personal: tuple[tuple[re.Pattern[str], str], ...] = ()
    entities: EntityWords = EntityWords()
    # Fonts of which one draws it, and Debian's package of one; none: matplotlib's own does.
    fonts: tuple[str, ...] = ()
    font_package: str = ""

    @cached_property
    def run(self) -> re.Pattern[str]:
        """A row of its letters."""
        return re.compile(f"[{self.script}]+")

    @cached_property
    def is_latin(self) -> bool:
        """Whether it shares its letters with English, so that letters do not tell it."""
        return self.script == LATIN
