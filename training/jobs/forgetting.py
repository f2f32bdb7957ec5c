"""Erasure from model versions: finds and removes what was made of erased people's words.

A version is touched where the data of its run held words of somebody erased since, and so is every
version that was made of such a one by a refresh. The champion is made again without those words, a
challenger on trial is withdrawn, and the others are deleted: rolling back must not bring them back.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from feedback.db import Forgetting
from serving.versions import VersionFolder
from training.data import lineage

Array = np.ndarray[Any, Any]

# Of a refreshed version's lineage: the run whose data it is of, and the erasures it was made after.
TRAINED_BY, WITHOUT = "trained_by", "without"
SAME: Final = 0.9999  # cosine of a question's vectors made in batches of other lengths: 1 - 1e-6
AT_ONCE: Final = 1_024  # questions compared with all remembered ones, 8,192 at most: 34 MB


def touched_versions(folder: VersionFolder, erased: Sequence[Forgetting]) -> list[int]:
    """The versions whose data held words of those erased, and that were not made without them."""
    found: list[int] = []
    runs = {run for one in erased for run in one.runs}
    names = {one.forgetting_id for one in erased}
    for version in folder.versions():
        try:
            about = lineage(folder.path(version))
        except (OSError, ValueError):
            continue  # made elsewhere; nothing of this store is in it
        learned = about.get(TRAINED_BY, about.get("run_id")) in runs
        if (learned or about.get("refreshed_from") in found) and not names <= {
            *about.get(WITHOUT, ())
        }:
            found.append(version)
    return found


def remembered_still(remembered: Array, itself: Array, asked: Array) -> Array:
    """Remembered questions [R,M,D] without those that nobody asks any more.

    In place of one that is gone comes another of the same reply, or the reply itself.

    Args:
        remembered: unit vectors, M a reply.
        itself: the replies' own vectors [R,D]; one that nobody asked for remembers itself.
        asked: the vectors [N,D] of all questions that are there.
    """
    rows, most, width = remembered.shape
    unit = itself / np.maximum(np.linalg.norm(itself, axis=1, keepdims=True), 1e-6)
    flat = remembered.reshape(-1, width)
    there = np.einsum("rmd,rd->rm", remembered, unit).reshape(-1) > SAME
    for start in range(0, len(asked), AT_ONCE):
        there |= (flat @ asked[start : start + AT_ONCE].T).max(axis=1, initial=-1.0) > SAME
    kept = remembered.copy()
    for row in np.flatnonzero(~there.reshape(rows, most).all(axis=1)):
        left = remembered[row][there.reshape(rows, most)[row]]
        kept[row] = left[np.arange(most) % len(left)] if len(left) else unit[row]
    return kept
