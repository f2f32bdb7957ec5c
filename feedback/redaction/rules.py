"""A rule of redaction: a pattern, what takes its place, and the words without which it is skipped.

Most messages hold neither a digit nor a cue, so most rules are skipped by one look into a set. That
is what keeps a shopper's message at tens of microseconds with more than fifty rules.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final, NamedTuple

HAN: Final = r"\u3400-\u9fff"
ASIAN: Final = "\u2e80"  # letters from here on put no space between words
_LETTERS = [chr(code) for code in range(0x41, 0x530) if chr(code).isalpha()]
UPPER: Final = "".join(letter for letter in _LETTERS if letter.isupper())
LOWER: Final = "".join(letter for letter in _LETTERS if letter.islower())
_LETTER = r"[^\W\u2e80-\uffff]"  # of a word that spaces part from others
WORD: Final = re.compile(rf"{_LETTER}+")

# What stands between a cue and its value: "is", "number", a colon. Possessive, so that hostile
# rows of colons cost no backtracking.
LINK: Final = (
    r"(?:[\s:=#\-–>.,(\"'*]++|\b(?:is|was|are|its|number|numbers|num|no|nr|id|code|the|my|on|with|"
    r"of|by|until|till|ending|in|ist|lautet|war|nummer|die|der|das|est|numéro|numero|le|la|es|"
    r"número|el|il|è|(?-i:to|do)|jest|är|é|bis|tot|date|digits|digit|card)\b|n°|nº|号码|號碼|"
    r"字號|字号|番号|号|號|是|为|為|は|が){0,12}+"
)

Replace = str | Callable[[re.Match[str]], str]


class Text(NamedTuple):
    """A text with what rules ask of it: in lower case, its words, whether it holds digits."""

    lower: str
    words: frozenset[str]
    asian: bool
    digits: bool


class LazyPattern:
    """A pattern that is compiled when it is first looked for.

    All of them together take 0.4 s, and most commands redact nothing.
    """

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        """As `re.compile`."""
        self._pattern, self._flags = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self._pattern, self._flags)

    def sub(self, replace: Replace, text: str) -> str:
        """The text with every place replaced."""
        return self.compiled.sub(replace, text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place; None where there is none."""
        return self.compiled.search(text)


class Rule(NamedTuple):
    """One pattern, and what has to be there before it is looked for.

    One of `cues` as a whole word, or of `asian` as a part of the text; a digit; a `sign`.
    """

    pattern: LazyPattern
    replace: Replace
    cues: frozenset[str] = frozenset()
    asian: tuple[str, ...] = ()
    digits: bool = False
    sign: str = ""

    def concerns(self, text: Text) -> bool:
        """Whether the pattern can be found at all."""
        if (self.digits and not text.digits) or self.sign not in text.lower:
            return False
        if not self.cues and not self.asian:
            return True
        if not self.cues.isdisjoint(text.words):
            return True
        return text.asian and any(cue in text.lower for cue in self.asian)


def looked_at(text: str) -> Text:
    """The text with its words taken apart, once for all rules.

    >>> sorted(looked_at("My PIN is 12").words)
    ['12', 'is', 'my', 'pin']
    """
    lower = text.lower()
    asian = not text.isascii() and any(char >= ASIAN for char in text)
    digits = any(char.isdigit() for char in text)
    return Text(lower, frozenset(WORD.findall(lower)), asian, digits)


def cued(cues: str, value: str, placeholder: str, *, link: str = LINK, digits: bool = True) -> Rule:
    r"""A value that follows a cue; cues are words, or words in a row, parted by `|`.

    >>> rule = cued("pin|pin code", r"\d{4}", "<CODE>")
    >>> rule.pattern.sub(rule.replace, "my PIN code is 1234")
    'my PIN code is <CODE>'
    """
    words = sorted(cues.split("|"), key=len, reverse=True)
    asian = tuple(word.lower() for word in words if max(word) >= ASIAN)
    latin = [word for word in words if max(word) < ASIAN]
    ways = [rf"(?<!{_LETTER})(?:{'|'.join(map(_spaced, latin))})(?!{_LETTER})"] if latin else []
    ways += map(_spaced, asian)
    return Rule(
        LazyPattern(rf"((?:{'|'.join(ways)}){link})(?:{value})", re.I),
        rf"\1{placeholder}",
        frozenset(_first(word) for word in latin),
        asian,
        digits,
    )


def _spaced(cue: str) -> str:
    return r"\s+".join(map(re.escape, cue.split()))


def _first(cue: str) -> str:
    found = WORD.match(cue.lower())
    return found.group() if found else cue


def applied(rules: Iterable[Rule], text: str, seen: Text) -> str:
    """The text after every rule that concerns it."""
    for rule in rules:
        if rule.concerns(seen):
            text = rule.pattern.sub(rule.replace, text)
    return text
