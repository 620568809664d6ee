"""Weigh what the sandboxes of a submission take, together and by the clock.

A thread looks twice a second, whether the grader waits for one of them, for none, or computes.
"""

import contextlib
import os
import re
import threading
import time
from pathlib import Path

import psutil

FREE, SHARE = 10, 1.1  # seconds of processors at will; beyond, so many for each by the clock
PAUSE = 0.5  # seconds between two looks


class Scale:
    """What all processes of a submission may take together; past it, each of them is stopped.

    Parameters
    ----------
    memory : float
        MiB that they may hold.
    files : float
        How many may lie in the temporary folders of a sandbox: an empty one takes memory too.
    """

    def __init__(self, memory, files=float("inf")):
        self.memory, self.files = memory * 2**20, files
        self.open, self.lock, self.thread = {}, threading.Lock(), None

    def add(self, session):
        """Weigh a session from now on."""
        with self.lock:
            self.open[session] = time.monotonic()
            if self.thread is None:
                self.thread = threading.Thread(target=self._watch, daemon=True)
                self.thread.start()

    def remove(self, session):
        """Weigh a session no more."""
        with self.lock:
            self.open.pop(session, None)

    def _watch(self):
        """Look again and again, as long as there is a session."""
        while True:
            time.sleep(PAUSE)
            with self.lock:
                found = dict(self.open)
                if not found:
                    self.thread = None
                    return
            try:
                why = self.excess([session.process.pid for session in found], min(found.values()))
            except Exception as problem:  # what cannot be weighed does not run on
                why = f"could not be weighed: {type(problem).__name__}"
            for session in found if why else ():
                session.stop(why)

    def excess(self, pids, began):
        """Return what processes take too much of, all together; empty where they do not."""
        if spent(*pids) > FREE + SHARE * (time.monotonic() - began):
            return "its processes took more than one processor's time"
        if files_of(*pids) > self.files:
            return f"made more than {self.files} files"
        if held(*pids) > self.memory:
            return f"took more than {self.memory / 2**20:.0f} MiB of memory"
        return ""


def tree(*pids):
    """Return processes and their children."""
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(pid)
            found += [first, *first.children(recursive=True)]
    return found


def held(*pids):
    """Return the bytes of memory that processes and their children hold, swapped or not."""
    total = 0
    for process in tree(*pids):
        with contextlib.suppress(psutil.Error):
            total += (process.memory_info().rss or of_threads(process.pid)) + swapped(process.pid)
    return total


def of_threads(pid):
    """Return the bytes of memory of a process whose first thread has ended before the others."""
    for place in Path(f"/proc/{pid}/task").glob("*/statm"):
        with contextlib.suppress(OSError):
            if pages := int(place.read_text().split()[1]):
                return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def spent(*pids):
    """Return the seconds of processors that processes and their children have taken."""
    total = 0.0
    for process in tree(*pids):
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])  # user and system, and of children that are gone
    return total


def swapped(pid):
    """Return the bytes of a process that lie in the swap space; 0 where the system does not say."""
    for place in Path(f"/proc/{pid}/task").glob("*/status"):
        with contextlib.suppress(OSError):
            if found := re.search(r"VmSwap:\s+(\d+)", place.read_text()):
                return 1024 * int(found[1])
    return 0


def files_of(*pids):
    """Return how many files lie in the temporary folders that processes and children alone see."""
    own, found = temporary("self"), {}
    for process in tree(*pids):
        for device, place in temporary(process.pid).items():
            if device not in own | found:  # while a sandbox is made, it sees those of the machine
                with contextlib.suppress(OSError):
                    here = os.statvfs(f"/proc/{process.pid}/root{place}")
                    found[device] = here.f_files - here.f_ffree
    return sum(found.values())


def temporary(pid):
    """Return the places, by device, of the folders in memory that a process sees."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
        return {line.split()[2]: line.split()[4] for line in lines if " - tmpfs " in line}
    return {}
