"""Learns how sure a clerk may be on its first days, from many small books of other shops.

    python benchmarks/confidence_prior.py DATA [--draws N] [--out FILE]

DATA is the folder of the question sets. Books are drawn from the training parts of CLINC150, Bitext
and curekart, the demo shop's questions and the two trades of `benchmarks/unread_trades`: some of a
set's replies, so many questions of each to learn from, others to ask, and as many questions of the
replies left out and of other shops that nothing fits. Every book counts the same.

Writes `training/fitting/confidence_prior.json` and prints, for each number of questions a reply,
how a set that was left out is told by the others: the calibration error where half of the messages
fit nothing, and at the threshold of the first day the share answered and how many of those wrongly.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from running import ROOT, lines

sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).parent / "unread_trades"))
from write import main as write_unread_trades

from training.fitting.tensorflow_setup import import_tensorflow

QUESTIONS = (1, 2, 3, 5, 10, 20)
NEARNESS = (0.0, 0.5, 1.0)
ASKED = 12  # of a reply
SIZES = (15, 24, 60)  # replies
RIDGE = 1e-3


class Book(NamedTuple):
    """A question set, encoded."""

    name: str
    vectors: np.ndarray  # of the questions
    reply: np.ndarray  # of each; "" where none fits
    texts: dict  # the vectors of a reply's text as a reply and as a question
    foreign: np.ndarray  # messages to other shops
    everyday: np.ndarray  # requests to somebody else, learned as fitting nothing


class DrawnBook(NamedTuple):
    """What the confidence is told of the questions asked of one drawn book."""

    name: str
    questions: int
    nearness: float
    features: np.ndarray
    right: np.ndarray  # the first reply is
    among: np.ndarray  # one of the first three is
    fits: np.ndarray
    weight: np.ndarray  # half for what fits, half for what does not; 1 in all


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "training/fitting/confidence_prior.json")
    asked = parser.parse_args()
    import_tensorflow()
    looks = []
    for book in read_books(asked.data):
        for size in SIZES:
            if size < len(set(book.reply) - {""}):
                for questions in QUESTIONS:
                    for draw in range(asked.draws):
                        looks += look(book, size, questions, np.random.default_rng((size, draw)))
        print(f"{book.name}: looked at", file=sys.stderr, flush=True)
    prior = {
        str(nearness): {
            part: learned([at(looks, questions, nearness) for questions in QUESTIONS], part)
            for part in ("fits", "first", "three")
        }
        for nearness in NEARNESS
    }
    kept = {"questions": QUESTIONS, "nearness": prior}
    asked.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="ascii")
    print(json.dumps({str(n): left_out(at(looks, n, 0.5)) for n in QUESTIONS}, indent=1))


def read_books(data):
    """Every set with its questions and texts encoded by the starter."""
    with tempfile.TemporaryDirectory() as folder:
        write_unread_trades(Path(folder))
        sets = {
            name: (
                lines(root / f"{name}_replies.jsonl"),
                lines(root / f"{name}_questions_train.jsonl.gz"),
            )
            for root, names in (
                (data, ("clinc150", "bitext", "hint3_curekart")),
                (Path(folder), ("beekeeping", "printing")),
            )
            for name in names
        }
        for name in ("beekeeping", "printing"):
            sets[name][1].extend(lines(Path(folder) / f"{name}_questions_test.jsonl.gz"))
    demo = ROOT / "shopclerk/demo"
    for locale in ("en", "zh"):
        replies = [r for r in lines(demo / "replies.jsonl") if r["locale"] == locale]
        sets[f"demo_{locale}"] = (replies, lines(demo / f"questions.{locale}.jsonl"))
    from training.data.out_of_scope import QUESTIONS as EVERYDAY

    encode = encoder()
    messages = [m["question"] for m in lines(data / "multidogo_messages.jsonl.gz")[::8]]
    foreign = {"en": encode(messages, "\x11")}
    foreign["zh"] = encode([q["question"] for q in sets["demo_zh"][1]], "\x11")
    for name, (replies, questions) in sets.items():
        locale = questions[0]["locale"]
        worded = [r for r in replies if not r["text"].startswith("Reply ")]
        said = [encode([r["text"] for r in worded], mark) for mark in "\x12\x11"]
        yield Book(
            name,
            encode([q["question"] for q in questions], "\x11"),
            np.array([q["reply_id"] or "" for q in questions]),
            {r["reply_id"]: (said[0][i], said[1][i]) for i, r in enumerate(worded)},
            foreign[locale][:0] if name == "demo_zh" else foreign[locale],
            encode(EVERYDAY[locale], "\x11"),
        )


def encoder():
    """The starter as a function of texts and whose they are."""
    from training.fitting.fit_product_vectors import embed_with
    from training.model import Encoder, ModelConfig
    from training.starter import unpack_starter

    model = ModelConfig()
    starter = Encoder(model)
    starter.build()
    for variable, weight in zip(starter.trainable_variables, unpack_starter(model), strict=True):
        variable.assign(weight)
    embed = embed_with(starter, model)
    return lambda texts, mark: embed([mark + text for text in texts])


def look(book, size, questions, chance):
    """One drawn book: learned from, and asked."""
    from training.fitting.calibrate import Scored, features_of
    from training.fitting.fit_reply_vectors import fit_vectors, with_words
    from training.model import ModelConfig, choose, nearness

    scale = ModelConfig().scale
    chosen = list(chance.choice(sorted(set(book.reply) - {""}), size, replace=False))
    row = {name: place + 1 for place, name in enumerate(chosen)}
    texts = np.zeros((size + 1, book.vectors.shape[1]), np.float32)
    learn, ask = [], []
    for name in chosen:
        places = chance.permutation(np.flatnonzero(book.reply == name))
        count = min(questions, len(places) - 2)
        learn += list(places[:count])
        ask += list(places[count : count + ASKED])
        if name in book.texts:
            texts[row[name]] = book.texts[name][0]
    worded = [name for name in chosen if name in book.texts]
    learned_from = with_words(
        as_questions(
            np.concatenate([book.vectors[learn], book.everyday]),
            [row[name] for name in book.reply[learn]] + [0] * len(book.everyday),
        ),
        as_questions(
            np.array([book.texts[name][1] for name in worded] or texts[:0]),
            [row[name] for name in worded],
            weight=0.5,
        ),
    )
    replies = texts + fit_vectors(learned_from, texts, scale)
    exemplars = choose(learned_from.vectors, learned_from.label, replies, seed=1)
    strange = np.flatnonzero(~np.isin(book.reply, chosen))
    asked = [
        book.vectors[ask],
        book.vectors[chance.permutation(strange)[: len(ask)]],
        book.foreign[chance.permutation(len(book.foreign))[: len(ask)]],
    ]
    label = np.array([row[name] for name in book.reply[ask]] + [0] * sum(map(len, asked[1:])))
    vectors = np.concatenate(asked)
    fits = label > 0
    near = nearness(vectors, exemplars)
    weight = np.where(fits, 0.5 / fits.sum(), 0.5 / (~fits).sum())
    for worth in NEARNESS:
        scores = scale * (vectors @ replies.T + worth * near)
        order = np.argsort(-scores[:, 1:], axis=1)[:, :3] + 1
        hit = order == label[:, np.newaxis]
        features = features_of(Scored(scores, scale * near))
        yield DrawnBook(
            book.name, questions, worth, features, hit[:, 0], hit.any(axis=1), fits, weight
        )


def as_questions(vectors, label, weight=1.0):
    from training.data import NOT_IN_BOOK
    from training.fitting.fit_reply_vectors import Questions

    rejected = np.full((len(label), 1), NOT_IN_BOOK)
    weights = np.full(len(label), weight, np.float32)
    return Questions(vectors, np.array(label, np.int64), weights, rejected)


def at(looks, questions, nearness):
    return [each for each in looks if each.questions == questions and each.nearness == nearness]


def learned(rows, part):
    """The mean and the information of a part, for each number of questions a reply."""
    fitted = [fit(looks, part) for looks in rows]
    return {
        "mean": [[round(value, 5) for value in mean] for mean, _ in fitted],
        "information": [
            [[round(value, 6) for value in row] for row in information] for _, information in fitted
        ],
    }


def fit(looks, part):
    """A logistic fit of all `looks`, each set counting the same, and one question's curvature."""
    from training.fitting.calibrate import fit_logistic
    from training.fitting.confidence_prior import Prior

    names = [each.name for each in looks]
    share = np.concatenate([each.weight / names.count(each.name) for each in looks])
    features = np.concatenate([each.features for each in looks])
    fits, right, among = (
        np.concatenate([getattr(each, field) for each in looks])
        for field in ("fits", "right", "among")
    )
    columns, so, which = {
        "fits": ([0, 1, 2], fits, slice(None)),
        "first": ([3], right, fits),
        "three": ([4], among, fits),
    }[part]
    x = features[:, columns][which]
    ridge = [RIDGE] * len(columns)
    if part != "first":  # two replies that tie are each right half of the time: no bias there
        x, ridge = np.column_stack([x, np.ones(len(x))]), [*ridge, 0.0]
    weight = share[which] / share[which].sum()
    nothing = Prior(np.zeros(len(ridge)), np.diag(ridge))
    mean = fit_logistic(x, so[which], weight, nothing, 1.0)
    p = 1.0 / (1.0 + np.exp(-x @ mean))
    return mean, (x * (weight * p * (1.0 - p))[:, np.newaxis]).T @ x


