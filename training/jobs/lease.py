"""Lease on a claimed job: renewed while the work takes, and a check for dead holders."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, Protocol

import structlog

LEASE: Final = timedelta(minutes=2)  # a dead owner's slot is free again after this long
BEATS_A_LEASE: Final = 4

log = structlog.get_logger()


class ClaimKeeper(Protocol):
    """The part of the ledger that keeps a claim; `feedback.db.jobs.Runs`."""

    def heartbeat(self, claim: Any, lease: timedelta, now: datetime) -> bool:
        """Keep it; False: it was taken over."""
        ...


@contextmanager
def held(
    ledger: ClaimKeeper, claim: Any, lease: timedelta, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Keep the lease while the block runs."""
    done = Event()

    def beat() -> None:
        while not done.wait(lease.total_seconds() / BEATS_A_LEASE):
            try:
                kept = ledger.heartbeat(claim, lease, clock())
            except Exception as away:  # the store, for a moment: a lease is several beats long
                log.warning("job.not_kept", job=claim.job, reason=type(away).__name__)
                continue
            if not kept:
                log.warning("job.taken_over", job=claim.job)
                return

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def worker_name(token: str) -> str:
    """This process, for the ledger: where it runs, its number, and something nobody else has."""
    return f"{_place()}:{os.getpid()}:{token}"


def is_gone(owner: str) -> bool:
    """Whether the worker of this name ran where we run, and does no more.

    >>> is_gone(worker_name("a")), is_gone("elsewhere:1:a"), is_gone("no worker")
    (False, False, False)
    """
    place, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if place != _place() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@cache
def _place() -> str:
    """This machine since its start, and within it the container: what process numbers mean."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
        return sha256(f"{boot}{Path('/proc/self/ns/pid').readlink()}".encode()).hexdigest()[:12]
    except OSError:
        return sha256(socket.gethostname().encode()).hexdigest()[:12]
