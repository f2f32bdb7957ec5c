"""Training checkpoint: the state after each epoch on disk, from which a killed training goes on.

Only the one that writes (the first of several workers) saves; all read. The file appears by rename.
A state of another training, other data or other dials, is not taken.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class CheckpointState(NamedTuple):
    """Where a training stands, and the numbers it goes on from."""

    facts: dict[str, Any]
    arrays: dict[str, list[Array]]


class Checkpoint:
    """One file in `folder`."""

    def __init__(self, folder: Path, *, writes: bool = True) -> None:
        """Nothing is read before `load`."""
        self.path = folder / "epoch.npz"
        self.writes = writes

    def save(self, key: str, facts: Mapping[str, Any], arrays: Mapping[str, Sequence[Any]]) -> None:
        """Keep a state under the training's `key`."""
        if not self.writes:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        told = json.dumps({"key": key, **facts})
        named = {
            f"{name}.{place}": np.asarray(value)
            for name, values in arrays.items()
            for place, value in enumerate(values)
        }
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, facts=np.array(told), **named)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.path)

    def load(self, key: str) -> CheckpointState | None:
        """The state kept under `key`; None where there is none, or another's."""
        try:
            with np.load(self.path, allow_pickle=False) as kept:
                facts = json.loads(str(kept["facts"]))
                if facts.pop("key") != key:
                    return None
                arrays: dict[str, list[Array]] = {}
                order = sorted(
                    (name for name in kept.files if name != "facts"),
                    key=lambda name: (name.partition(".")[0], int(name.rpartition(".")[2])),
                )
                for name in order:
                    arrays.setdefault(name.partition(".")[0], []).append(kept[name])
        except (OSError, ValueError, KeyError):
            return None
        return CheckpointState(facts, arrays)

    def clear(self) -> None:
        """The training is done."""
        if self.writes:
            self.path.unlink(missing_ok=True)


def key_of(*parts: Any) -> str:
    """A name for a training: its data and dials.

    >>> key_of(np.arange(3), "dials") == key_of(np.arange(3), "dials")
    True
    >>> key_of(np.arange(3), "dials") == key_of(np.arange(4), "dials")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()
