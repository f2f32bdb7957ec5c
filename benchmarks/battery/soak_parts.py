"""Parts of the soak test: replicas and workers that are killed, and the thread that does it."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

from benchmarks.product.chat import served
from benchmarks.product.chat_server import free_port
from benchmarks.product.figures import tell

WORKERS = 4
LEASE_SECONDS = 2.0
LASTING = (2.0, 8.0)  # seconds that a fault lasts
QUIET = (4.0, 15.0)  # seconds between two faults


class Replica:
    """A chat that is started again on its port whenever it was killed."""

    def __init__(self, url, model):
        self._make = lambda: served(url, model, self.port)
        self.port, self.address = free_port(), ""
        self.start()

    def start(self):
        self._open = ExitStack()
        self.address, self.pid = self._open.enter_context(self._make())

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self._open.close()
        self.start()

    def freeze(self, seconds):
        os.kill(self.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGCONT)

    def close(self):
        self._open.close()


class JobWorkers:
    """Take slots of a job; one that dies is replaced, as a service manager would."""

    def __init__(self, url, slots):
        self._command = [sys.executable, "-m", "benchmarks.product.jobs", url]
        self._rest = [str(slots), str(LEASE_SECONDS)]
        self._names = itertools.count()
        self._running = [self._start() for _ in range(WORKERS)]

    def _start(self):
        owner = f"worker-{next(self._names)}"
        return subprocess.Popen([*self._command, owner, *self._rest], stderr=subprocess.DEVNULL)

    def look(self):
        self._running = [each if each.poll() is None else self._start() for each in self._running]

    def kill(self, chance):
        chance.choice(self._running).kill()

    def close(self):
        for each in self._running:
            each.kill()
            each.wait()


class Trouble(threading.Thread):
    """Does one thing after the other to whatever runs, until told to stop."""

    def __init__(self, deeds, workers, chance):
        super().__init__(daemon=True)
        self._deeds, self._workers, self._chance = deeds, workers, chance
        self.done = dict.fromkeys(deeds, 0)
        self._over = threading.Event()

    def run(self):
        while not self._over.wait(self._chance.uniform(*QUIET)):
            self._workers.look()
            name = self._chance.choice(sorted(self._deeds))
            tell(name)
            self._deeds[name](self._chance.uniform(*LASTING))
            self.done[name] += 1

    def stop(self):
        self._over.set()
        self.join()
