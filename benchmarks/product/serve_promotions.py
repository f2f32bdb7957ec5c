"""Availability during promotions, broken versions among them, under load."""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.product.figures import machine, tell
from benchmarks.product.serve import LOADING, SECONDS, publish_some
from benchmarks.product.serve_load import Load
from benchmarks.product.shop import make_dialogues
from serving.client import TFServingRanker, saved_model_pb2
from serving.contract import STABLE
from serving.errors import BrokenVersion, VersionNotLoaded
from serving.server import start_embedded
from serving.versions import Rollout, VersionFolder
from shopclerk.settings import child_environment

CALLERS: Final = 8
KEY: Final = b"a key for this measurement only."
SEEN_SECONDS: Final = 60.0  # until callers see a rollback, at most
WEIGHTS: Final = "variables/variables.data-00000-of-00001"


class _Unchecked(VersionFolder):
    """Promotes without looking, as a careless hand would: the server has to look."""

    def verify(self, version: int) -> None:
        """Take it as it is."""


def bench_promotions(
    models_dir: Path | None, *, promotions: int, corrupt: int, per_second: float
) -> dict[str, Any]:
    """`promotions` of good versions, and each second one of `corrupt` broken ones by force."""
    busy = machine()
    with tempfile.TemporaryDirectory(prefix="bench-promotions-") as name, ExitStack() as running:
        folder = VersionFolder(Path(name), [KEY])
        publish_some(models_dir, folder.models_dir, [KEY])
        first = folder.path(1)
        child = start_embedded(
            folder.models_dir, environment=child_environment(), wait_seconds=LOADING, keys=[KEY]
        )
        running.callback(child.stop)
        client, moving = (TFServingRanker(child.address, timeout=SECONDS) for _ in range(2))
        running.callback(client.close)
        running.callback(moving.close)
        every = promotions + corrupt + 1
        rollout = Rollout(folder, moving, keep=every, load_seconds=LOADING)
        unchecked = _Unchecked(folder.models_dir)
        careless = Rollout(unchecked, moving, keep=every, load_seconds=LOADING)
        dialogues = [dialogue for dialogue, _ in make_dialogues(500, seed=1)]
        took: list[float] = []
        refused, harmed = 0, set[int]()
        with Load(
            lambda dialogue: client.rank(dialogue, locale="en", label=STABLE),
            dialogues, CALLERS, per_second,
        ) as load:  # fmt: skip
            for number in range(promotions):
                if number * corrupt // promotions != (number + 1) * corrupt // promotions:
                    broken = _break(folder, _copy(folder, first), len(harmed))
                    harmed.add(broken)
                    tell(f"broken version {broken} …")
                    refused += _refuses(rollout, broken)
                    refused += _refuses(careless, broken)
                version = _copy(folder, first)
                tell(f"version {version} …")
                began = time.monotonic()
                rollout.promote(version)
                took.append(time.monotonic() - began)
            began = time.monotonic()
            target = rollout.rollback()
            seen_after = _until_all_answer(load, target, began)
        answers = {seen.ranking.version for seen in load.seen if seen.ranking is not None}
        return {
            **busy,
            **load.figures(),
            "promotions": promotions,
            "promotion_seconds": round(median(took), 3),
            "corrupt": len(harmed),
            "refusals": refused,  # twice each: by the rollout, and by the server alone
            "corrupt_served": len(harmed & answers),
            "versions_seen": len(answers),
            "rollback_seen_seconds": seen_after,
        }


def _copy(folder: VersionFolder, version: Path) -> int:
    return folder.publish(lambda path: shutil.copytree(version, path, dirs_exist_ok=True))


def _refuses(rollout: Rollout, version: int) -> bool:
    try:
        rollout.promote(version)
    except (BrokenVersion, VersionNotLoaded):
        return True
    return False


def _until_all_answer(load: Load, version: int, began: float) -> float | None:
    """Seconds from `began` until no caller gets another version's answer any more."""
    deadline = time.monotonic() + SEEN_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.2)
        newest = [seen for seen in load.seen if seen.at > began]
        others = [seen for seen in newest if seen.ranking and seen.ranking.version != version]
        last = max((seen.at + seen.seconds for seen in others), default=began)
        if len(newest) > len(others) and time.monotonic() - last > 1.0:
            return round(last - began, 3)
    return None


def _break(folder: VersionFolder, version: int, kind: int) -> int:
    """Harm a version on disk, each time in another way."""
    path = folder.path(version)
    harms: Sequence[Callable[[Path], object]] = (
        lambda path: _flip(path / WEIGHTS),
        lambda path: (path / WEIGHTS).write_bytes((path / WEIGHTS).read_bytes()[:-100]),
        lambda path: (path / "variables/variables.index").unlink(),
        _make_it_write_files,
        lambda path: (path / "saved_model.pb").write_bytes(b"\x00" * 1_000),
    )
    harms[kind % len(harms)](path)
    return version


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for place in (len(data) // 3, len(data) // 2, -1):
        data[place] ^= 0xFF
    file.write_bytes(data)


def _make_it_write_files(path: Path) -> None:
    """A program in the model's clothes, with a manifest that fits it, signed by nobody."""
    model = saved_model_pb2.SavedModel.FromString((path / "saved_model.pb").read_bytes())
    model.meta_graphs[0].graph_def.node.add(name="harm", op="WriteFile")
    (path / "saved_model.pb").write_bytes(model.SerializeToString())
    (path / "complete.json").unlink()
