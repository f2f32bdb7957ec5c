"""People's names by where they stand: after a greeting, a title or "my name is", before the end.

A capital tells little where everything has one, so a weak cue, "I am", needs two words that are
no common ones, or a first name we know.
"""

import re
from collections.abc import Callable
from importlib.resources import files
from typing import Final

from feedback.languages import LANGUAGES
from feedback.redaction.japanese_names import without_japanese_names
from feedback.redaction.name_places import (
    ASKED_WORDS,
    BARE_CLOSINGS,
    CALLED,
    CLOSINGS,
    GREETINGS,
    TITLES,
    WEAK,
)
from feedback.redaction.rules import LOWER, UPPER, Text

PLACE: Final = "<NAME>"


def _words(file: str) -> frozenset[str]:
    text = files("feedback.redaction").joinpath(file).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


GIVEN: Final = _words("given_names.txt")
COMMON: Final = _words("no_names.txt")

_ANY = rf"[{UPPER}{LOWER}][{UPPER}{LOWER}'’.-]{{0,40}}"
_CAP = rf"[{UPPER}][{UPPER}{LOWER}'’.-]{{0,40}}"
_PARTICLES: Final = frozenset(
    ("van", "von", "de", "der", "den", "da", "dos", "das", "di", "del", "della", "la", "le", "bin",
     "al", "el", "ter", "ten", "zu", "zur", "vom", "y", "e", "do", "du", "'t")
)  # fmt: skip
_PARTICLE = rf"(?:{'|'.join(sorted(_PARTICLES))})"
_GAP = r"[^\S\n]+"
_NAME = rf"{_CAP}(?:{_GAP}(?:{_PARTICLE}{_GAP}){{0,2}}{_CAP}){{0,4}}"
_LOOSE = rf"{_ANY}(?:{_GAP}{_ANY}){{0,4}}"

_ASKED = re.compile(rf"(?<!\w)((?:{CALLED})(?:(?!\w)|(?<=\W))[\s:,\"'(*-]*)({_LOOSE})", re.I)
_GREETED_PAUSE = re.compile(
    rf"(?<!\w)((?:{GREETINGS})[\s,]+)({_ANY}(?:{_GAP}{_ANY}){{0,4}}?)(?=\s*(?:[,!:;\n–—]|\s-|"
    rf"\.(?:\s|$)|$))",
    re.I,
)
_GREETED = re.compile(rf"(?<!\w)((?i:{GREETINGS})[^\S\n]+)({_NAME})(?=[\s?.,])")
_CLOSED = re.compile(
    rf"(?<!\w)((?:{CLOSINGS})(?!\w)\s*[,.!:;–—-]*\s*|"
    rf"(?:{BARE_CLOSINGS})\s*[,\n!]\s*)({_LOOSE})[\s.!,;:)x]*$",
    re.I,
)
_CLOSED_LINE = re.compile(
    rf"(?<!\w)((?:{CLOSINGS}|{BARE_CLOSINGS})\s*[,.!–—-]*[^\S\n]*\n\s*|"
    rf"(?:{CLOSINGS}),[^\S\n]*)({_LOOSE})(?=\s*\n)",
    re.I,
)
_DASHED = re.compile(rf"((?:[.!?)]\s*|\n\s*)[-–—~][^\S\n]*)({_NAME})\s*$")
_LAST_LINE = re.compile(rf"(\n\s*)({_NAME})[\s.]*$")
_TITLED = re.compile(rf"(?<!\w)((?i:{TITLES})\.?[^\S\n]+)({_NAME})")
_TITLED_LOOSE = re.compile(
    rf"(?<!\w)((?:mr|mrs|ms|dr|prof|herr|frau|mme)\.?[^\S\n]+)({_ANY})", re.I
)
_TITLED_M = re.compile(rf"(?<!\w)(M\.[^\S\n]+)({_NAME})")
_TITLED_AFTER = re.compile(rf"()({_NAME})(?=\s+(?:Hanım|Bey|HANIM|BEY|ji|san|sama)(?!\w))")
_WEAKLY = re.compile(rf"(?<!\w)((?i:{WEAK})[^\S\n]+)({_NAME})")
_HERE = re.compile(rf"((?:^|[.!?,\n]\s*))({_NAME})(?=\s+(?:here|speaking|again)(?!\w))")
_THE_NAME = re.compile(
    rf"(?<!\w)((?i:the|my|his|her|their|full|last|first) (?i:name)[^\S\n]+)({_NAME})"
)
_GIVEN = re.compile(rf"(?<![\w<@])((?:(?i:the|a|an)\s+)?)({_CAP}(?:{_GAP}{_CAP}){{0,3}})")

