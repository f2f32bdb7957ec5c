"""Writes versions with long reply books and an untrained encoder, for serving benchmarks."""

from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np

from serving.versions import VersionFolder
from training.data import Corpus
from training.fitting import Calibration, DraftPairs, VersionContents, fit_drafts, save
from training.model import Encoder, ModelConfig, TrainConfig, known_words, no_exemplars


def write_book(models_dir: Path, replies: int) -> None:
    """Publish a version that ranks `replies` random unit vectors."""
    write_books({models_dir: replies})


def write_books(sizes: Mapping[Path, int]) -> None:
    """Publish to each folder a version of so many replies; all of them have the same encoder."""
    keras.utils.set_random_seed(1)  # the same untrained encoder each time
    model = ModelConfig()
    encoder = Encoder(model)
    encoder.build()
    # of nothing to say: a decoder that was not taught
    drafter = fit_drafts(encoder, DraftPairs(Corpus(["hello"], model), np.zeros(1, np.int32), [""]))
    for models_dir, replies in sizes.items():
        vectors = np.random.default_rng(1).normal(size=(replies + 1, model.dimensions))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        fitted = VersionContents(
            encoder=encoder,
            reply_ids=tuple(f"reply_{number}" for number in range(replies)),
            text_vectors=vectors.astype(np.float32),
            own_vectors=np.zeros_like(vectors, np.float32),
            calibration=Calibration(),
            model=model,
            train=TrainConfig(),
            known_words=known_words({}),
            exemplars=no_exemplars(replies + 1, model.dimensions),
            drafter=drafter,
        )
        _publish(fitted, models_dir)


def _publish(fitted: VersionContents, models_dir: Path) -> None:
    VersionFolder(models_dir).publish(lambda folder: save(fitted, folder, scores={}, card=""))
