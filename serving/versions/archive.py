"""Backup of model versions and labels: read file by file, and put back."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from serving.errors import ServingError
from serving.readers import open_like
from serving.versions.config_file import CONFIG, write_config
from serving.versions.folder import VersionFolder
from serving.versions.manifest import MANIFEST, replace_file, sync
from serving.versions.rollout import Rollout
from serving.versions.rollout_journal import HISTORY

Open = Callable[[], BinaryIO]


class VersionDiffers(ServingError):
    """A version of that number is there already, and it is another one."""

    def __init__(self, path: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"{path} is another version of the same number; name an empty folder"
            " (SHOPCLERK_MODELS_DIR), or lose it: --replace"
        )


class VersionFile(NamedTuple):
    """A file of a version, and how to read it."""

    version: int
    name: str  # within the version's folder, with slashes
    open: Open


def kept_files(rollout: Rollout) -> Iterator[VersionFile]:
    """Every file of the versions that a shop goes on with, oldest version first.

    Those are what labels name, what a rollback returns to, and the newest one, which may wait for
    its promotion. The others on disk are former champions: with each edit of a reply there is one
    more, and none of them is needed after a disk has died.
    """
    folder = rollout.folder
    newest = folder.versions()[-1:]
    for version in sorted({*rollout.needed(), *newest}.intersection(folder.versions())):
        path = folder.path(version)
        for file in sorted(each for each in path.rglob("*") if each.is_file()):
            yield VersionFile(version, file.relative_to(path).as_posix(), partial(_opened, file))


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


@contextlib.contextmanager
def standing_still(rollout: Rollout) -> Iterator[None]:
    """Nobody moves labels or deletes versions meanwhile, where the folder can be written."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(PermissionError, FileNotFoundError):
            held.enter_context(rollout.alone())
        yield


def history_of(folder: VersionFolder) -> str | None:
    """Where `stable` has pointed to, as it stands in its file."""
    path = folder.models_dir / HISTORY
    return path.read_text(encoding="utf-8") if path.is_file() else None


def put_versions(
    folder: VersionFolder, files: Iterable[VersionFile], *, replace: bool = False
) -> int:
    """Put versions in place, each whole or not at all; how many are new.

    The same version that is there already stays as it is.

    Raises:
        VersionDiffers: another version has its number, and `replace` was not said.
        BrokenVersion: a file did not come back as its manifest says.
    """
    written = 0
    for version, kept in _by_version(files):
        folder.base.mkdir(parents=True, exist_ok=True)
        writing = Path(tempfile.mkdtemp(prefix="restoring-", dir=folder.base))
        try:
            for file in kept:
                _write(writing, file)
            written += _place(folder, version, writing, replace=replace)
        finally:
            shutil.rmtree(writing, ignore_errors=True)
    return written


def put_labels(folder: VersionFolder, labels: Mapping[str, int], history: str | None) -> None:
    """Have the labels point where they did, under this folder's own path."""
    if history is not None:
        replace_file(folder.models_dir / HISTORY, history)
    if labels:
        config = write_config(folder.base.resolve(), sorted(set(labels.values())), labels)
        replace_file(folder.models_dir / CONFIG, config)


def _place(folder: VersionFolder, version: int, writing: Path, *, replace: bool) -> bool:
    target = folder.base / str(version)
    if target.exists():
        there, ours = target / MANIFEST, writing / MANIFEST
        if there.is_file() and there.read_bytes() == ours.read_bytes():
            return False
        if not replace:
            raise VersionDiffers(target)
        shutil.rmtree(target)
    open_like(folder.models_dir, folder.base, writing, *writing.rglob("*"))
    writing.rename(target)
    sync(folder.base)
    return True


def _write(folder: Path, file: VersionFile) -> None:
    inside = PurePosixPath(file.name)
    if inside.is_absolute() or ".." in inside.parts:
        raise ServingError(f"{file.name!r} would lie outside of its version's folder.")
    path = folder / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    with file.open() as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    sync(path)


def _by_version(files: Iterable[VersionFile]) -> Iterator[tuple[int, list[VersionFile]]]:
    found: dict[int, list[VersionFile]] = {}
    for file in files:
        found.setdefault(file.version, []).append(file)
    yield from sorted(found.items())
