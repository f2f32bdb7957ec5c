"""Sentence splitter for English and Chinese."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence, whatever follows.
ABBREVIATIONS: Final = _words(
    "mr mrs ms dr prof st rev hon gen sen vs cf e.g i.e eg ie approx ca p.o dept fig figs vol pp"
    " art sec para tel ext incl excl min max mt ft rm apt bldg ave blvd rd ste attn encl ref"
    " jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri"
)
# The end only where what follows begins as sentences do.
SOMETIMES: Final = _words(
    "etc inc ltd co corp llc jr sr a.m p.m am pm u.s u.k e.u u.s.a hrs hr no nos al est d.c"
)
STARTERS: Final = _words(
    "a an the this that these those we you your our it its they he she i if in on at to for from by"
    " please all any each no not when where once after before during while with without orders"
    " items returns shipping delivery do does can how what why who is are there here as see note"
    " however also use click contact"
)
END = re.compile(r"[.!?…。！？]+[\"'”’」』）)\]]*")
WORD_BEFORE = re.compile(r"[^\s(\[\"“‘]+$")
MEASURE = re.compile(r"\d\s?[A-Za-z]$")
INITIAL = re.compile(r"[A-Za-z]")
INNER_CAPITAL = re.compile(r"[a-z]{1,2}[A-Z]")  # iPhone, eBay


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, white space folded; nothing but white space is lost.

    >>> split_sentences("Write to P.O. Box 12, St. Paul, e.g. by post. It takes 2.5 days! OK?")
    ['Write to P.O. Box 12, St. Paul, e.g. by post.', 'It takes 2.5 days!', 'OK?']
    >>> split_sentences("七天内可以退货。运费（不含税）由买家承担！好吗？")
    ['七天内可以退货。', '运费（不含税）由买家承担！', '好吗？']
    >>> split_sentences("It weighs 900 g. 40 cm wide.")
    ['It weighs 900 g.', '40 cm wide.']
    """
    text = " ".join(text.split())
    sentences, start = [], 0
    for found in END.finditer(text):
        if _ends(text, start, found):
            sentences.append(text[start : found.end()].strip())
            start = found.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def _ends(text: str, start: int, found: re.Match[str]) -> bool:
    mark, rest = found[0], text[found.end() :]
    if any(one in mark for one in "。！？"):
        return True
    if not rest:
        return False  # the end of all is no place to split
    following = rest.lstrip()
    if rest[0] != " ":
        # "3.5", "shop.example"; but a Chinese sentence may follow an English full stop at once.
        return "\u4e00" <= rest[0] <= "\u9fff" and mark[0] in ".!?" and len(mark.strip(".")) == 0
    if "." not in mark and "…" not in mark:
        return not following[0].islower()
    return _full_stop_ends(text[start : found.start()], mark, following)


def _full_stop_ends(said: str, mark: str, following: str) -> bool:
    first = following.split(maxsplit=1)[0]
    if first[0].islower() and not INNER_CAPITAL.match(first):
        return False
    before = WORD_BEFORE.search(said)
    word = before[0].lower() if before else ""
    if mark[0] != "." or len(mark) > 1:
        return True  # "...", ".)", '."'
    starts = first.strip("\"'“‘(").rstrip(",.:;!?").lower() in STARTERS
    if word in ABBREVIATIONS or (word in ("no", "nos") and first[0].isdigit()):
        return False
    if word in SOMETIMES:
        return starts
    if word.isdigit() and not said[: -len(word)].strip():
        return False  # "1. Open the parcel": the number of a list's item
    if INITIAL.fullmatch(word):  # "J. Smith", but "vitamin C. It …", "900 g. 40 cm wide"
        return starts or MEASURE.search(said) is not None
    return True
