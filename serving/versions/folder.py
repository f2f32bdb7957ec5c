"""Version folders: publish, list, verify, prune.

`MODELS_DIR/clerk/7/` is version 7. A folder appears by rename, whole or not at all: it is written
under a name that is no number, which model servers pass over, synced to disk and then renamed. Its
manifest says what it holds (see `manifest`).
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

from serving import contract
from serving.errors import NoVersions, ServingError, UnknownVersion
from serving.versions import manifest
from serving.versions.manifest import MANIFEST, Keys
from serving.versions.warmup import write_warmup

BROKEN = "broken-"  # before the number of a version that was set aside


class VersionTaken(ServingError):
    """Another process published this number first."""

    def __init__(self, path: Path) -> None:
        """Name the folder."""
        super().__init__(f"{path} exists already; versions are never overwritten.")


class VersionFolder:
    """The versions of the model under one models folder."""

    def __init__(self, models_dir: Path, keys: Keys = ()) -> None:
        """Look under `models_dir`, which need not exist yet; `keys` sign and are believed.

        Without keys nothing is signed, and who made a version is not asked.
        """
        self.models_dir = Path(models_dir)
        self.keys = tuple(keys)
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
        aside = (entry.name.removeprefix(BROKEN) for entry in self.base.glob(f"{BROKEN}*"))
        taken = [*self.numbers(), *(int(name) for name in aside if name.isdigit())]
        return max(taken, default=0) + 1

    def set_aside(self, version: int) -> Path:
        """Keep a damaged version for anyone who wants to look at it, where no server does."""
        aside = self.base / f"{BROKEN}{version}"
        self.path(version).rename(aside)
        return aside

    def publish(self, write: Callable[[Path], object], version: int | None = None) -> int:
        """Let `write` fill a new folder, seal it and make it a version; returns its number.

        Raises:
            VersionTaken: the number exists already.
            BrokenVersion: what was written is not a SavedModel, or does what a model may not.
        """
        self.base.mkdir(parents=True, exist_ok=True)
        self._sweep()
        writing = Path(tempfile.mkdtemp(prefix=f"writing-{os.getpid()}-", dir=self.base))
        try:
            write(writing)
            write_warmup(writing)
            number = self._place(writing, version)
        except BaseException:
            shutil.rmtree(writing, ignore_errors=True)
            raise
        manifest.sync(self.base)
        return number

    def verify(self, version: int) -> None:
        """Read `version` whole: its files, who signed it, what its graph may do.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not as it was published here (see `manifest.verify`).
        """
        manifest.verify(self.path(version), self.keys)

    def sign(self, version: int) -> None:
        """Say that `version` is ours, no matter who wrote it.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not whole, or does what a model may not.
        """
        manifest.sign(self.path(version), self.keys)

    def is_signed(self, version: int) -> bool:
        """Whether one of our keys signed it."""
        return manifest.is_signed(self.path(version), self.keys)

    def prune(self, keep: int, *, needed: Collection[int] = ()) -> list[int]:
        """Delete all but the newest `keep` versions and those `needed`; returns what is gone.

        At least two are kept: a server with an empty base path unloads everything.
        """
        versions = self.versions()
        gone = [version for version in versions[: -max(keep, 2)] if version not in needed]
        for version in gone:
            self.delete(version)
        return gone

    def delete(self, version: int) -> None:
        """Take a version away; no server sees a half-deleted one."""
        doomed = self.base / f"deleting-{version}"
        (self.base / str(version)).rename(doomed)
        shutil.rmtree(doomed)

    def _place(self, writing: Path, version: int | None) -> int:
        """Seal the folder and give it a number; one that another process was given is passed."""
        while True:
            number = self.next_version() if version is None else version
            target = self.base / str(number)
            if not target.exists():
                manifest.seal(writing, number, self.keys)
                try:
                    writing.rename(target)
                except OSError:
                    if not target.exists():
                        raise
                else:
                    return number
            if version is not None:
                raise VersionTaken(target)

    def _sweep(self) -> None:
        """Take away what a crashed process left half-written."""
        for entry in self.base.glob("writing-*"):
            pid = entry.name.split("-")[1]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
                shutil.rmtree(entry, ignore_errors=True)
        for entry in self.base.glob("deleting-*"):
            shutil.rmtree(entry, ignore_errors=True)
