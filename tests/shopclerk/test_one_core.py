"""A process whose threads keep to one core, and to a calm one."""

import os
import subprocess
import sys
import threading

import pytest

from shopclerk import one_core

LINUX_WITH_TWO = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
needs_cores = pytest.mark.skipif(not LINUX_WITH_TWO, reason="needs two cores of a Linux")

# Threads from before and after; then somebody else takes the core for himself.
STORY = """
import os, subprocess, sys, threading, time
from shopclerk.one_core import keep_to_one_core

stop = threading.Event()
threads = [threading.Thread(target=stop.wait)]
threads[0].start()
keep_to_one_core(0.2)
threads.append(threading.Thread(target=stop.wait))
threads[1].start()
(first,) = {core for t in threads for core in os.sched_getaffinity(t.native_id)}
busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
os.sched_setaffinity(busy.pid, {first})
try:
    until = time.monotonic() + 20
    while os.sched_getaffinity(0) == {first} and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.05)
    (now,) = {core for t in threads for core in os.sched_getaffinity(t.native_id)}
finally:
    busy.kill()
    stop.set()
print("moved" if now != first else "stayed")
"""


class TestOneCore:
    @needs_cores
    @pytest.mark.slow
    def test_leaves_a_core_that_others_want(self):
        """All its threads are on one core, and go together when it is taken."""
        done = subprocess.run(
            [sys.executable, "-c", STORY], capture_output=True, text=True, check=True
        )

        assert "moved" == done.stdout.strip()

    @pytest.mark.skipif(sys.platform == "linux", reason="of other systems")
    def test_elsewhere_nothing_happens(self):
        """Where the system has no such call, threads are spread as ever."""
        before = threading.active_count()
        one_core.keep_to_one_core()

        assert before == threading.active_count()
