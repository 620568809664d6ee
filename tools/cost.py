"""What a chapter costs: CPU seconds and memory, counted in its kernel by an extension of IPython.

The time of cells that make the frames of a moving figure is counted apart: a reader who runs the
notebook does not wait for them. After each cell the account is written into the file that the
environment names as COST, if it names one.

A second of one machine is not a second of another, nor of the same machine with a busy neighbour.
So a fixed piece of work, the yardstick, is timed between the cells, and seconds are told on the
scale on which it takes STANDARD seconds.
"""

import json
import os
import platform
import re
import sys
from pathlib import Path
from statistics import mean
from time import process_time

LESSON, ALL, MEMORY = 30, 60, 500  # CPU seconds without frames and with them, and MB
STEPS = 200_000  # of the yardstick
STANDARD = 0.015  # CPU seconds of the yardstick where the budgets were set
BETWEEN = 2  # CPU seconds of cells from one yardstick to the next
MOVING = re.compile(r"^explore\(", re.MULTILINE)


class Account:
    """The CPU seconds of a lesson and of its frames, so far."""

    def __init__(self):
        self.lesson = self.frames = self.began = self.since = 0.0
        self.moving = False
        self.yardsticks = [yardstick()]

    def begin(self, info):
        """Note when a cell begins."""
        self.moving = bool(MOVING.search(info.raw_cell or ""))
        self.began = process_time()

    def end(self, result):
        """Add the time of a cell, and write all down."""
        spent = process_time() - self.began
        self.lesson += 0 if self.moving else spent
        self.frames += spent if self.moving else 0
        self.since += spent
        if self.since > BETWEEN:
            self.since = 0.0
            self.yardsticks.append(yardstick())
        if os.environ.get("COST"):
            Path(os.environ["COST"]).write_text(json.dumps(self.told()), encoding="utf-8")

    def told(self):
        """Return the account: seconds, the machine's pace, the most memory held, its kind."""
        pace = mean(self.yardsticks) / STANDARD
        return {"lesson": round(self.lesson / pace, 2), "frames": round(self.frames / pace, 2),
                "pace": round(pace, 2), "memory": peak(), "machine": machine()}


def yardstick():
    """Return the CPU seconds that a fixed piece of work takes here and now."""
    began, total = process_time(), 0
    for number in range(STEPS):
        total += number * number % 7
    return process_time() - began


def peak():
    """Return the most memory that this process has held, in MB, or None where nothing tells."""
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere: what a process holds before it begins counts, too
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return found and round(int(found[1]) * 1024 / 1e6)
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6)


def machine():
    """Return the kind of machine in words."""
    return f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores"


def over(cost):
    """Return what is over budget in an account, one sentence each."""
    both = cost["lesson"] + cost["frames"]
    found = []
    if cost["lesson"] > LESSON:
        found.append(f"the chapter takes {cost['lesson']:.0f} CPU seconds; its budget is {LESSON}")
    if both > ALL:
        found.append(f"the chapter and its frames take {both:.0f} CPU seconds; the budget is {ALL}")
    if (cost["memory"] or 0) > MEMORY:
        found.append(f"the chapter takes {cost['memory']} MB of memory; its budget is {MEMORY}")
    return found


account = Account()


def load_ipython_extension(shell):
    """Count from now on."""
    shell.events.register("pre_run_cell", account.begin)
    shell.events.register("post_run_cell", account.end)
