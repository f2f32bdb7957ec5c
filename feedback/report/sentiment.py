"""Whether a comment is kind or unkind: by its thumb, and by plain words in English and Chinese."""

import re
from typing import Final, Literal

Sentiment = Literal["positive", "neutral", "negative"]

KIND: Final = frozenset(
    [
        "good",
        "great",
        "thanks",
        "thank",
        "helpful",
        "perfect",
        "love",
        "nice",
        "quick",
        "fast",
        "easy",
        "clear",
        "excellent",
        "awesome",
        "friendly",
        "works",
        "solved",
        "happy",
        "useful",
        "best",
    ]
)
UNKIND: Final = frozenset(
    [
        "bad",
        "wrong",
        "useless",
        "slow",
        "poor",
        "terrible",
        "awful",
        "rude",
        "confusing",
        "broken",
        "annoying",
        "hate",
        "worst",
        "stupid",
        "unclear",
        "unhelpful",
        "outdated",
        "incorrect",
        "late",
        "missing",
        "disappointed",
    ]
)
DENIALS: Final = frozenset(
    ["not", "no", "never", "hardly", "isn't", "wasn't", "don't", "doesn't", "didn't", "can't"]
)
KIND_ZH: Final = ("谢谢", "很好", "不错", "有用", "满意", "快", "清楚", "喜欢", "好用", "方便")
UNKIND_ZH: Final = (
    "没用", "不对", "错", "慢", "差", "糟", "不清楚", "看不懂", "失望", "不满意", "不好", "不方便",
)  # fmt: skip
REACH: Final = 3  # words after a denial that it turns round


def sentiment(comment: str, thumb: str | None = None) -> Sentiment:
    """Kind, unkind or neither; where the words say nothing the thumb decides.

    >>> sentiment("Great, thanks!"), sentiment("that was not helpful"), sentiment("谢谢，很清楚")
    ('positive', 'negative', 'positive')
    >>> sentiment("the blue one", "down"), sentiment("the blue one")
    ('negative', 'neutral')
    """
    score = _english(comment.lower()) + _chinese(comment)
    if not score and thumb:
        score = 1 if thumb == "up" else -1
    return "positive" if score > 0 else "negative" if score < 0 else "neutral"


def _english(comment: str) -> int:
    words = re.findall(r"[a-z']+", comment.replace("’", "'"))
    score = 0
    for place, word in enumerate(words):
        weight = (word in KIND) - (word in UNKIND)
        if weight and DENIALS & set(words[max(0, place - REACH) : place]):
            weight = -weight
        score += weight
    return score


def _chinese(comment: str) -> int:
    unkind = sum(comment.count(word) for word in UNKIND_ZH)
    # "不满意" holds "满意": what is unkind is taken out before the kind words are counted.
    for word in UNKIND_ZH:
        comment = comment.replace(word, "")
    return sum(comment.count(word) for word in KIND_ZH) - unkind
