"""Questions to replies: our GRU beside TF-IDF with a linear SVM, same split, same run.

    python benchmarks/questions_vs_svm.py DATA --peer-python PEER [--sets clinc150 curekart bitext]

DATA is the folder of the question sets; PEER is a Python with scikit-learn, in an environment of
its own: the product never depends on it. Prints one JSON object. For each set and side: top-1 over
the questions that have a reply, AUROC of telling those no reply fits (null where there are none),
seconds of training and of answering the test part. Ours adds all that `evaluate` measures.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

SETS = {"clinc150": "clinc150", "curekart": "hint3_curekart", "bitext": "bitext"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer-python", type=Path, help="a Python with scikit-learn")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer", choices=SETS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        print(json.dumps(svm(asked.data, SETS[asked.peer])))
        return
    found = {}
    for name in asked.sets:
        found[name] = {"ours": ours(asked.data, SETS[name], asked.seed)}
        if asked.peer_python:
            found[name]["svm"] = peer(asked, name)
        print(f"{name}: {json.dumps(found[name])}", file=sys.stderr)
    print(json.dumps({"seed": asked.seed, "cores": os.cpu_count(), "sets": found}, indent=1))


def ours(data, prefix, seed):
    """Train as `shopclerk train` does, measure as `shopclerk evaluate` does."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from training.quiet import quieten

    quieten(os.environ)
    from feedback.files import read_questions, read_replies
    from training.evaluate import evaluate_questions
    from training.train import train_lines

    bad = []
    questions = list(read_questions([data / f"{prefix}_questions_train.jsonl.gz"], bad))
    replies = list(read_replies([data / f"{prefix}_replies.jsonl"], bad))
    test = list(read_questions([data / f"{prefix}_questions_test.jsonl.gz"], bad))
    with tempfile.TemporaryDirectory() as models:
        trained = train_lines(replies, questions, models_dir=Path(models), seed=seed)
        version = Path(models) / "clerk" / str(trained.version)
        size = sum(file.stat().st_size for file in version.rglob("*") if file.is_file())
        started = perf_counter()
        measures = evaluate_questions(version, test)
        return {
            "top1": measures["top1"],
            "auroc": measures["handover_auroc"],
            "train_seconds": round(trained.seconds, 1),
            "test_seconds": round(perf_counter() - started, 1),
            "train_questions": len(questions),
            "pairs_per_second": trained.pairs_per_second,
            "peak_mb": trained.peak_mb,
            "version_mb": round(size / 1e6, 1),
            "bad_lines": len(bad),
            "evaluate": measures,
        }


def peer(asked, name):
    """Run `svm` under the peer's Python."""
    command = [asked.peer_python, __file__, asked.data, "--peer", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def svm(data, prefix):
    """Word 1-2-grams and character 2-5-grams, linear SVM; its margin tells what no reply fits."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    train = [line for line in lines(data, f"{prefix}_questions_train.jsonl.gz") if line["reply_id"]]
    test = lines(data, f"{prefix}_questions_test.jsonl.gz")
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(),
    )
    started = perf_counter()
    model.fit([line["question"] for line in train], [line["reply_id"] for line in train])
    trained = perf_counter()
    margins = model.decision_function([line["question"] for line in test])
    answered = perf_counter()
    best = model.classes_[margins.argmax(axis=1)]
    fits = np.array([line["reply_id"] is not None for line in test])
    right = np.array([line["reply_id"] for line in test], object) == best
    return {
        "top1": round(float(right[fits].mean()), 6),
        "auroc": None if fits.all() else round(roc_auc_score(fits, margins.max(axis=1)), 6),
        "train_seconds": round(trained - started, 1),
        "test_seconds": round(answered - trained, 1),
    }


def lines(data, name):
    """The objects of a gzipped JSON Lines file."""
    with gzip.open(data / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


if __name__ == "__main__":
    main()
