"""Teacher space: from the teachers' vectors of a text to the vector that the encoder is taught.

A starter is taught projections of both teachers' vectors side by side. A shop's own texts are
taught in the same space, so the build keeps what led there, next to the weights: the axes, what all
of E5's vectors of a language share, and what MiniLM would say by what E5 says, for a text that
MiniLM cannot read or where it is not installed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

FILE: Final = Path(__file__).parent / "teacher_space.npz"
RIDGE: Final = 1e-3

Array = np.ndarray[Any, Any]


class TeacherSpace(NamedTuple):
    """Matrices for vectors of 384 numbers of each of the two teachers."""

    axes: Array  # [768,D], the directions that are taught
    shared: Array  # [2,384], the mean of E5's vectors of English texts, and of others
    guess: Array  # [384,384], MiniLM's vector by E5's

    def taught(self, texts: Sequence[str], either: Array, english: Array | None = None) -> Array:
        """The unit vectors [N,D] that `texts` are taught.

        Args:
            texts: the texts, for their language.
            either: what E5 says of them [N,384].
            english: what MiniLM says of them; read for those in English alone.
        """
        is_english = np.array([text.isascii() for text in texts])
        second = unit(either.astype(np.float32) - self.shared[np.where(is_english, 0, 1)])
        first = unit(second @ self.guess)
        if english is not None:
            first[is_english] = unit(english.astype(np.float32))[is_english]
        return unit(unit(np.concatenate([first, second], axis=1)) @ self.axes)


def fit_space(texts: Sequence[str], either: Array, english: Array, axes: Array) -> TeacherSpace:
    """The space of a build: E5 has read `texts`, MiniLM each one's English side."""
    is_english = np.array([text.isascii() for text in texts])
    vectors = either.astype(np.float32)
    nothing = np.zeros(vectors.shape[1], np.float32)
    shared = np.stack(
        [vectors[of].mean(axis=0) if of.any() else nothing for of in (is_english, ~is_english)]
    )
    second = unit(vectors - shared[np.where(is_english, 0, 1)])
    square = second.T @ second
    square += RIDGE * float(np.trace(square)) / len(square) * np.eye(len(square))
    guess = np.linalg.solve(square, second.T @ unit(english.astype(np.float32)))
    return TeacherSpace(axes, shared, guess)


def write_space(space: TeacherSpace, path: Path) -> None:
    """Keep it next to the weights."""
    arrays = {name: getattr(space, name).astype(np.float16) for name in TeacherSpace._fields}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def read_space(path: Path = FILE) -> TeacherSpace:
    """The space of the starter that ships."""
    with np.load(path) as kept:
        return TeacherSpace(*(kept[name].astype(np.float32) for name in TeacherSpace._fields))


def unit(vectors: Array) -> Array:
    """Rows of length one."""
    found: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)
    return found
