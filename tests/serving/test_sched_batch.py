"""A process that interrupts nobody."""

import os
import subprocess
import sys

import pytest

ASKED = """
import os, threading
from serving.sched_batch import interrupt_nobody
interrupt_nobody()
found = []
thread = threading.Thread(target=lambda: found.append(os.sched_getscheduler(0)))
thread.start()
thread.join()
print({os.sched_getscheduler(0), *found} == {os.SCHED_BATCH})
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="of Linux alone")
def test_all_its_threads_wait_for_the_end_of_a_turn():
    """Those that were started afterwards too."""
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)

    assert "True" == done.stdout.strip()
