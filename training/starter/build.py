"""Builds the starter weights from texts, by distillation; see SOURCES.md in this folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import tensorflow as tf

from training.data import Corpus
from training.model import COMMON, ModelConfig, by_count
from training.starter import weights
from training.starter.distil import EPOCHS, RATE, Pupil, Tell, distil, projection
from training.starter.gather import StarterSources, gather
from training.starter.lessons import joined, targets
from training.starter.spread import spread
from training.starter.teacher import teach
from training.starter.teacher_space import FILE as SPACE, fit_space, write_space

COMMON_FROM: Final = 2  # times; a word said once may be a slip itself


class OtherMake(Exception):
    """The weights to begin from are of a model with other sizes."""

    def __init__(self, start: Path) -> None:
        super().__init__(f"{start} holds no weights of this model's make. Leave --start out.")


@dataclass(frozen=True)
class BuildDials:
    """Passes over the lessons, the highest learning rate, and the seed of every choice made."""

    epochs: int = EPOCHS
    rate: float = RATE
    seed: int = 1


def build_starter(
    sources: StarterSources,
    python: Path,
    dials: BuildDials,
    *,
    work: Path,
    out: Path = weights.FILE,
    start: Path | None = None,
    tell: Tell,
) -> dict[str, Any]:
    """Gather lessons, let the teacher read them, teach the GRU, write its weights to `out`.

    Stopped in between, it goes on where `work` says it was; the same texts, seed and machine give
    the same weights.

    Args:
        sources: where its texts come from.
        python: the Python of the teacher's environment.
        dials: how it is taught.
        work: keeps the teacher's vectors and the pupil's state between runs.
        start: weights to go on from, as `out` has them; from nothing when not given.
        out: the file of weights; `words.txt` next to it holds the words of the texts.
        tell: takes lines for people.

    Raises:
        TeacherFailed: the teacher's Python did not do its work.
        OtherMake: the weights in `start` are of a model with other sizes.
    """
    work.mkdir(parents=True, exist_ok=True)
    model, seed = ModelConfig(), dials.seed
    lessons = gather(sources, seed=seed)
    tell(f"{len(lessons.lessons):,} lessons of {len(lessons.meanings):,} meanings")
    english, either = zip(*lessons.meanings, strict=True)
    by_minilm = teach("minilm", english, python, work, tell=tell)
    by_e5 = teach("e5", either, python, work, tell=tell)
    vectors = joined(lessons, by_minilm, by_e5)
    counts = Corpus(list(dict.fromkeys(english)), model).word_counts()
    words = by_count(counts, fewest=COMMON_FROM)
    if start is not None:  # what the earlier build read is still known
        known = start.with_name(COMMON.name).read_text(encoding="ascii").split()
        words = list(dict.fromkeys([*words, *known]))
    out.with_name(COMMON.name).write_text("\n".join(words) + "\n", encoding="ascii")
    axes = projection(vectors, model.dimensions)
    space = fit_space(either, by_e5, by_minilm, axes)
    write_space(space, out.with_name(SPACE.name))
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    pupil = Pupil(
        [lesson.text for lesson in lessons.lessons],
        targets(lessons, vectors),
        axes,
        model,
        seed=seed,
    )
    if start is not None:
        earlier = weights.unpack_starter(model, start)
        if earlier is None:
            raise OtherMake(start)
        pupil.begin_from(earlier)
    learned = distil(pupil, work, epochs=dials.epochs, peak=dials.rate, seed=seed, tell=tell)
    weights.pack(learned, model, out)
    made = {
        "lessons": len(lessons.lessons),
        "epochs": dials.epochs,
        "bytes": out.stat().st_size,
        "spread": spread(lessons, vectors, seed=seed),
    }
    (work / "made.json").write_text(json.dumps(made))
    return made
