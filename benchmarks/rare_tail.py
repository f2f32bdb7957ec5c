"""Rare topics beside five that most shoppers ask about: what learning costs the worst of them.

A shop begins with five labelled questions a reply. Then nine in ten of its questions are about five
topics, and the staff approve each. Three models are asked test questions of all topics: the one of
the beginning, one that learns all examples alike, and one that learns them as `gather` weighs them.
"""

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from clinc150_town import clinc150_town

from feedback.knowledge import QuestionLine
from feedback.signals import Example, balanced
from serving.versions import VersionFolder
from shopclerk.commands.model import load_tensorflow
from shopclerk.simulation.population import (
    HARDLY_DRAFTING,
    LoopOptions,
    Population,
    dealt,
    narrowed,
)

COMMON: Final = 5  # topics
SHARE: Final = 0.9  # of what is asked


def main() -> None:
    """Print a line of JSON a model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="with CLINC150's files")
    parser.add_argument("--topics", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    load_tensorflow()
    for seed in range(1, asked.seeds + 1):
        town = narrowed(clinc150_town(asked.data), asked.topics)
        begin, weeks = dealt(town, LoopOptions(rounds=1, seed=seed))
        learned = [*begin, *_skewed(weeks[0], random.Random(seed))]
        examples = [_example(line) for line in learned]
        for name, told in (
            ("before", [_example(line) for line in begin]),
            ("all alike", examples),
            ("weighed", balanced(examples)),
        ):
            print(json.dumps({"seed": seed, "model": name, **_asked(town, told, seed)}), flush=True)


def _skewed(lines: Sequence[QuestionLine], chance: random.Random) -> list[QuestionLine]:
    """All questions of the common topics, and so many of the others that those are nine in ten."""
    common = set(chance.sample(sorted({str(line.reply_id) for line in lines}), COMMON))
    often = [line for line in lines if line.reply_id in common]
    rest = [line for line in lines if line.reply_id not in common]
    return [*often, *chance.sample(rest, round(len(often) * (1 - SHARE) / SHARE))]


def _example(line: QuestionLine) -> Example:
    said = (("shopper", line.question),)
    return Example(said, line.reply_id, 2.0, locale=line.locale, signal="approved")


def _asked(town: Population, told: Sequence[Example], seed: int) -> dict[str, float]:
    """Shares of first replies that are right: over all topics, and of the rarest and the worst."""
    from shopclerk.simulation.rounds import heard
    from training.data import from_examples
    from training.evaluation import LoadedVersion
    from training.fitting import TrainingData
    from training.jobs import train_model

    with tempfile.TemporaryDirectory() as folder:
        data = TrainingData(list(town.replies), from_examples(told))
        made = train_model(data, replace(HARDLY_DRAFTING, seed=seed), models_dir=Path(folder))
        model = LoadedVersion(VersionFolder(Path(folder)).path(made.version))
        rankings = model.rank([heard(line) for line in town.test])
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for ranking, line in zip(rankings, town.test, strict=True):
        right[str(line.reply_id)].append(ranking.candidates[0].reply_id == line.reply_id)
    shares = {name: sum(each) / len(each) for name, each in right.items()}
    common = {str(name) for name, _ in Counter(each.reply_id for each in told).most_common(COMMON)}
    rare = [share for name, share in shares.items() if name not in common]
    return {
        "examples": len(told),
        "right": round(sum(shares.values()) / len(shares), 4),
        "rare": round(sum(rare) / len(rare), 4),
        "worst": round(min(rare), 4),
    }


if __name__ == "__main__":
    main()
