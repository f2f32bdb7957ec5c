"""Peers for question answering: an SVM, and a sentence encoder used in two ways.

    python questions.py TASKS.json RESULT.json

TASKS: {"tests": {name: [text]}, "tasks": [{"texts": [...], "reply_ids": [...]}]}; for each task
and peer RESULT holds the seconds of training and, for each test, the best reply and a score that
tells how sure the peer is: margin, probability or similarity. Questions that no reply fits are
left out of the training: none of the three has a use for them.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import minilm
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


def main():
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    groups = [*read["tests"].values(), *(task["texts"] for task in read["tasks"])]
    encoder = SentenceEncoder([text for texts in groups for text in texts])
    found = []
    for number, task in enumerate(read["tasks"], 1):
        print(f"  peers: {number} of {len(read['tasks'])}", file=sys.stderr, flush=True)
        found.append({name: answer(peer, task, read["tests"], encoder) for name, peer in PEERS})
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def answer(peer, task, tests, encoder):
    started = perf_counter()
    ask = peer(task["texts"], np.array(task["reply_ids"]), encoder)
    seconds = perf_counter() - started
    answered = {name: ask(texts) for name, texts in tests.items()}
    return {
        "train_seconds": round(seconds, 2),
        **{
            name: {"best": best.tolist(), "score": np.asarray(score, float).tolist()}
            for name, (best, score) in answered.items()
        },
    }


class SentenceEncoder:
    """Every text's vector, made once."""

    def __init__(self, texts):
        distinct = list(dict.fromkeys(texts))
        self.place = {text: place for place, text in enumerate(distinct)}
        self.vectors = minilm.encode(minilm.load(), distinct)

    def __call__(self, texts):
        return self.vectors[[self.place[text] for text in texts]]


def svm(texts, reply_ids, _):
    """Word 1-2-grams and character 2-5-grams; its margin says how sure it is."""
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(),
    ).fit(texts, reply_ids)

    def ask(asked):
        margins = model.decision_function(asked)
        return model.classes_[margins.argmax(axis=1)], margins.max(axis=1)

    return ask


def logistic_regression(texts, reply_ids, encoder):
    """On the encoder's vectors; the largest probability says how sure it is."""
    model = LogisticRegression(C=STRENGTH, max_iter=1_000).fit(encoder(texts), reply_ids)

    def ask(asked):
        sure = model.predict_proba(encoder(asked))
        return model.classes_[sure.argmax(axis=1)], sure.max(axis=1)

    return ask


def nearest_neighbour(texts, reply_ids, encoder):
    """The reply of the most similar question; the similarity says how sure it is."""
    known = encoder(texts)

    def ask(asked):
        similar = encoder(asked) @ known.T
        return reply_ids[similar.argmax(axis=1)], similar.max(axis=1)

    return ask


STRENGTH = 10.0  # unit vectors want a weaker prior than the library's 1.0
PEERS = (
    ("svm", svm),
    ("minilm_lr", logistic_regression),
    ("minilm_nn", nearest_neighbour),
)

if __name__ == "__main__":
    main()
