"""Serving latency over gRPC against MiniLM, on the same cores, questions and run.

    python benchmarks/serve_vs_minilm.py --peer-python PEER [--models DIR] [--quick]

Ours is `shopclerk bench serve`: text in, replies out, through the embedded server. The peer only
encodes, in its own process. PEER as in questions_vs_peers.py. Prints one JSON object.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from running import OURS, ROOT, child, machine

sys.path.insert(0, str(ROOT))
from benchmarks.product.shop import make_questions

BOOK = "2000"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", type=Path, required=True)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    before = machine()
    ours = serve(asked)
    needed = max(ours["singles"], ours["batch"] * ours["batches"])
    task = {key: ours[key] for key in ("singles", "batches", "batch")}
    task["questions"] = [line.question for line in make_questions(needed, seed=1)]
    peer = child(asked.peer_python, "peers/serve.py", task)
    book = ours["books"][BOOK]
    ratios = {
        "median_of_peers": round(book["median_ms"] / peer["median_ms"], 3),
        "times_the_peers_questions": round(
            book["questions_per_second"] / peer["questions_per_second"], 2
        ),
    }
    print(json.dumps({**before, "ours": ours, "minilm": peer, "ratios": ratios}, indent=1))


def serve(asked):
    command = [str(OURS), "-m", "shopclerk", "bench", "serve", "--json"]
    command += ["--models", str(asked.models.resolve())] if asked.models else []
    command += ["--quick"] if asked.quick else []
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
