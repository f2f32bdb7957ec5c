"""Takes personal data out of text before anything is learned from it.

Four layers, none enough alone: values we know, our own patterns with check digits, phone numbers by
their numbering plans, and a quarantine for what still looks like an address or a long number.
Placeholders keep the intent: "where is <ORDER>" is still a question about an order.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import phonenumbers

MAX_CHARS: Final = 4_000  # what is longer is cut: hostile input of 100,000 characters took 0.2 s
SHORTEST_KNOWN: Final = 3  # a shorter known value, "Li", would be cut out of other words
REGIONS: Final = ("US", "CN", "GB", "DE")  # numbering plans tried where a number names no country


class Redacted(NamedTuple):
    """A text without the personal data found; `quarantined`: a person has to look first."""

    text: str
    quarantined: bool


def redact(text: str, known: Iterable[str] = ()) -> Redacted:
    """Replace personal data by typed placeholders.

    Args:
        text: as people send it; cut at 4,000 characters, and quarantined then.
        known: values known to be personal, such as the shopper's name and the order's number.

    >>> redact("Mail anna.lee@home.example about order #10234, or call +1 415 555 2671").text
    'Mail <EMAIL> about order #<ORDER>, or call <PHONE>'
    """
    normal = unicodedata.normalize("NFKC", text)
    kept = normal[:MAX_CHARS]
    for value in sorted({_normal(value) for value in known}, key=len, reverse=True):
        if len(value) >= SHORTEST_KNOWN:
            kept = re.sub(_whole(value), "<PERSONAL>", kept, flags=re.IGNORECASE)
    for pattern, replace in PATTERNS:
        kept = pattern.sub(replace, kept)
    kept = _without_phones(kept)
    for pattern, replace in LATE_PATTERNS:
        kept = pattern.sub(replace, kept)
    suspicious = len(normal) > MAX_CHARS or bool(SUSPICIOUS.search(DATE.sub("", kept)))
    return Redacted(kept, suspicious)


def _normal(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip()


def _whole(value: str) -> str:
    """The value, not as a part of a longer Latin word or number."""
    before = r"(?<![A-Za-z0-9])" if value[0].isascii() and value[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if value[-1].isascii() and value[-1].isalnum() else ""
    return before + re.escape(value) + after


def luhn_holds(digits: str) -> bool:
    """Whether a card number's check digit is right (ISO/IEC 7812-1).

    >>> luhn_holds("4111111111111111"), luhn_holds("4111111111111112")
    (True, False)
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def chinese_id_holds(number: str) -> bool:
    """Whether a Chinese identity number's check character is right (GB 11643).

    >>> chinese_id_holds("11010519491231002X"), chinese_id_holds("110105194912310021")
    (True, False)
    """
    total = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(number[:17]))
    return number[17].upper() == "10X98765432"[total % 11]


def _card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    return "<CARD>" if luhn_holds(digits) else match.group()


def _chinese_id(match: re.Match[str]) -> str:
    return "<ID>" if chinese_id_holds(match.group()) else match.group()


def _without_phones(text: str) -> str:
    if sum(char.isdigit() for char in text) < 7:
        return text  # no numbering plan has shorter numbers; most messages end here
    leniency = (
        phonenumbers.Leniency.POSSIBLE if PHONE_CUE.search(text) else phonenumbers.Leniency.VALID
    )
    for region in REGIONS:
        found = list(phonenumbers.PhoneNumberMatcher(text, region, leniency))
        for match in reversed(found):
            text = text[: match.start] + "<PHONE>" + text[match.end :]
    return text


HAN = r"\u4e00-\u9fff"
# Chinese puts no space around an address, and its characters are letters to \w.
BEFORE_IP = r"(?<![0-9A-Za-z_])(?<![0-9a-f]:)"
AFTER_IP = r"(?![0-9A-Za-z_:])"
PHONE_CUE = re.compile(
    r"\b(phone|call|tel|mobile|cell|whatsapp|text me)\b|电话|手机|微信|致电", re.I
)

