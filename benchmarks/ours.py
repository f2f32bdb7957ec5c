"""Child process that trains and evaluates our model, as `shopclerk train` and `evaluate` do.

    python ours.py TASK.json RESULT.json

TASK holds lines in the formats of the README: `replies`, `questions` or `dialogues`, `seed`, maybe
unlabelled `texts` and the Python of a `teacher`, and either `tests` {name: questions} or `ranking`.
RESULT holds the figures of training and, for each test, whether the first reply was right, how sure
the model was and what the clerk would do.
"""

import json
import sys
import tempfile
from pathlib import Path

from bot.conversation import MAX_CHOICES, Policy
from feedback.knowledge.importers.files import (
    dialogue_from_json,
    question_from_json,
    ranking_from_json,
    reply_from_json,
)
from shopclerk.logs import set_up_logs
from training.fitting.tensorflow_setup import import_tensorflow

TIMED = 300  # questions, one at a time, inside the process


def main():
    set_up_logs("warning")
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    import_tensorflow()
    with tempfile.TemporaryDirectory(prefix="benchmark-models-") as folder:
        found = run(task, Path(folder))
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def run(task, models_dir):
    from training.data.pairs import from_questions
    from training.evaluation.evaluate import LoadedVersion, evaluate_questions, evaluate_ranking
    from training.jobs import FileTeacher, train_lines
    from training.model import Hyperparameters

    python = task.get("teacher")
    teacher = python and FileTeacher(Path(python), print_line)
    trained = train_lines(
        [reply_from_json(line) for line in task.get("replies", ())],
        [question_from_json(line) for line in task.get("questions", ())],
        [dialogue_from_json(line) for line in task.get("dialogues", ())],
        models_dir=models_dir,
        texts=task.get("texts", ()),
        teacher=teacher,
        hyperparameters=Hyperparameters(seed=task["seed"]),
        progress=_tell(),
    )
    path = models_dir / "clerk" / str(trained.version)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    found = {
        "train_seconds": round(trained.seconds, 1),
        "pairs_per_second": trained.pairs_per_second,
        "peak_mb": trained.peak_mb,
        "version_mb": round(size / 1e6, 1),
    }
    if "own_texts" in trained.scores:
        found |= {f"own_texts_{name}": value for name, value in trained.scores["own_texts"].items()}
    if "ranking" in task:
        cases = [ranking_from_json(line) for line in task["ranking"]]
        return {**found, **evaluate_ranking(path, cases)}
    version = LoadedVersion(path)
    for name, questions in task["tests"].items():
        lines = [question_from_json(line) for line in questions]
        found[name] = decided(
            version.rank([each.dialogue for each in from_questions(lines)]), lines
        )
    found["median_ms"] = evaluate_questions(path, lines[:TIMED])["median_ms"]
    return found


def decided(rankings, lines):
    """Whether the first reply is right and how sure the model is; and what the clerk would do."""
    policy, wanted = Policy(), [line.reply_id for line in lines]
    found = {"right": [], "score": [], "kind": [], "among": []}
    for ranking, reply_id in zip(rankings, wanted, strict=True):
        ids = [candidate.id for candidate in ranking.candidates[:MAX_CHOICES]]
        found["right"].append(ids[0] == reply_id)
        found["among"].append(reply_id in ids)
        found["score"].append(ranking.confidence)
        found["kind"].append(policy.decide(ranking).kind)
    return found


def print_line(line):
    print(f"    ours: {line}", file=sys.stderr, flush=True)


def _tell():
    told = [""]

    def progress(_, text):
        if text != told[0]:
            told[0] = text
            print(f"    ours: {text} …", file=sys.stderr, flush=True)

    return progress


if __name__ == "__main__":
    main()
