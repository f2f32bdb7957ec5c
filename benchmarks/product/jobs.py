"""Scheduler fault injection: killed and frozen schedulers, each slot finished once (R4).

Run as a module it is one of them:
python -m benchmarks.product.jobs DATABASE_URL OWNER SLOTS LEASE_S
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from feedback.db import Claim, Database, Runs
from shopclerk.settings import child_environment

JOB: Final = "measured"
FIRST: Final = datetime(2026, 11, 1, tzinfo=UTC)
WORK_SECONDS: Final = 0.05
GIVE_UP_SECONDS: Final = 300.0


def now() -> datetime:
    """The clock of these processes."""
    return datetime.fromtimestamp(time.time(), UTC)


def slot_of(number: int) -> datetime:
    """When a slot is due."""
    return FIRST + timedelta(hours=number)


def bench_jobs(
    database_url: str, *, slots: int, kills: int, freezes: int, lease_s: float = 1.0, seed: int = 1
) -> dict[str, Any]:
    """Four schedulers work off `slots`; some are killed, some frozen past their lease."""
    chance = random.Random(seed)
    runs = Runs(Database(database_url))
    schedulers = {name: _started(database_url, name, slots, lease_s) for name in "abcd"}
    done = refused = 0
    ends = time.monotonic() + GIVE_UP_SECONDS
    began = kills, freezes
    try:
        while time.monotonic() < ends:
            done = sum(run.state == "done" for run in runs.slots(JOB, FIRST))
            if done == slots and not kills and not freezes:
                break
            time.sleep(chance.uniform(0.05, 0.2))
            name = chance.choice(sorted(schedulers))
            if kills:
                kills -= 1
                _killed(schedulers[name])
                schedulers[name] = _started(database_url, name, slots, lease_s)
            elif freezes:
                freezes -= 1
                os.kill(schedulers[name].pid, signal.SIGSTOP)
                time.sleep(1.5 * lease_s)
                os.kill(schedulers[name].pid, signal.SIGCONT)
        refused = _stale_finish_refused(runs, slots)
    finally:
        for scheduler in schedulers.values():
            _killed(scheduler)
        runs.db.close()
    attempts = [run.attempt for run in runs.slots(JOB, FIRST)]
    runs.db.close()
    return {
        "slots": slots,
        "kills": began[0],
        "freezes": began[1],
        "done": done,
        "taken_over": sum(attempt > 1 for attempt in attempts),
        "stale_finishes_refused": refused,
    }


def work(database_url: str, owner: str, slots: int, lease_s: float) -> None:
    """Propose every slot until all are done."""
    runs, lease = Runs(Database(database_url)), timedelta(seconds=lease_s)
    while True:
        states = {run.slot: run.state for run in runs.slots(JOB, FIRST)}
        open_ = [n for n in range(slots) if states.get(slot_of(n), "running") == "running"]
        if not open_:
            time.sleep(0.1)
        for number in open_:
            claim = runs.claim(JOB, slot_of(number), owner, lease, now())
            if claim is not None:
                time.sleep(WORK_SECONDS)
                runs.finish(claim, ok=True, note=f"{owner} {claim.attempt}")
                break
        else:
            time.sleep(0.02)


def _stale_finish_refused(runs: Runs, slots: int) -> int:
    """Every attempt that was taken over tries to finish again; how many were refused."""
    refused = 0
    for run in runs.slots(JOB, FIRST)[:slots]:
        for attempt in range(1, run.attempt):
            refused += not runs.finish(Claim(JOB, run.slot, run.owner, attempt), ok=False)
    return refused


def _started(url: str, owner: str, slots: int, lease_s: float) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "benchmarks.product.jobs",
        url,
        owner,
        str(slots),
        str(lease_s),
    ]
    return subprocess.Popen(command, env=dict(child_environment()))


def _killed(scheduler: "subprocess.Popen[bytes]") -> None:
    scheduler.kill()
    scheduler.wait()


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
