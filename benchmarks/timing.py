"""Compare CPU times by the median of interleaved runs, in a process whose state is known.

Times on a shared machine mean little alone, and two things besides the code decide their ratios:
the kernel that OpenBLAS chose for the processor, and whether the process keeps the memory of freed
arrays or gives it back to the system and pays for the pages of the next array again, 1 to 2
microseconds for each 4 KiB. `settle` fixes the one and names the other.
"""

import ctypes
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

ONE_THREAD = "OPENBLAS_NUM_THREADS"


def medians(*functions, repeats=9, seconds=0.02):
    """Return the median CPU time of a call of each function, from runs that take turns.

    A run repeats its call for so many seconds at least, so that the clock's steps do not matter.
    """
    times = [[] for _ in functions]
    for _ in range(repeats):
        for function, seen in zip(functions, times, strict=True):
            calls, start, passed = 0, time.process_time(), 0.0
            while passed < seconds:
                function()
                calls, passed = calls + 1, time.process_time() - start
            seen.append(passed / calls)
    return [statistics.median(seen) for seen in times]


def ratio(ours, other, **runs):
    """Return the CPU time of ours() as a multiple of that of other()."""
    own_time, other_time = medians(ours, other, **runs)
    return own_time / other_time


def settle(*packages):
    """Make the process keep freed memory; return a line that names versions, kernels and state."""
    if os.environ.get(ONE_THREAD) != "1":
        sys.exit(f"CPU time counts every thread: run with {ONE_THREAD}=1")
    # glibc keeps arrays up to the size of the largest one that was ever freed, at most 32 MiB.
    for numbers in (31 << 17, 1 << 18):
        np.ones(numbers)
    before = minor_faults()
    np.ones(1 << 18)  # of 512 pages
    state = "given back" if minor_faults() - before > 256 else "kept"
    names = ", ".join(f"{p.__name__} {p.__version__} ({kernel(p)})" for p in packages)
    return f"{names}, one thread, freed memory {state}"


def minor_faults():
    """Return how many pages of memory the process has been given, or 0 where nobody counts."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def kernel(package):
    """Return the name of the kernel that the OpenBLAS in a package's wheel chose, if it has one."""
    home = Path(package.__file__).parent
    for folder in (home.with_name(f"{package.__name__}.libs"), home / ".dylibs"):
        for path in folder.glob("*openblas*"):
            library = ctypes.CDLL(str(path))
            for name in ("scipy_openblas_get_corename64_", "scipy_openblas_get_corename"):
                if hasattr(library, name):
                    getattr(library, name).restype = ctypes.c_char_p
                    return getattr(library, name)().decode()
    return "kernel unknown"