Replace = str | Callable[[re.Match[str]], str]

PATTERNS: Final[tuple[tuple[re.Pattern[str], Replace], ...]] = (
    (re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "<EMAIL>"),
    # What is written in other letters: the whole word around the sign goes.
    (re.compile(r"[^\s@<>]+@[^\s@<>]*\.[^\s@<>]+"), "<EMAIL>"),
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"), _chinese_id),
    (re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"), "<ID>"),
    (re.compile(r"(?<![\d-])(?:\d[ -]?){12,18}\d(?![\d-])"), _card),
    (
        re.compile(
            r"(\border\s*(?:number|num|no\.?|nr\.?|id)?\s*(?:is|was)?\s*[:#]?\s*#?"
            r"|订单(?:编?号)?\s*(?:是|为)?\s*[::#]?\s*|单号\s*(?:是|为)?\s*[::#]?\s*|\#)"
            r"(?:[A-Za-z]{1,4}-?)?\d{3,20}(?![\d.]\d)",
            re.I,
        ),
        r"\1<ORDER>",
    ),
    (re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])"),
     "<IP>"),
    (re.compile(rf"{BEFORE_IP}(?:[0-9a-f]{{1,4}}:){{7}}[0-9a-f]{{1,4}}{AFTER_IP}", re.I), "<IP>"),
    (
        re.compile(
            rf"{BEFORE_IP}(?:[0-9a-f]{{1,4}}:){{1,6}}(?::[0-9a-f]{{1,4}}){{1,6}}{AFTER_IP}", re.I
        ),
        "<IP>",
    ),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"), "<PHONE>"),
)  # fmt: skip

LATE_PATTERNS: Final[tuple[tuple[re.Pattern[str], Replace], ...]] = (
    (re.compile(r"(\b(?:my |our |shipping |delivery )?address(?: is|:)\s*)[^\n.!?]{4,120}", re.I),
     r"\1<ADDRESS>"),
    (re.compile(r"(地址(?:是|为|:)\s*)[^\n。!?,;]{2,60}"), r"\1<ADDRESS>"),
    (
        re.compile(
            r"\b\d{1,6}[A-Za-z]?\s+(?:[A-Za-z][\w'.-]*\s+){1,4}"
            r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|"
            r"square|highway|hwy)\b\.?(?:,?\s*(?:apt|suite|unit|flat)\.?\s*#?\w+)?",
            re.I,
        ),
        "<ADDRESS>",
    ),
    (
        re.compile(
            rf"[{HAN}]{{2,20}}(?:路|街|大道|巷|弄|胡同)\s*\d+\s*(?:号|弄)"
            rf"(?:[{HAN}\dA-Za-z-]{{0,10}}?\d+(?:室|号楼|号|楼|栋|座|单元))*"
        ),
        "<ADDRESS>",
    ),
    (re.compile(r"((?i:\bmy name(?:'s| is)\s+|\bname:\s*))"
                r"[^\W\d_][\w'’-]*(?:\s+[A-Z][\w'’-]*){0,2}"), r"\1<NAME>"),
    (re.compile(r"((?i:\b(?:regards|sincerely|cheers|this is|i am|i'm)),?\s+)"
                r"[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+"), r"\1<NAME>"),
    (re.compile(rf"(我叫|我的名字是|姓名[:是]|收件人[:是])\s*(?!你|他|她|了)[{HAN}]{{2,3}}"),
     r"\1<NAME>"),
)  # fmt: skip

DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b")

# What may still be an address or a number of somebody's.
SUSPICIOUS = re.compile(
    r"\b(?:apt|suite|zip(?: ?code)?|postcode|p\.?o\.? box)\b|\d\s*(?:号|室|座|栋|单元)"
    r"|(?:\d[ .-]?){7,}",
    re.I,
)
