"""Confidence of what the catalogue says, on the scale of the model's calibrated confidence.

Replies, pages and products are weighed against each other, so these stand for how often an answer
is right, as the calibrated ones do.
"""

from typing import Final

from bot.knowledge.product_facts import FactSentence
from bot.knowledge.product_meanings import SUITS_AT, Suiting

# A name, a pointer or a page, and a question that leaves no word over.
PLAIN: Final = 0.998
# Everything a turn says is understood as a wish; most of it.
WISH: Final = ((0.99, 0.93), (0.6, 0.75))
# "I'm looking for food", where food is sold: surer than a page on feeding.
LOOKED_FOR: Final = 0.97
# A sentence of the description that holds a share of the question's words, half of them or more.
FACT_LEAST, FACT_MORE = 0.55, 0.448
FACT_HALF_LEAST, FACT_HALF_MORE = 0.8, 0.19
# The same, where the model found that the description answers: its own choice goes before.
FACT_READ: Final = 0.89
# Nothing in the description: better than a vague reply, worse than a sure one.
SILENT: Final = 0.72
SUITING_MORE: Final = 2.1  # a step of 0.1 in the cosine
# "Do you sell cacti", where no product has the word: it is said so, where no reply is sure.
NOT_SOLD: Final = 0.72
LEAST: Final = 0.6  # less is no answer, and offered beside replies only a distraction
ASKING_WHICH: Final = 0.8
# What is spoken of was talked about before the last answer: perhaps it is not meant any more.
STALE: Final = 0.85


def sure_of_suiting(suiting: Suiting) -> float:
    """From a vague reply's measure up to that of a wish whose words are all understood."""
    return min(WISH[0][1], SILENT + SUITING_MORE * (suiting.near - SUITS_AT))


def sure_of_fact(fact: FactSentence, *, read: bool) -> float:
    """By the share of the question's words that it holds; `read`: the model found it to answer."""
    least, more = (FACT_LEAST, FACT_MORE) if fact.share < 0.5 else (FACT_HALF_LEAST, FACT_HALF_MORE)
    sure = least + more * fact.share
    return min(sure, FACT_READ) if read else sure
