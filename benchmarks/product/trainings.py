"""The trainings that the benchmark measures; each loads TensorFlow in its own process."""

from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.product.shop import make_questions, make_replies
from training.jobs import Trained, train_lines
from training.model import DecoderConfig, Hyperparameters, TrainConfig

FIRST: Final = 1  # the version a full training makes
SEED: Final = 1
FEW_TOKENS: Final = 8_000
LEARNING: Final = 0.06  # of a training's progress
LATER_SEED: Final = 2  # of questions that came later


def full(models_dir: Path, questions: int) -> dict[str, Any]:
    """From nothing, as `shopclerk train` does it."""
    started = perf_counter()
    asked = make_questions(questions, seed=SEED)
    trained = train_lines(make_replies(), asked, models_dir=models_dir, version=FIRST)
    return {"questions": questions, **_figures(trained, started)}


def warm(models_dir: Path, questions: int, new: int) -> dict[str, Any]:
    """From the weights of `full`, on its questions and `new` ones, as the nightly retraining."""
    started = perf_counter()
    asked = chain(make_questions(questions, seed=SEED), make_questions(new, seed=LATER_SEED))
    trained = train_lines(make_replies(), asked, models_dir=models_dir, warm_start=FIRST)
    return {"questions": questions, "new_questions": new, **_figures(trained, started)}


def one_pass(models_dir: Path, examples: int) -> dict[str, Any]:
    """Every example once, and few of the replies' words: more takes longer, not more memory."""
    started = perf_counter()
    asked = make_questions(examples, seed=SEED)
    decoder = DecoderConfig(token_budget=FEW_TOKENS)
    once = Hyperparameters(train=TrainConfig(epochs=1, take_in=0, decoder=decoder))
    trained = train_lines(make_replies(), asked, models_dir=models_dir, hyperparameters=once)
    return {"examples": examples, **_figures(trained, started)}


def behind(models_dir: Path, questions: int, burning: Any) -> None:
    """As `full`; the event `burning` is set when it has read the questions and learns."""

    def progress(share: float, _: str) -> None:
        if share > LEARNING:
            burning.set()

    asked = make_questions(questions, seed=SEED)
    train_lines(make_replies(), asked, models_dir=models_dir, progress=progress)


def _figures(trained: Trained, started: float) -> dict[str, Any]:
    return {
        "seconds": round(perf_counter() - started, 1),  # reading and writing included
        "pairs_per_second": trained.pairs_per_second,
        "epochs": trained.scores.get("epochs"),
        "top1": trained.scores.get("top1"),
        "peak_mb": trained.peak_mb,
    }
