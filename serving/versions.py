"""The version folders: publish, list, verify, prune.

`MODELS_DIR/clerk/7/` is version 7. A folder appears by rename, whole or not at all: it is written
under a name that is no number, which model servers pass over, synced to disk and then renamed.
`complete.json` names every file's SHA-256, so half-written or changed folders are told from others.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from serving import contract
from serving.errors import BrokenVersion, NoVersions, ServingError, UnknownVersion

MANIFEST = "complete.json"
NEEDED = ("saved_model.pb", "variables/variables.index")
CHUNK = 1 << 20


class VersionTaken(ServingError):
    """Another process published this number first."""

    def __init__(self, path: Path) -> None:
        """Name the folder."""
        super().__init__(f"{path} exists already; versions are never overwritten.")


class VersionFolder:
    """The versions of the model under one models folder."""

    def __init__(self, models_dir: Path) -> None:
        """Look under `models_dir`, which need not exist yet."""
        self.models_dir = Path(models_dir)
        self.base = self.models_dir / contract.MODEL_NAME

    def versions(self) -> list[int]:
        """The numbers of the complete versions, oldest first; broken ones are passed over."""
        return [
            version for version in self.numbers() if (self.base / str(version) / MANIFEST).is_file()
        ]

    def numbers(self) -> list[int]:
        """All numbers taken, complete or not, oldest first."""
        if not self.base.is_dir():
            return []
        names = (entry.name for entry in self.base.iterdir() if entry.is_dir())
        return sorted(int(name) for name in names if name.isascii() and name.isdigit())

    def path(self, version: int) -> Path:
        """The folder of `version`.

        Raises:
            UnknownVersion: it does not exist.
        """
        path = self.base / str(version)
        if not path.is_dir():
            raise UnknownVersion(version, self.versions())
        return path

    def newest(self) -> int:
        """The highest complete version.

        Raises:
            NoVersions: there is none.
        """
        versions = self.versions()
        if not versions:
            raise NoVersions(self.base)
        return versions[-1]

    def next_version(self) -> int:
        """One more than any number ever seen here."""
        return max(self.numbers(), default=0) + 1

    def publish(self, write: Callable[[Path], object], version: int | None = None) -> int:
        """Let `write` fill a new folder, seal it and make it a version; returns its number.

        Raises:
            VersionTaken: the number exists already.
            BrokenVersion: what was written is not a SavedModel.
        """
        self.base.mkdir(parents=True, exist_ok=True)
        self._sweep()
        version = self.next_version() if version is None else version
        writing = Path(tempfile.mkdtemp(prefix=f"writing-{os.getpid()}-", dir=self.base))
        writing.chmod(0o755)  # a model server may run as another user
        try:
            write(writing)
            _check_needed(writing)
            _seal(writing)
            target = self.base / str(version)
            if target.exists():
                raise VersionTaken(target)
            writing.rename(target)
            _sync(self.base)
        except BaseException:
            shutil.rmtree(writing, ignore_errors=True)
            raise
        return version

    def verify(self, version: int) -> None:
        """Read `version` whole and compare it with its manifest.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: a file is missing, changed or not in the manifest.
        """
        verify_folder(self.path(version))

    def prune(self, keep: int, *, needed: Collection[int] = ()) -> list[int]:
        """Delete all but the newest `keep` versions and those `needed`; returns what is gone.

        At least two are kept: a server with an empty base path unloads everything.
        """
        versions = self.versions()
        gone = [version for version in versions[: -max(keep, 2)] if version not in needed]
        for version in gone:
            doomed = self.base / f"deleting-{version}"
            (self.base / str(version)).rename(doomed)  # no server sees a half-deleted version
            shutil.rmtree(doomed)
        return gone

    def _sweep(self) -> None:
        """Take away what a crashed process left half-written."""
        for entry in self.base.glob("writing-*"):
            pid = entry.name.split("-")[1]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
                shutil.rmtree(entry, ignore_errors=True)
        for entry in self.base.glob("deleting-*"):
            shutil.rmtree(entry, ignore_errors=True)


def verify_folder(path: Path) -> None:
    """Read a version's folder whole and compare it with its manifest.

    Raises:
        BrokenVersion: a file is missing, changed or not in the manifest.
    """
    _check_needed(path)
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        expected: dict[str, str] = dict(manifest["sha256"])
        actual = {_name(path, file): _sha256(file) for file in _files(path)}
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenVersion(path, f"its manifest {MANIFEST} can not be read ({error})") from error
    except OSError as error:
        raise BrokenVersion(path, f"it can not be read ({error})") from error
    for name in sorted(expected.keys() | actual.keys()):
        if name not in actual:
            raise BrokenVersion(path, f"{name} is missing")
        if name not in expected:
            raise BrokenVersion(path, f"{name} was added after it was published")
        if actual[name] != expected[name]:
            raise BrokenVersion(path, f"{name} was changed after it was published")


def _check_needed(path: Path) -> None:
    for name in NEEDED:
        if not (path / name).is_file():
            raise BrokenVersion(path, f"{name} is missing")


def _seal(path: Path) -> None:
    digests = {}
    for file in _files(path):
        digests[_name(path, file)] = _sha256(file)
        _sync(file)
    manifest = path / MANIFEST
    manifest.write_text(json.dumps({"sha256": digests}, indent=1, sort_keys=True), encoding="utf-8")
    for folder in [manifest, *(entry for entry in path.rglob("*") if entry.is_dir()), path]:
        _sync(folder)


def _files(path: Path) -> Iterator[Path]:
    return (file for file in sorted(path.rglob("*")) if file.is_file() and file.name != MANIFEST)


def _name(path: Path, file: Path) -> str:
    return file.relative_to(path).as_posix()


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
