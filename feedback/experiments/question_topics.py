"""Tells a question's topic by its words alone: the reply whose labelled questions share them. Pure.

Whatever a version answers, the words get the same topic, in every arm and at every look: only so
can the arms be compared within a topic.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from feedback.languages import topic_words


class QuestionTopics:
    """The topics of a shop: a reply each, known by the questions that the staff labelled."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """Learn from questions, each with its reply."""
        asked: Counter[str] = Counter()
        spread: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for question, reply_id in labelled:
            asked[reply_id] += 1
            for word in set(topic_words(question)):
                spread[word][reply_id] += 1
        self.names = sorted(asked)
        # A word that few topics use says more of them.
        self._weights = {
            word: {
                reply_id: math.log1p(len(asked) / len(replies)) * count / asked[reply_id]
                for reply_id, count in replies.items()
            }
            for word, replies in spread.items()
        }

    def of(self, question: str) -> str | None:
        """The topic that fits best; None where no word is known.

        >>> topics = QuestionTopics([("shipping cost", "shipping"), ("wrap my gift", "gift_wrap")])
        >>> topics.of("shipping to France?"), topics.of("a gift for two"), topics.of("hm")
        ('shipping', 'gift_wrap', None)
        """
        fits: defaultdict[str, float] = defaultdict(float)
        for word in set(topic_words(question)):
            for reply_id, weight in self._weights.get(word, {}).items():
                fits[reply_id] += weight
        return max(sorted(fits), key=lambda reply_id: fits[reply_id], default=None)
