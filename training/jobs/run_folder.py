"""Run folder: where a retraining keeps its data, draft and checkpoint on disk.

Each part appears by rename, whole or not at all, so that anyone who goes on after a crash finds a
part done or not begun. Examples lie in shards of JSON Lines, which a training can also stream.
"""

import gzip
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from feedback.knowledge import ProductLine, ReplyLine, Translation
from training.data import Pair
from training.fitting import ProductPair
from training.starter import SpokenText

FOLDER: Final = "retraining"  # next to the versions, on the disk that every trainer shares
DATA: Final = "data"
DRAFT: Final = "draft"
BACKUP: Final = "backup"
TEACHING: Final = "teaching"
SAID: Final = "said.json"
SHARD: Final = 50_000  # examples in one file

PARTS: Final = ("learn", "frozen", "newest")


class RunData(NamedTuple):
    """The data of a run as it lies in its folder."""

    replies: list[ReplyLine]
    products: list[ProductLine]
    chosen: list[ProductPair]
    learn: list[Pair]
    frozen: list[Pair]
    newest: list[Pair]
    texts: list[SpokenText]  # unlabelled, for a teacher to read; none without one
    said: dict[str, int]  # words that enough shoppers said, and how often: nobody's name
    about: dict[str, Any]  # digests and counts


class RunFolder:
    """The folder of one run."""

    def __init__(self, models_dir: Path, run_id: str) -> None:
        """It need not exist yet."""
        self.path = models_dir / FOLDER / run_id

    @property
    def draft(self) -> Path:
        """The challenger before it has a number."""
        return self.path / DRAFT

    @property
    def backup(self) -> Path:
        """The training's own state after each epoch."""
        return self.path / BACKUP

    @property
    def teaching(self) -> Path:
        """What a teacher has read, and how far the round over it is."""
        return self.path / TEACHING

    def clear(self) -> None:
        """Start again, or leave nothing behind: the data holds what people wrote."""
        shutil.rmtree(self.path, ignore_errors=True)

    def forget_before(self, erased_at: datetime) -> None:
        """Take away what was written before somebody was erased: their words may be among it."""
        for name in (DATA, DRAFT, BACKUP, TEACHING):
            part = self.path / name
            with suppress(FileNotFoundError):
                if part.stat().st_mtime <= erased_at.timestamp():
                    shutil.rmtree(part, ignore_errors=True)

    def keep(self, data: RunData) -> None:
        """Write the run's data."""

        def write(folder: Path) -> None:
            for name in PARTS:
                write_shards(folder, name, (asdict(pair) for pair in getattr(data, name)))
            for name in ("replies", "products", "chosen", "texts"):
                write_shards(folder, name, (row._asdict() for row in getattr(data, name)))
            (folder / SAID).write_text(json.dumps(data.said), encoding="utf-8")
            (folder / "about.json").write_text(json.dumps(data.about), encoding="utf-8")

        self._make(DATA, write)

    def data(self) -> RunData:
        """Read the run's data."""
        folder = self.path / DATA
        learn, frozen, newest = (list(read_pairs(folder, name)) for name in PARTS)
        return RunData(
            replies=[ReplyLine(**row) for row in read_shards(folder, "replies")],
            products=[_product(row) for row in read_shards(folder, "products")],
            chosen=[ProductPair(**row) for row in read_shards(folder, "chosen")],
            learn=learn,
            frozen=frozen,
            newest=newest,
            texts=[SpokenText(**row) for row in read_shards(folder, "texts")],
            said=json.loads((folder / SAID).read_text(encoding="utf-8")),
            about=json.loads((folder / "about.json").read_text(encoding="utf-8")),
        )

    def keep_draft(self, write: Callable[[Path], object]) -> None:
        """Let `write` fill the challenger's folder."""
        self._make(DRAFT, write)

    def _make(self, name: str, write: Callable[[Path], object]) -> None:
        making = self.path / f"{name}.part"
        shutil.rmtree(making, ignore_errors=True)
        shutil.rmtree(self.path / name, ignore_errors=True)
        making.mkdir(parents=True, mode=0o700)  # what shoppers wrote is nobody else's business
        write(making)
        making.rename(self.path / name)


def _product(row: dict[str, Any]) -> ProductLine:
    said = tuple(Translation(*each) for each in row["translations"])
    return ProductLine(**{**row, "variants": (), "translations": said})


def sweep(models_dir: Path, keep: str | None) -> None:
    """Take away the folders of all runs but `keep`: their workers died, and nobody goes on."""
    for folder in (models_dir / FOLDER).glob("*"):
        if folder.name not in (keep, BACKUP):
            shutil.rmtree(folder, ignore_errors=True)


def write_shards(
    folder: Path, name: str, rows: Iterable[Mapping[str, Any]], *, size: int = SHARD
) -> list[Path]:
    """Write rows as `name-00000.jsonl.gz` and so on; the same rows give the same bytes."""
    paths: list[Path] = []
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        path = folder / f"{name}-{len(paths):05d}.jsonl.gz"
        with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            for row in batch:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                packed.write(line.encode("utf-8", "surrogatepass") + b"\n")
        paths.append(path)
    return paths


def read_shards(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows again, one at a time."""
    yield from read_rows(sorted(folder.glob(f"{name}-*.jsonl.gz")))


def read_rows(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The rows of shards, one at a time."""
    for path in paths:
        with gzip.open(path, "rb") as file:
            for line in file:
                yield json.loads(line.decode("utf-8", "surrogatepass"))


def read_pairs(folder: Path, name: str) -> Iterator[Pair]:
    """The pairs of shards, one at a time."""
    for row in read_shards(folder, name):
        yield Pair(**{**row, "rejected": tuple(row["rejected"])})
