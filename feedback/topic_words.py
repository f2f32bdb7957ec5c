"""Words of a question that may name its topic: no stop words, Chinese in pairs of characters."""

import re
from typing import Final

COMMON: Final = frozenset(
    [
        "a",
        "about",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "hello",
        "hey",
        "hi",
        "how",
        "i",
        "i'd",
        "i'm",
        "if",
        "in",
        "is",
        "it",
        "it's",
        "its",
        "just",
        "like",
        "may",
        "me",
        "my",
        "need",
        "no",
        "not",
        "of",
        "off",
        "ok",
        "on",
        "one",
        "or",
        "our",
        "out",
        "please",
        "so",
        "some",
        "that",
        "the",
        "their",
        "them",
        "there",
        "they",
        "this",
        "to",
        "too",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "what's",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "yes",
        "you",
        "your",
        "thanks",
        "thank",
        "want",
        "know",
    ]
)
COMMON_ZH: Final = frozenset("的了吗呢我你是在有和就不都也这那个么啊吧请问可以能要怎么什么给到")


def words_of(text: str) -> list[str]:
    """Words that may name a topic: English words, pairs of Chinese characters.

    >>> words_of("Where is my parcel?"), words_of("快递单号")
    (['parcel'], ['快递', '递单', '单号'])
    """
    without_marks = re.sub(r"<[A-Z]+>", " ", text.lower() if text.isascii() else text)
    english = [
        word
        for word in re.findall(r"[a-z][a-z'-]+", without_marks.lower())
        if word not in COMMON and len(word) > 2
    ]
    chinese = [
        run[place : place + 2]
        for run in re.findall(r"[\u4e00-\u9fff]+", text)
        for place in range(len(run) - 1)
        if not COMMON_ZH & set(run[place : place + 2])
    ]
    return english + chinese
