"""Run the benchmarks of benchmarks/, each a program that prints ratios of CPU times."""

import platform
import subprocess
import sys
from pathlib import Path

from environment import ROOT, say


def cpu_name():
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def main():
    """Run every benchmark; return the exit status."""
    say(f"{cpu_name()}, Python {platform.python_version()}, one BLAS thread, CPU time")
    # What begins with record_ makes stored measurements (lib/problems/data/recorded), not ratios;
    # timing.py is what the programs share.
    programs = [program for program in sorted((ROOT / "benchmarks").glob("*.py"))
                if not program.name.startswith(("record_", "timing"))]
    if not programs:
        say("There is no benchmark yet in benchmarks/.")
    status = 0
    for program in programs:
        say(f"\n{program.name}")
        status |= subprocess.call([sys.executable, str(program)], cwd=ROOT) != 0
    return status
