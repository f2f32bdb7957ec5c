"""Whether a comment is kind or unkind: by its thumb, and by plain words of each language."""

import re
from typing import Final, Literal

from feedback.languages import LANGUAGES, Language

Sentiment = Literal["positive", "neutral", "negative"]

REACH: Final = 3  # words after a denial that it turns round


def sentiment(comment: str, thumb: str | None = None) -> Sentiment:
    """Kind, unkind or neither; where the words say nothing the thumb decides.

    >>> sentiment("Great, thanks!"), sentiment("that was not helpful"), sentiment("谢谢，很清楚")
    ('positive', 'negative', 'positive')
    >>> sentiment("the blue one", "down"), sentiment("the blue one")
    ('negative', 'neutral')
    """
    comment = comment.lower()
    score = sum(_score(comment, language) for language in LANGUAGES.values())
    if not score and thumb:
        score = 1 if thumb == "up" else -1
    return "positive" if score > 0 else "negative" if score < 0 else "neutral"


def _score(comment: str, language: Language) -> int:
    return _by_words(comment, language) if language.spaced else _by_parts(comment, language)


def _by_words(comment: str, language: Language) -> int:
    words = re.findall(rf"[{language.script}']+", comment.replace("’", "'"))
    score = 0
    for place, word in enumerate(words):
        weight = (word in language.kind) - (word in language.unkind)
        if weight and language.denials & set(words[max(0, place - REACH) : place]):
            weight = -weight
        score += weight
    return score


def _by_parts(comment: str, language: Language) -> int:
    """A language without spaces: what is found anywhere counts."""
    unkind = sum(comment.count(word) for word in language.unkind)
    # "不满意" holds "满意": what is unkind is taken out before the kind words are counted.
    for word in language.unkind:
        comment = comment.replace(word, "")
    return sum(comment.count(word) for word in language.kind) - unkind
