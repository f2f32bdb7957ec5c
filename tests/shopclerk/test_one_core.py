"""A process whose threads keep to one core, and to a calm one."""

import os
import subprocess
import sys
import threading

import pytest

from shopclerk import one_core

LINUX_WITH_TWO = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
needs_cores = pytest.mark.skipif(not LINUX_WITH_TWO, reason="needs two cores of a Linux")

# Threads from before and after; then the core is said to be somebody else's. How busy the cores of
# this machine really are is no test's business.
STORY = """
import os, threading, time
from shopclerk import one_core

taken = []
one_core._busy = lambda cores: {core: time.monotonic() * (core in taken) for core in cores}
stop = threading.Event()
threads = [threading.Thread(target=stop.wait)]
threads[0].start()
one_core.keep_to_one_core(0.1)
threads.append(threading.Thread(target=stop.wait))
threads[1].start()

def core():
    (found,) = {core for t in threads for core in os.sched_getaffinity(t.native_id)}
    return found

first = core()
taken.append(first)
until = time.monotonic() + 60
while os.sched_getaffinity(threads[1].native_id) == {first} and time.monotonic() < until:
    time.sleep(0.05)
time.sleep(0.5)
print("moved" if core() != first else "stayed")
stop.set()
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

    @needs_cores
    def test_reads_how_much_each_core_has_worked(self):
        """What the system says of all cores and of interrupts is not among them."""
        cores = sorted(os.sched_getaffinity(0))
        worked = one_core._busy(cores)

        assert cores == sorted(worked)
        assert all(seconds > 0 for seconds in worked.values())

    @pytest.mark.skipif(sys.platform == "linux", reason="of other systems")
    def test_elsewhere_nothing_happens(self):
        """Where the system has no such call, threads are spread as ever."""
        before = threading.active_count()
        one_core.keep_to_one_core()

        assert before == threading.active_count()
