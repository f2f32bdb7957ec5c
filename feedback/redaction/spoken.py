"""E-mail addresses and numbers spelled out: "john at gmail dot com", "four one one"."""

import re
from typing import Final

from feedback.redaction.rules import LazyPattern, Rule

AT_WORDS: Final = (
    "at|ät|arobase|arrobase|arroba|chiocciola|apenstaartje|małpa|malpa|snabel-a|snabela|et|"
    "kuyruklu a|klammeraffe|艾特|圈a|小老鼠|アットマーク|アット|あっとまーく"
)
DOT_WORDS: Final = "dot|punkt|point|punto|ponto|punt|kropka|nokta|点|點|ドット|どっと"
SIGN_WORDS: Final = "underscore|dash|minus|hyphen|plus|unterstrich|bindestrich|tiret|guion|hífen"
PROVIDERS: Final = (
    "gmail|googlemail|hotmail|yahoo|outlook|icloud|gmx|web|aol|live|msn|proton|protonmail|qq|163|"
    "126|sina|foxmail|orange|free|laposte|libero|wp|onet|telia|ziggo|kpn|uol|bol|rediffmail"
)

_OPEN, _CLOSE = r"\s*[\[({<]\s*", r"\s*[\])}>]\s*"
_AT_MARKED = rf"(?:{_OPEN}(?:{AT_WORDS}|@){_CLOSE}|\s*@\s*)"
_AT_SAID = rf"(?:{_AT_MARKED}|\s+(?:{AT_WORDS})\s+|\s*(?:艾特|圈a|小老鼠|アットマーク|アット)\s*)"
_DOT_SAID = (
    rf"(?:{_OPEN}(?:{DOT_WORDS}|\.){_CLOSE}|\s+(?:{DOT_WORDS})\s+|\s*[点點]\s*|\s*ドット\s*)"
)
_LOCAL = (
    r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"
    rf"(?:\s+(?:{DOT_WORDS}|{SIGN_WORDS})\s+[A-Za-z0-9._+-]{{1,64}}){{0,3}}"
)
_HOST = r"[A-Za-z0-9-]{1,63}"

_CUES = frozenset(
    word.split("-", maxsplit=1)[0].split(maxsplit=1)[0]
    for word in AT_WORDS.split("|")
    if word.isalpha() or "-" in word or " " in word
)
_MARKS = ("艾特", "圈a", "小老鼠", "アット", "あっと", "点", "點", "ドット")

SPOKEN_EMAILS: Final = (
    # As in john at gmail dot com, and john @ gmail dot com.
    Rule(LazyPattern(rf"(?<!\w){_LOCAL}{_AT_SAID}{_HOST}(?:{_DOT_SAID}{_HOST}){{1,3}}", re.I),
         "<EMAIL>", _CUES, _MARKS),
    Rule(LazyPattern(rf"(?<!\w){_LOCAL}{_AT_MARKED}{_HOST}(?:\s?\.\s?{_HOST}){{1,3}}", re.I),
         "<EMAIL>"),
    # With the plain word and a real dot, or without a dot, only at a known provider.
    Rule(LazyPattern(rf"(?<!\w){_LOCAL}{_AT_SAID}(?:{PROVIDERS})"
                    rf"(?:{_DOT_SAID}|\s?\.\s?|\s)[a-z]{{2,4}}(?!\w)", re.I), "<EMAIL>"),
    Rule(LazyPattern(r"[\u3400-\u9fff]{1,8}(?:艾特|圈a)[A-Za-z0-9-]+[点點][a-z]{2,4}", re.I),
         "<EMAIL>", asian=("艾特", "圈a")),
    # "j o h n @ g m a i l . c o m"
    Rule(LazyPattern(r"(?<!\w)(?:[a-z0-9._-] ){2,30}@(?: [a-z0-9._-]){3,30}(?!\w)", re.I),
         "<EMAIL>", sign="@"),
)  # fmt: skip

_DIGIT_WORDS = {
    "0": "zero oh null nul cero zéro nol noll sıfır 零 〇",
    "1": "one eins ein une un uno um één jeden ett bir 一 幺 壹",
    "2": "two zwei zwo deux dos due dois twee dwa två iki 二 两 兩 贰",
    "3": "three drei trois tres tre três drie trzy üç 三 叁",
    "4": "four vier quatre cuatro quattro quatro cztery fyra dört 四 肆",
    "5": "five fünf cinq cinco cinque vijf pięć fem beş 五 伍",
    "6": "six sechs seis sei zes sześć sex altı 六 陆",
    "7": "seven sieben sept siete sette sete zeven siedem sju yedi 七 柒",
    "8": "eight acht huit ocho otto oito osiem åtta sekiz 八 捌",
    "9": "nine neun neuf nueve nove negen dziewięć nio dokuz 九 玖",
}
_DIGIT_OF = {word: digit for digit, words in _DIGIT_WORDS.items() for word in words.split()}
_LATIN = "|".join(sorted((word for word in _DIGIT_OF if word.isascii() or len(word) > 1), key=len,
                         reverse=True))  # fmt: skip
_HAN = "".join(word for word in _DIGIT_OF if len(word) == 1)
# Five in a row: "one two three" is counting, a number of somebody's is longer.
SPELLED: Final = re.compile(
    rf"(?<!\w)(?:(?:double |triple )?(?:{_LATIN})[\s,.-]{{1,3}}){{4,}}(?:{_LATIN})(?!\w)"
    rf"|(?:[{_HAN}]\s?){{7,}}",
    re.I,
)
SPELLED_CUES: Final = frozenset(word for word in _DIGIT_OF if len(word) > 1)
_ONE = re.compile(rf"(double |triple |)({_LATIN}|[{_HAN}])", re.I)
_TIMES = {"": 1, "double ": 2, "triple ": 3}


def in_digits(text: str) -> str:
    """The text with spelled-out numbers as digits, for the rules that look for numbers.

    >>> in_digits("it is four one one one, double check")
    'it is four one one one, double check'
    >>> in_digits("call zero one five double two one")
    'call 015221'
    """
    return SPELLED.sub(
        lambda run: "".join(
            _DIGIT_OF[one.lower()] * _TIMES[times.lower()]
            for times, one in _ONE.findall(run.group())
        ),
        text,
    )
