"""CPU affinity: keeps a process's threads on one core, and on a calm one.

Python runs one thread at a time. On several cores each hand-over of its lock wakes another core, a
message has some thirty of them, and the cores stand idle meanwhile: with sixteen shoppers at once
168 messages a second were answered, and 245 on one core, each for 3.9 ms of processor time instead
of 4.9. The system no longer moves such a process away from others that want the same core, so that
is done here. Elsewhere than on Linux nothing happens.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from serving.sched_batch import interrupt_nobody

LOOK_SECONDS: Final = 5.0  # between two looks, more or less: several processes must not move as one
WORTH_MOVING: Final = 0.15  # of a core that is used less elsewhere
WAITING: Final = 0.2  # of the time, for the core: more than a process alone with what can move
_BUSY: Final = (0, 2, 5, 6, 7)  # of /proc/stat: user, system, interrupts, stolen; not what is nice


def calmest(used: Mapping[int, float], here: int) -> int:
    """The core to be on: `here`, unless clearly less of another one is used.

    >>> calmest({0: 0.7, 1: 0.2}, here=0)
    1
    >>> calmest({0: 0.3, 1: 0.2}, here=0)
    0
    """
    best = min(used, key=lambda core: used[core])
    return best if used[here] - used[best] > WORTH_MOVING else here


def keep_to_one_core(look_seconds: float = LOOK_SECONDS) -> None:
    """Put all threads of this process on one core, those to come too, and keep it calm."""
    if sys.platform != "linux":
        return
    interrupt_nobody()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        here = random.choice(cores)  # noqa: S311 - nobody guesses for it
        _move_to(here)
        threading.Thread(target=_keep, args=(cores, here, look_seconds), daemon=True).start()


def _keep(cores: list[int], here: int, look_seconds: float) -> None:
    while True:
        before, own, waited, began = _busy(cores), time.process_time(), _waited(), time.monotonic()
        time.sleep(look_seconds * random.uniform(0.5, 1.5))  # noqa: S311
        seconds = time.monotonic() - began
        used = {core: (now - before[core]) / seconds for core, now in _busy(cores).items()}
        if _waited() - waited < WAITING * seconds:
            used[here] -= (time.process_time() - own) / seconds
        # Else others keep to this core too: three of us on one, and the rest of the machine on the
        # other, look alike to each of us. Where one goes, the rest comes.
        if (there := calmest(used, here)) != here:
            here = there
            _move_to(here)


def _waited() -> float:
    """The seconds our threads could have worked, had the core been free; 0 where nobody counts."""
    found = 0.0
    for thread in os.listdir("/proc/self/task"):
        with suppress(OSError, ValueError, IndexError):
            told = Path(f"/proc/self/task/{thread}/schedstat").read_text(encoding="ascii")
            found += int(told.split()[1]) / 1e9
    return found


def _move_to(core: int) -> None:
    for thread in os.listdir("/proc/self/task"):
        with suppress(OSError):  # it has ended, or the core was taken from us
            os.sched_setaffinity(int(thread), {core})


def _busy(cores: list[int]) -> dict[int, float]:
    """The seconds each core has worked since the machine was started."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for line in Path("/proc/stat").read_text(encoding="ascii").splitlines():
        name, *counts = line.split()
        if name[:3] == "cpu" and name[3:].isdecimal() and int(name[3:]) in cores:
            found[int(name[3:])] = sum(int(counts[place]) for place in _BUSY) / ticks
    return found
