"""Discovery of the embedded model server that runs on a models folder.

Its address stands in `embedded.json`. A note outlives a killed process, and a copied folder has a
copy of it: the port may be another shop's by then. So the one that runs the server also holds a
lock, which ends with the process and is not copied; a note that nobody holds is believed by nobody.
"""

import fcntl
import json
import os
import socket
import time
from pathlib import Path
from typing import Final

from serving.client import TFServingRanker
from serving.errors import ServingError
from serving.ranker import RankerUnavailable

NOTE: Final = "embedded.json"
LOCK: Final = "embedded.lock"
LOOKED_S: Final = 1.0  # anyone who only looks holds the lock for less


class ServedElsewhere(ServingError):
    """Another process runs a model server on this folder, or is about to."""

    def __init__(self, models_dir: Path) -> None:
        """Name the folder."""
        super().__init__(
            f"another process runs a model server on {models_dir}; end it, or wait until it has"
            " ended."
        )


class Announcement:
    """The lock and the note of the process that runs the server."""

    def __init__(self, models_dir: Path) -> None:
        """Take the lock; nothing is announced yet.

        Raises:
            ServedElsewhere: another process has it.
        """
        self._note = models_dir / NOTE
        self._lock = os.open(models_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + LOOKED_S
        while not _locked(self._lock, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                os.close(self._lock)
                raise ServedElsewhere(models_dir)
            time.sleep(0.05)
        self._note.unlink(missing_ok=True)  # of one that was killed

    def publish(self, address: str, pid: int) -> None:
        """Say where the server is, and which process it is; not once it was withdrawn."""
        if self._lock < 0:
            return
        writing = self._note.with_suffix(f".{os.getpid()}")
        writing.write_text(json.dumps({"address": address, "pid": pid}))
        writing.replace(self._note)

    def withdraw(self) -> None:
        """Let nobody find it any more; the next process may announce its own."""
        if self._lock >= 0:
            self._note.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1


def find_running(models_dir: Path) -> str | None:
    """The address of an embedded server that runs on `models_dir` and takes calls, or None."""
    folder = Path(models_dir)
    try:
        if not is_held(folder):
            return None
        noted = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        host, _, port = str(noted["address"]).rpartition(":")
        if not _is_alive(int(noted["pid"])):
            return None  # it crashed, and is started again in a moment
        with socket.create_connection((host, int(port)), timeout=1.0):
            pass  # a dead port is told at once, without gRPC's patience
    except (OSError, ValueError, KeyError, TypeError):
        return None
    address = f"{host}:{port}"
    return address if _answers(address) else None


def is_held(models_dir: Path) -> bool:
    """Whether a process runs a server on this folder, or is about to."""
    try:
        descriptor = os.open(models_dir / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:  # another user's
        return True
    except OSError:
        return False
    return True


def _answers(address: str) -> bool:
    """Whether a model server is behind `address`."""
    client = TFServingRanker(address)
    try:
        client.status()
    except RankerUnavailable:
        return False
    finally:
        client.close()
    return True
