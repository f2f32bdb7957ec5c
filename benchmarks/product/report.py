"""Report benchmark: seconds and memory over stores with a large shop's events.

Three sizes, each twice the one before: from the last two follows whether time grows linearly. The
computation runs in a process of its own, so that its memory is its alone.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.product.events import SHARES, fill_events
from benchmarks.product.figures import machine, tell
from feedback.db import Database, Period
from feedback.experiments import Experiment
from feedback.report import ReportRequest, build_report
from shopclerk.wiring import EXPERIMENT, utc_now

WEEK: Final = timedelta(days=7)
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
KIB_A_MB: Final = 1024
STATUS: Final = Path("/proc/self/status")


def bench_report(*, shoppers: int, database_url: str | None = None) -> dict[str, Any]:
    """Seconds, memory and growth of the weekly report, in fresh stores.

    Args:
        shoppers: of the largest store; a half and a quarter as many in two others.
        database_url: an empty PostgreSQL database for the largest; None: SQLite alone.
    """
    busy, now = machine(), utc_now()
    sizes = []
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        for part in (4, 2, 1):
            url = f"sqlite:///{folder}/shopclerk-{part}.db"
            sizes.append(_measured(url, shoppers // part, now))
        postgres = _measured(database_url, shoppers, now) if database_url else None
    half, whole = sizes[1], sizes[2]
    return {
        **busy,
        "sqlite": sizes,
        "postgresql": postgres,
        "growth_of_doubling": round(whole["cpu_seconds"] / half["cpu_seconds"], 2),
        "seconds": whole["seconds"],
    }


def _measured(url: str, shoppers: int, now: datetime) -> dict[str, Any]:
    database = Database(url)
    database.migrate()
    tell(f"writing {shoppers:,} shoppers …")
    events = fill_events(database, shoppers=shoppers, now=now, experiment=EXPERIMENT)
    database.close()
    tell(f"computing the report of {events:,} events …")
    command = [sys.executable, "-m", "benchmarks.product.report", url, now.isoformat()]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return {"shoppers": shoppers, "events": events, **found}


def main() -> None:
    """Compute and draw one weekly report; figures as JSON on standard output."""
    url, now = sys.argv[1], datetime.fromisoformat(sys.argv[2])
    began, busy = time.monotonic(), time.process_time()
    database = Database(url)
    week, compared = Period(now - WEEK, now), Period(BEGINNING, now)
    request = ReportRequest(Experiment(EXPERIMENT, SHARES), week, compared)
    built = build_report(database, request, now)
    computed, computed_cpu = time.monotonic() - began, time.process_time() - busy
    from feedback.report import report_png

    report_png(built)
    # Not `ru_maxrss`, which a process inherits from who started it: here one that filled stores.
    peak = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))
    memory = int(peak[1]) / KIB_A_MB if peak else 0
    drawn = time.monotonic() - began - computed
    figures = {
        "compute_seconds": round(computed, 2),
        "draw_seconds": round(drawn, 2),
        "seconds": round(computed + drawn, 2),
        "cpu_seconds": round(computed_cpu, 2),
        "peak_mb": round(memory),
        "verdict": built.verdict,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
