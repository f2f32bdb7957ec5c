"""Writes tiny SavedModels with the contract's signatures; run as a script: it loads TensorFlow.

Usage: python -m tests.serving.toy_model FOLDER REPLY_ID…

With `--serve`, FOLDER becomes what a TensorFlow Serving must be started on for the conformance
tests to run against it: FOLDER/clerk/1 and FOLDER/models.config (see docs/serving.md).
"""

import shutil
import sys
import tempfile
from pathlib import Path

import tensorflow as tf

from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout


class Toy(tf.Module):
    """Answers every dialogue with one reply and `offset` minus, embeds a text by its length."""

    def __init__(self, reply_id: str) -> None:
        super().__init__()
        self.reply_id = tf.Variable(reply_id)
        self.weight = tf.Variable(tf.ones([1_000]))  # so that variables have a size to corrupt

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="dialogue")])
    def rank(self, dialogue):
        count = tf.shape(dialogue)[0]
        return {
            "reply_id": tf.fill([count, 2], self.reply_id),
            "score": tf.tile([[2.0, 1.0]], [count, 1]),
            "confidence": tf.cast(tf.strings.length(dialogue), tf.float32) / 128 * self.weight[0],
        }

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def embed(self, text):
        return {
            "vector": tf.stack(
                [tf.ones_like(text, tf.float32), 0.0 * tf.ones_like(text, tf.float32)], 1
            )
        }

    @tf.function(input_signature=[tf.TensorSpec([None], tf.int32, name="tokens")])
    def count(self, tokens):
        return {"total": tf.gather(self.weight, tokens)}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None], tf.string, name="dialogue"),
            tf.TensorSpec([None], tf.string, name="reply"),
        ]
    )
    def join(self, dialogue, reply):
        joined = tf.strings.join([dialogue, "|", reply])
        return {"joined": joined, "joined_bytes": joined}

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32, name="rows")])
    def multiply(self, rows):
        return {"sums": tf.matmul(rows, tf.reshape(self.weight[:6], [3, 2]))}


def write(folder: Path, reply_id: str) -> None:
    """Save a toy that answers `reply_id`."""
    toy = Toy(reply_id)
    signatures = {
        "rank": toy.rank,
        "serving_default": toy.rank,
        "embed": toy.embed,
        "count": toy.count,
        "join": toy.join,
        "multiply": toy.multiply,
    }
    tf.saved_model.save(toy, str(folder), signatures=signatures)


def write_served(models_dir: Path) -> None:
    """A models folder with one toy, labelled `stable`."""
    with tempfile.TemporaryDirectory() as made:
        write(Path(made), "one")
        folder = VersionFolder(models_dir)
        version = folder.publish(lambda path: shutil.copytree(made, path, dirs_exist_ok=True))
    Rollout(folder).promote(version)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        write_served(Path(sys.argv[1]))
    else:
        for reply_id in sys.argv[2:]:
            write(Path(sys.argv[1]) / reply_id, reply_id)
