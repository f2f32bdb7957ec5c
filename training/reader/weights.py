"""File format of the reader's weights: int8 for its table, float16 for the rest."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from training.model import Reader, ReaderConfig

FILE: Final = Path(__file__).parent / "weights.npz"
LEVELS: Final = 127

Array = np.ndarray[Any, Any]


class ReaderCalibration(NamedTuple):
    """How logits become probabilities that hold."""

    sharpness: float = 1.0  # times all logits
    doubt: float = 0.0  # added to "nothing here answers"
    found: float = 0.0  # times how likely a sentence is by how it was found alone


UNCALIBRATED: Final = ReaderCalibration()


def pack(reader: Reader, calibration: ReaderCalibration, path: Path = FILE) -> None:
    """Write a taught reader; the table's rows have one scale each."""
    table, *rest = (variable.numpy() for variable in _table_first(reader))
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / LEVELS, 1e-8)
    arrays: dict[str, Array] = {
        "config": np.array(json.dumps(asdict(reader.config))),
        "calibration": np.array(calibration, np.float32),
        "table": np.round(table / scales).astype(np.int8),
        "scales": scales.astype(np.float16),
    }
    arrays |= {f"w{place}": weight.astype(np.float16) for place, weight in enumerate(rest)}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def unpack(path: Path = FILE) -> tuple[Reader, ReaderCalibration]:
    """The reader as it was taught, ready to be exported."""
    with np.load(path) as arrays:
        reader = Reader(ReaderConfig(**json.loads(str(arrays["config"]))), whole=False)
        reader.build()
        reader.table.assign(arrays["table"])
        reader.scales.assign(arrays["scales"].astype(np.float32))
        for place, variable in enumerate(reader.trainable_variables):
            variable.assign(arrays[f"w{place}"].astype(np.float32))
        return reader, ReaderCalibration(*arrays["calibration"].tolist())


def _table_first(reader: Reader) -> Sequence[Any]:
    rest = [variable for variable in reader.trainable_variables if variable is not reader.table]
    return [reader.table, *rest]
