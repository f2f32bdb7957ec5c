"""Response ranking (1 of 100): our GRU against BM25 and MiniLM, in the same run.

    python benchmarks/ranking_vs_peers.py DATA --peer-python PEER
        [--sets star,sgd,taskmaster4,crosswoz] [--seeds 1] [--ours-only | --peers-only] [--limit N]

Ours is trained on SET_dialogues_train alone; all answer SET_ranking_test. Each peer is asked with
the last turn that somebody spoke and with the whole context: `best` names the better one by recall
at 1, which is more than it could be chosen by. PEER as in questions_vs_peers.py. Prints one JSON
object.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from running import OURS, ROOT, child, lines, machine, means, say

sys.path.insert(0, str(ROOT))
from training.evaluation.measures import ranking_measures


def main():
    asked = arguments()
    found = {}
    for name in asked.sets.split(","):
        cases = lines(asked.data / f"{name}_ranking_test.jsonl.gz")[: asked.limit]
        rows = {}
        if not asked.peers_only:
            talked = lines(asked.data / f"{name}_dialogues_train.jsonl.gz")[: asked.limit]
            rows["ours"] = ours(talked, cases, asked.seeds)
        if not asked.ours_only:
            rows |= peers(asked.peer_python, cases)
        found[name] = rows
        say(f"{name}: {json.dumps(rows)}")
    print(json.dumps({"seeds": asked.seeds, **machine(), "sets": found}, indent=1))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--sets", default="star,sgd,taskmaster4,crosswoz")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--limit", type=int, help="so many cases and dialogues, to try it out")
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--ours-only", action="store_true")
    sides.add_argument("--peers-only", action="store_true")
    asked = parser.parse_args()
    if not asked.ours_only and asked.peer_python is None:
        parser.error("name --peer-python, or leave the peers out: --ours-only")
    return asked


def ours(dialogues, cases, seeds):
    """Means over the seeds."""
    rows = []
    for seed in range(1, seeds + 1):
        task = {"dialogues": dialogues, "seed": seed, "ranking": cases}
        rows.append(child(OURS, "ours.py", task))
    return means(rows)


def peers(python, cases):
    """Each peer's better way of being asked, and both in full."""
    given = [
        {
            "last": next((t["text"] for t in reversed(c["turns"]) if t["speaker"] != "action"), ""),
            "context": " ".join(turn["text"] for turn in c["turns"]),
            "candidates": c["candidates"],
            "target": c["target"],
        }
        for c in cases
    ]
    ranks = child(python, "peers/ranking.py", {"cases": given})
    figures = {name: ranking_measures(np.array(places)) for name, places in ranks.items()}
    found = {}
    for peer in ("bm25", "minilm"):
        ways = {way: figures[f"{peer}_{way}"] for way in ("last", "context")}
        best = max(ways, key=lambda way: ways[way]["recall_at_1"])
        found[peer] = {"best": best, **ways[best], "ways": ways}
    return found


if __name__ == "__main__":
    main()
