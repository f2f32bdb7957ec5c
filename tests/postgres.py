"""A PostgreSQL server of our own that dies and comes back."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

SECONDS = 200.0  # on a machine that may be busy


def kill_and_restart(server: Any) -> float:
    """`kill -9` of the whole server, then a start; the seconds until it runs again."""
    pid, began = server.get_pid(), time.monotonic()
    os.kill(pid, signal.SIGKILL)
    while _lives(pid):
        time.sleep(0.02)
    # In a container whose first process reaps nobody the dead one keeps its number, and the lock
    # files would be believed.
    folder = Path(server.pgdata)
    for lock in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")):
        lock.unlink(missing_ok=True)
    while time.monotonic() - began < SECONDS:
        with contextlib.suppress(subprocess.SubprocessError, AssertionError, RuntimeError):
            server.ensure_postgres_running()
            return time.monotonic() - began
        time.sleep(0.3)
    raise AssertionError("PostgreSQL did not start again")


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