def left_out(looks):
    """How each set is told by the others."""
    from training.evaluation import measures
    from training.fitting.calibrate import ANSWER_AT, Calibration, confidence

    found = {}
    for name in dict.fromkeys(each.name for each in looks):
        others = [each for each in looks if each.name != name]
        parts = [fit(others, part)[0] for part in ("fits", "first", "three")]
        own = [each for each in looks if each.name == name]
        features, right, fits, weight = (
            np.concatenate([getattr(each, field) for each in own])
            for field in ("features", "right", "fits", "weight")
        )
        first, three = confidence(features.astype("f4"), Calibration(*np.concatenate(parts)))
        sure = first.numpy()
        copies = np.repeat(np.arange(len(sure)), np.round(weight / weight.min()).astype(int))
        answered = sure >= ANSWER_AT
        found[name] = {
            "top1": round(float(right[fits].mean()), 3),
            "ece": measures.expected_calibration_error(sure[copies], right[copies]),
            "answered": round(float(weight @ answered / weight.sum()), 3),
            "wrong": round(
                1 - float(weight @ (answered & right)) / max(float(weight @ answered), 1e-9), 3
            ),
            "offered_all_fit": round(float(((three.numpy() >= 0.3) & ~answered)[fits].mean()), 3),
            "answered_all_fit": round(float(answered[fits].mean()), 3),
        }
    return found


if __name__ == "__main__":
    main()
