"""Words of a question that may name its topic: no stop words; pairs of letters without spaces."""

import re

from feedback.languages.registry import LANGUAGES


def topic_words(text: str) -> list[str]:
    """Words that may name a topic: English words, pairs of Chinese characters.

    >>> topic_words("Where is my parcel?"), topic_words("快递单号")
    (['parcel'], ['快递', '递单', '单号'])
    """
    text = text.lower()
    spaced = [language for language in LANGUAGES.values() if language.spaced]
    common = frozenset[str]().union(*(language.common for language in spaced))
    words = [
        word
        for script in dict.fromkeys(language.script for language in spaced)
        for word in re.findall(rf"[{script}][{script}'-]+", text)
        if word not in common and len(word) > 2
    ]
    pairs = [
        run[place : place + 2]
        for language in LANGUAGES.values()
        if not language.spaced
        for run in language.run.findall(text)
        for place in range(len(run) - 1)
        if not language.common & set(run[place : place + 2])
    ]
    return words + pairs
