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
    levels, scales = _in_levels(table)
    arrays: dict[str, Array] = {
        "config": np.array(json.dumps(asdict(reader.config))),
        "calibration": np.array(calibration, np.float32),
        "table": levels,
        "scales": scales.astype(np.float16),
    }
    arrays |= {f"w{place}": weight.astype(np.float16) for place, weight in enumerate(rest)}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def unpack(path: Path = FILE) -> tuple[Reader, ReaderCalibration]:
    """The reader as it was taught, ready to be exported."""
    with np.load(path) as arrays:
        config = ReaderConfig(**json.loads(str(arrays["config"])))
        rest = [arrays[name] for name in sorted(arrays, key=_number) if _number(name) >= 0]
        reader = _with_levels(config, arrays["table"], arrays["scales"], rest)
        return reader, ReaderCalibration(*arrays["calibration"].tolist())


def begin_with(reader: Reader, earlier: Reader) -> None:
    """Let a reader that is to be taught go on where one that was packed stands."""
    table, *rest = _table_first(reader)
    table.assign(earlier.table.numpy().astype(np.float32) * earlier.scales.numpy())
    for variable, value in zip(rest, earlier.trainable_variables, strict=True):
        variable.assign(value)


def quantised(reader: Reader) -> Reader:
    """A taught reader as it would be packed, ready to be exported."""
    table, *rest = (variable.numpy() for variable in _table_first(reader))
    return _with_levels(reader.config, *_in_levels(table), rest)


def _in_levels(table: Array) -> tuple[Array, Array]:
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / LEVELS, 1e-8)
    return np.round(table / scales).astype(np.int8), scales


def _with_levels(
    config: ReaderConfig, levels: Array, scales: Array, rest: Sequence[Array]
) -> Reader:
    reader = Reader(config, whole=False)
    reader.build()
    reader.table.assign(levels)
    reader.scales.assign(scales.astype(np.float32))
    for variable, value in zip(reader.trainable_variables, rest, strict=True):
        variable.assign(value.astype(np.float32))
    return reader


def _number(name: str) -> int:
    return int(name[1:]) if name[1:].isdigit() else -1


def _table_first(reader: Reader) -> Sequence[Any]:
    rest = [variable for variable in reader.trainable_variables if variable is not reader.table]
    return [reader.table, *rest]
