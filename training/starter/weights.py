"""File format of the starter weights: int8 for the large table, float16 for the rest."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from training.model import ModelConfig

FILE: Final = Path(__file__).parent / "weights.npz"
LARGE: Final = 1 << 22  # numbers; only the table of words and n-grams has more
LEVELS: Final = 127

Array = np.ndarray[Any, Any]


def pack(weights: list[Array], model: ModelConfig, path: Path = FILE) -> None:
    """Write the encoder's weights; a large array's rows share one scale each."""
    arrays: dict[str, Array] = {"model": np.array(json.dumps(asdict(model)))}
    for place, weight in enumerate(weights):
        if weight.size < LARGE:
            arrays[f"w{place}"] = weight.astype(np.float16)
            continue
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / LEVELS, 1e-8)
        arrays[f"w{place}"] = np.round(weight / scale).astype(np.int8)
        arrays[f"s{place}"] = scale.astype(np.float16)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def unpack_starter(model: ModelConfig, path: Path = FILE) -> list[Array] | None:
    """The encoder's weights, float32; None where they are of another make than `model`."""
    if not path.exists():
        return None
    with np.load(path) as arrays:
        if json.loads(str(arrays["model"])) != asdict(model):
            return None
        found = []
        for place in range(sum(name.startswith("w") for name in arrays)):
            weight = arrays[f"w{place}"].astype(np.float32)
            scale = f"s{place}"
            found.append(weight * arrays[scale].astype(np.float32) if scale in arrays else weight)
    return found