_TITLE_WORDS = frozenset(re.findall(r"\w+", TITLES)) | {"m"}
_GREETING_WORDS = frozenset(word.split()[0] for word in GREETINGS.split("|"))
_CLOSING_WORDS = frozenset(re.findall(r"\w+", CLOSINGS + "|" + BARE_CLOSINGS))


def without_names(text: str, seen: Text) -> str:
    """The text without the names that we find by their place."""
    if not seen.words.isdisjoint(ASKED_WORDS):
        text = _ASKED.sub(_kept_unless(_any_name), text)
    if not seen.words.isdisjoint(_GREETING_WORDS):
        text = _GREETED_PAUSE.sub(_kept_unless(_whole), text)
        text = _GREETED.sub(_kept_unless(_leading), text)
    if not seen.words.isdisjoint(_TITLE_WORDS):
        for pattern in (_TITLED, _TITLED_LOOSE, _TITLED_M):
            text = pattern.sub(_kept_unless(_leading), text)
    if not seen.words.isdisjoint(_CLOSING_WORDS):
        text = _CLOSED_LINE.sub(_kept_unless(_whole), text)
        text = _CLOSED.sub(_kept_unless(_whole), text)
    for language in LANGUAGES.values():
        if language.spaced or seen.asian:
            for pattern, replace in language.personal:
                text = pattern.sub(replace, text)
    if seen.asian:
        text = without_japanese_names(text)
    if capitals_tell(text):
        for pattern, decide in _BY_CAPITALS:
            text = pattern.sub(_kept_unless(decide), text)
        text = _GIVEN.sub(_with_first_name, text)
    elif text.isupper():
        text = _GIVEN.sub(_with_first_name, text)
    return text


