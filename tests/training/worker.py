"""One worker of a training, as a process: `python -m tests.training.worker FOLDER [--die-after N]`.

It prints the loss after each epoch as JSON. With `--die-after` it kills itself once so many epochs
are on disk.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from training.fitting.tensorflow_setup import import_tensorflow


def main() -> None:
    """Train the small shop's model, alone or with those that `TF_CONFIG` names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--die-after", type=int)
    options = parser.parse_args()
    together = bool(os.environ.get("TF_CONFIG"))
    import_tensorflow(wake=not together)
    from training.fitting.multi_worker import Workers

    # Before anything that computes, be it while it is imported.
    workers = Workers() if together else None
    from dataclasses import replace

    import keras
    import numpy as np

    from tests.training.conftest import REPLIES, make_questions, small_config
    from training.data.gather import gather_material
    from training.data.pairs import from_questions
    from training.fitting.checkpoint import Checkpoint
    from training.fitting.epochs import run_epochs
    from training.fitting.learner import Learner

    keras.utils.set_random_seed(1)
    dials = small_config()
    # Nothing dropped: what is left between one worker and two is only how a batch is summed.
    train = replace(
        dials.train, epochs=5, batch=32, patience=99, dropout=0.0, token_dropout=0.0,
        piece_dropout=0.0, text_every=2,
    )  # fmt: skip
    pairs = from_questions(make_questions())
    material = gather_material(REPLIES, pairs, None, dials.model, share_aside=0.2, seed=1)
    learner = Learner(material.examples, dials.model, train, seed=1, workers=workers)
    learner.restart(material.learn)
    is_first = workers is None or workers.is_chief
    backup = Checkpoint(options.folder, writes=is_first)

    class Dying(Checkpoint):
        def save(self, key, facts, arrays):
            backup.save(key, facts, arrays)
            if facts["epoch"] == options.die_after:
                os.kill(os.getpid(), signal.SIGKILL)

        def load(self, key):
            return backup.load(key)

    came = run_epochs(
        learner, material.learn, material.aside, lambda *_: None, Dying(options.folder)
    )
    weights = float(sum(np.abs(weight.numpy()).sum() for weight in learner.weights_))
    sys.stdout.write(json.dumps({"curve": came.curve, "weights": weights}) + "\n")


if __name__ == "__main__":
    main()
