"""A small shop, and a model trained for it once; only then is TensorFlow imported."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from feedback.knowledge.importers.records import QuestionLine, ReplyLine
from tests.snapshots import made_once

REPLIES = [
    ReplyLine("order_status", "Your order {order.number} is {order.status}."),
    ReplyLine("returns", "Send it back within {policy.return_days} days."),
    ReplyLine("returns", "您可以在 {policy.return_days} 天内退货。", "zh"),
    ReplyLine("hours", "We are open from nine to five."),
]
WORDED = {
    ("order_status", "en"): "where is my {} order|has my {} parcel left|track my {} delivery",
    ("returns", "en"): "send back my {} shirt|i want to return a {} hat|refund for the {} shoes",
    ("returns", "zh"): "我想退{}色的鞋|{}色的衣服怎么退|{}色的帽子可以退货吗",
    ("hours", "en"): "when do you open on {}|what are your hours on {}|are you closed on {}",
    (None, "en"): "sing a {} song|who painted the {} wall|tell me a {} joke",
}
FILLERS = {
    "en": ["red", "blue", "green", "black", "white", "grey", "brown", "pink"],
    "zh": ["红", "蓝", "绿", "黑", "白", "灰", "棕", "粉"],
}


def make_questions(*, shuffled: bool = False) -> list[QuestionLine]:
    """120 questions, 24 for each reply and language; shuffled: with the wrong replies."""
    lines = [
        QuestionLine(wording.format(filler), reply_id, locale)
        for (reply_id, locale), wordings in WORDED.items()
        for wording in wordings.split("|")
        for filler in FILLERS[locale]
    ]
    if not shuffled:
        return lines
    wrong = {"order_status": "returns", "returns": "hours", "hours": "order_status", None: "hours"}
    return [line._replace(reply_id=wrong[line.reply_id]) for line in lines]


if TYPE_CHECKING:
    from training.model.config import Hyperparameters


class Small(NamedTuple):
    """A models folder with one version in it."""

    models_dir: Path
    trained: Any
    told: list[tuple[float, str]]  # how far it was, time and again

    @property
    def folder(self) -> Path:
        return self.models_dir / "clerk" / str(self.trained.version)


def small_config(**changed: Any) -> "Hyperparameters":
    """Dials for a model that trains in seconds; `changed` are the training's own."""
    import tensorflow as tf

    # Improving a graph takes longer than running it does here: a sixth of a test's time.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    from training.model.config import DecoderConfig, Hyperparameters, ModelConfig, TrainConfig

    decoder = DecoderConfig(vocabulary=200, width=24, units=32, token_budget=4_000)
    train = TrainConfig(epochs=10, learning_rate=5e-3, crossed=0, decoder=decoder)
    return Hyperparameters(
        ModelConfig(buckets=4_096, width=32, units=24, dimensions=32), replace(train, **changed)
    )


def train_small(models_dir: Path, **options: Any) -> Any:
    """Train on the small shop and publish."""
    from training.jobs.train_once import train_lines

    given = {
        "replies": REPLIES,
        "questions": make_questions(),
        "hyperparameters": small_config(),
        **options,
    }
    return train_lines(models_dir=models_dir, **given)


@pytest.fixture(scope="session")
def small(shared_folder: Path) -> Small:
    """The small shop's first version."""
    small_config()  # how TensorFlow treats graphs here, whoever trained
    folder, told = shared_folder / "small", list[tuple[float, str]]()

    def make(models_dir: Path) -> Any:
        trained = train_small(models_dir, progress=lambda share, text: told.append((share, text)))
        return trained, told

    return Small(folder, *made_once(folder, make))


@pytest.fixture(scope="session")
def first(shared_folder: Path, migrated_file: Path) -> tuple[Path, Any]:
    """The folder a shop's first turn left, and its outcome: tests go on from copies."""
    folder = shared_folder / "first-turn"

    def make(folder: Path) -> Any:
        from tests.training.shop import first_turn

        shutil.copyfile(migrated_file, folder / "shop.db")
        return first_turn(folder)

    return folder, made_once(folder, make)