def people_named(text: str) -> set[str]:
    """The names in a text's greeting, closing and titles: who "Ana" is in the rest of a ticket.

    >>> sorted(people_named("Hi Ana Fontaine, it left today. Best regards, Tom"))
    ['Ana Fontaine', 'Tom']
    """
    found = set()
    for pattern, decide in (
        (_GREETED_PAUSE, _whole), (_CLOSED, _whole), (_CLOSED_LINE, _whole), (_TITLED, _leading),
        (_ASKED, _any_name),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            words = match.group(2).split()
            if taken := decide(words):
                found.add(" ".join(words[:taken]).strip(".,'’"))
    return found


def capitals_tell(text: str) -> bool:
    """Whether capitals mark names here: not where all words have one, and not where none has.

    >>> capitals_tell("I Am Very Happy"), capitals_tell("i spoke to Anna Kowalska yesterday")
    (False, True)
    """
    words = re.findall(rf"[{UPPER}{LOWER}]+", text)
    capital = [word for word in words[1:] if word[0].isupper() and word != "I"]
    return 0 < len(capital) < max(2, 0.6 * len(words))


def _kept_unless(decide: Callable[[list[str]], int]) -> Callable[[re.Match[str]], str]:
    """Replaces as many of the words found as `decide` takes for a name."""

    def replaced(match: re.Match[str]) -> str:
        words = match.group(2).split()
        taken = decide(words)
        if not taken:
            return match.group()
        rest = match.group(2).split(None, taken)[taken:] if taken < len(words) else []
        possessive = "'s" if words[taken - 1].endswith(("'s", "’s")) else ""
        tail = f" {rest[0]}" if rest else match.group()[match.end(2) - match.start() :]
        if rest:
            tail += match.group()[match.end(2) - match.start() :]
        return f"{match.group(1)}{PLACE}{possessive}{tail}"

    return replaced


# Words that are first names as well; with a capital, and a pause behind them, they are names.
_ALSO_NAMES: Final = frozenset(
    re.findall(
        r"\w+",
        "will mark may april june august rose grace hope art rich guy dean chase summer joy "
        "faith frank bill jack ray drew pat sue dawn eve penny olive rusty sandy max ivy lily "
        "daisy iris violet ruby amber jade",
    )
)


def _is_common(word: str) -> bool:
    plain = word.lower().strip(".'’-")
    stem = plain.removesuffix("'s").removesuffix("’s")
    if stem in GIVEN and word.istitle():
        return False  # "Ben" is a word in Turkish
    if plain in COMMON or stem in COMMON or (len(stem) < 2 and not word.endswith(".")):
        return True
    return len(plain) > 5 and plain.endswith(("ing", "ed", "ly")) and word.islower()


def _leading(words: list[str]) -> int:
    """Words from the first on that are no common ones; "van" and "de" stand before a capital."""
    for at, word in enumerate(words):
        if at and (len(word.strip(".")) == 1 or _is_particle(words, at)):
            continue
        if _is_common(word):
            return at
    return len(words)


def _is_particle(words: list[str], at: int) -> bool:
    after = [word for word in words[at + 1 : at + 3] if word.lower() not in _PARTICLES]
    return words[at].lower() in _PARTICLES and bool(after) and after[0][0].isupper()


def _whole(words: list[str]) -> int:
    """All of the words, where none is a common one; with capitals, those that have one.

    In "Hi Jose Francisco," the second may be a word of use: it has a capital and a pause behind it.
    """
    leading = _leading(words)
    if not leading and words[0].istitle() and words[0].lower().strip(".") in _ALSO_NAMES:
        leading = 1
    if leading and words[0][0].isupper() and not words[-1].isupper():
        while leading < len(words) and (
            words[leading][0].isupper() or _is_particle(words, leading)
        ):
            leading += 1
        return leading
    return leading if leading == len(words) else 0


def _any_name(words: list[str]) -> int:
    """After "my name is": at most three words, in small letters at most two."""
    leading = _whole(words) or _leading(words)
    return min(leading, 5 if words[0][0].isupper() else 2)


def _full_name(words: list[str]) -> int:
    """Two words or more that are no common ones, or a first name we know."""
    leading = _leading(words)
    if leading >= 2 or (leading and _known(words[0])):
        return leading
    return 0


def _known(word: str) -> bool:
    return word.lower().removesuffix("'s").removesuffix("’s").strip(".") in GIVEN


def _with_first_name(match: re.Match[str]) -> str:
    """A row of capitals from the first name we know on; "the Anna dress" is a thing."""
    if match.group(1):
        return match.group()
    words = match.group(2).split()
    for at, word in enumerate(words):
        if _known(word) and word.lower() not in COMMON:  # "Pro Max" is a telephone
            taken = max(_leading(words[at : at + 3]), 1)
            possessive = "'s" if words[at + taken - 1].endswith(("'s", "’s")) else ""
            return " ".join([*words[:at], PLACE + possessive, *words[at + taken :]])
    return match.group()


_BY_CAPITALS: Final = (
    (_DASHED, _leading),
    (_LAST_LINE, _leading),
    (_TITLED_AFTER, _leading),
    (_HERE, _full_name),
    (_THE_NAME, _full_name),
    (_WEAKLY, _full_name),
)
