"""A process whose threads keep to one core, and to a calm one."""

import os
import subprocess
import sys
import threading

import pytest

from shopclerk import cpu_affinity

LINUX_WITH_TWO = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
needs_cores = pytest.mark.skipif(not LINUX_WITH_TWO, reason="needs two cores of a Linux")

# Threads from before and after; then the core is said to be somebody else's. How busy the cores of
# this machine really are is no test's business.
STORY = """
import os, sys, threading, time
from shopclerk import cpu_affinity as cores_of

taken = []
if sys.argv[1] == "taken":
    cores_of._busy = lambda cores: {core: time.monotonic() * (core in taken) for core in cores}
    cores_of._waited = lambda: 0.0
else:  # what we do ourselves makes the whole difference between the cores, and we wait for ours
    cores_of._busy = lambda cores: {core: time.process_time() * (core in taken) for core in cores}
    cores_of._waited = lambda: time.monotonic() * bool(taken)
    def work():
        while not stop.is_set():
            sum(range(1_000))
stop = threading.Event()
threads = [threading.Thread(target=stop.wait)]
threads[0].start()
cores_of.keep_to_one_core(0.1)
threads.append(threading.Thread(target=stop.wait))
threads[1].start()

def core():
    (found,) = {core for t in threads for core in os.sched_getaffinity(t.native_id)}
    return found

first = core()
taken.append(first)
if sys.argv[1] == "waited":
    threading.Thread(target=work, daemon=True).start()
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
    @pytest.mark.parametrize("why", ["taken", "waited"])
    def test_leaves_a_core_that_others_want(self, why):
        """All its threads are on one core, and go together when it is taken.

        It is taken too where we wait for it, though all that is done there is ours.
        """
        done = subprocess.run(
            [sys.executable, "-c", STORY, why], capture_output=True, text=True, check=True
        )

        assert "moved" == done.stdout.strip()

    @needs_cores
    def test_reads_how_much_each_core_has_worked(self):
        """What the system says of all cores and of interrupts is not among them."""
        cores = sorted(os.sched_getaffinity(0))
        worked = cpu_affinity._busy(cores)

        assert cores == sorted(worked)
        assert all(seconds > 0 for seconds in worked.values())

    @pytest.mark.skipif(sys.platform == "linux", reason="of other systems")
    def test_elsewhere_nothing_happens(self):
        """Where the system has no such call, threads are spread as ever."""
        before = threading.active_count()
        cpu_affinity.keep_to_one_core()

        assert before == threading.active_count()
