"""Draws how many conversations are right up to each turn, of several runs.

    .clerk/venv/bin/python -m benchmarks.conversation.draw OUT.png "before=r0.json" "now=r1.json"

Each run is what `benchmarks.conversation.run --json` printed.
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def main(out, *runs):
    """Draw one line a run."""
    figure, axes = pyplot.subplots(figsize=(6, 3.2))
    for run in runs:
        name, _, path = run.partition("=")
        shares = json.loads(Path(path).read_text(encoding="utf-8"))["right_so_far"][:4]
        axes.plot(range(1, len(shares) + 1), shares, marker="o", label=name)
    axes.set_xticks(range(1, 5))
    axes.set_xlabel("turn")
    axes.set_ylabel("right up to here, %")
    axes.set_ylim(0, 100)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.tight_layout()
    figure.savefig(out, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:])
