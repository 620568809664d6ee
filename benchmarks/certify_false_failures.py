"""Count the false failures of `certify`: right routines that it does not call stable.

Run as `python benchmarks/certify_false_failures.py [RUNS]`. Each run takes a routine of NumPy,
SciPy or lib, or one by hand, and a fresh seed, in turn over kinds, routines and both formats. The
limit of a call is wide: a busy machine is no false failure.
"""

import itertools
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the routines, which are tests'

from lib.grade.certify import KINDS, certify
from tests.grade.certified_right import RIGHT


def routines():
    """Yield the kind, the routine and the format of each run, kinds in turn."""
    longest = max(map(len, RIGHT.values()))
    for number, what, dtype in itertools.product(range(longest), KINDS, ("float64", "float32")):
        yield what, RIGHT[what][number % len(RIGHT[what])], dtype


def main(runs=2000):
    """Print the runs, the false failures, and CPU seconds by kind."""
    seeds = np.random.default_rng().integers(2**31, size=runs)
    failures, seconds, counts = [], dict.fromkeys(KINDS, 0.0), dict.fromkeys(KINDS, 0)
    for seed, (what, f, dtype) in zip(seeds, itertools.cycle(routines()), strict=False):
        start = time.process_time()
        found = certify(f, what, dtype=dtype, seed=int(seed), seconds=30)
        seconds[what] += time.process_time() - start
        counts[what] += 1
        if not found.passed:
            failures.append(found)
    for what in KINDS:
        each = 1000 * seconds[what] / max(counts[what], 1)
        print(f"{what:14} {counts[what]:5} runs, {each:6.1f} ms each")
    print(f"{runs} runs, {len(failures)} false failures")
    for found in failures[:10]:
        print(found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
