"""Warm start: begins a training with an earlier version's weights, though the book has changed."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import structlog
import tensorflow as tf

from training.data import EXTRA, LINEAGE, lineage
from training.fitting.draft_quality import DraftWeights, drafts_of
from training.fitting.export import encoder_weights
from training.model import DecoderConfig, ModelConfig

SIZES: Final = ("width", "units")  # of a decoder; its words may differ

Array = np.ndarray[Any, Any]

log = structlog.get_logger()


class Weights(NamedTuple):
    """What an earlier version knew."""

    encoder: list[Array]
    own: dict[str, Array]  # learned vectors by reply_id; "" is "no reply fits"
    drafts: DraftWeights | None  # None where its decoder was of another configuration
    taught: Mapping[
        str, Any
    ]  # what the round over the shop's own texts came to; {}: there was none


def read(folder: Path, model: ModelConfig, decoder: DecoderConfig) -> Weights | None:
    """The weights of the version in `folder`; None where they are no use.

    It was made by another configuration, or before dialogues were taught: then the starter, which
    reads them, is the better beginning.
    """
    about = lineage(folder)
    if about["model"] != asdict(model):
        log.warning("training.cold_start", parent=folder.name, reason="another configuration")
        return None
    if not about.get("reads_dialogues"):
        log.warning("training.cold_start", parent=folder.name, reason="taught lone questions")
        return None
    loaded = tf.saved_model.load(str(folder))
    names = ["", *about["reply_ids"]]
    own = dict(zip(names, loaded.own.numpy(), strict=True))
    alike = all(about["train"]["decoder"][size] == getattr(decoder, size) for size in SIZES)
    drafts = drafts_of(loaded) if alike else None
    taught = about.get("scores", {}).get("own_texts", {})
    return Weights(encoder_weights(loaded), own, drafts, taught)


def add_lineage(folder: Path, about: dict[str, Any]) -> None:
    """Write more next to a version, before it is sealed."""
    path = folder / EXTRA / LINEAGE
    path.write_text(json.dumps({**lineage(folder), **about}, ensure_ascii=False, indent=1) + "\n")
