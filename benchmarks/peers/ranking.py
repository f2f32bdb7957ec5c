"""Peers for ranking: BM25, and a sentence encoder's similarity.

    python ranking.py CASES.json RESULT.json

CASES: {"cases": [{"last", "context", "candidates", "target"}]}. RESULT: for each peer and for what
it is asked with, the last turn or the whole context, the place of the right candidate in each case;
candidates that score the same count as better.
"""

import json
import math
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import minilm
import numpy as np

K1, B = 1.2, 0.75  # the usual ones
FIRST_HAN = "一"
WORDS = re.compile(r"[一-鿿]|[^\W_]+")


def main():
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["cases"]
    found = {
        f"{name}_{asked}": peer(cases, asked)
        for name, peer in (("bm25", bm25), ("minilm", similarity))
        for asked in ("last", "context")
    }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def bm25(cases, asked):
    """Rare words count more, as seen over all candidates of the file."""
    texts = list(dict.fromkeys(text for case in cases for text in case["candidates"]))
    bags = {text: Counter(words(text)) for text in texts}
    mean = sum(bag.total() for bag in bags.values()) / len(bags)
    seen = Counter(word for bag in bags.values() for word in bag)
    rarity = {
        word: math.log(1 + (len(bags) - count + 0.5) / (count + 0.5))
        for word, count in seen.items()
    }

    def score(query, bag):
        long = K1 * (1 - B + B * bag.total() / mean)
        return sum(rarity[w] * bag[w] * (K1 + 1) / (bag[w] + long) for w in query if w in bag)

    return [
        place([score(query, bags[text]) for text in case["candidates"]], case["target"])
        for case in cases
        for query in [set(words(case[asked]))]
    ]


def similarity(cases, asked):
    """Cosine of the encoder's vectors."""
    model = minilm.load()
    texts = list(dict.fromkeys(text for case in cases for text in case["candidates"]))
    number = {text: i for i, text in enumerate(texts)}
    known = minilm.encode(model, texts)
    queries = minilm.encode(model, [case[asked] for case in cases])
    return [
        place(known[[number[text] for text in case["candidates"]]] @ query, case["target"])
        for case, query in zip(cases, queries, strict=True)
    ]


def words(text):
    """Words, and characters with their pairs where a language sets no spaces."""
    found = WORDS.findall(text.lower())
    return found + [a + b for a, b in pairwise(found) if a >= FIRST_HAN and b >= FIRST_HAN]


def place(scores, target):
    scores = np.asarray(scores)
    return int((scores >= scores[target]).sum()) - 1


if __name__ == "__main__":
    main()
