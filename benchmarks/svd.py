"""Time Jacobi's singular value decomposition against LAPACK's, as ratios of CPU time.

Run as `python benchmarks/svd.py`. Each ratio is the quotient of the medians of interleaved runs on
one BLAS thread. Jacobi's method goes through all pairs of columns five to twelve times, where
LAPACK makes the matrix bidiagonal once, and it turns them with elementwise arithmetic, which moves
every number through memory for a handful of operations: this is what full accuracy costs.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import statistics  # noqa: E402  the settings above act on what is imported later
import time  # noqa: E402

import numpy as np  # noqa: E402
import scipy.linalg  # noqa: E402

from lib.linear import jacobi_svd, randomized_svd  # noqa: E402
from lib.problems import with_singular_values  # noqa: E402

REPEATS = 5


def ratio(ours, theirs):
    """Return the CPU time of ours() as a multiple of that of theirs()."""
    times = {ours: [], theirs: []}
    for run in (ours, theirs):
        run()  # the first run also pays for memory
    for _ in range(REPEATS):
        for run, seen in times.items():
            start = time.process_time()
            run()
            seen.append(time.process_time() - start)
    return statistics.median(times[ours]) / statistics.median(times[theirs])


def lapack(A, driver):
    """Return a thin decomposition by LAPACK, without checks."""
    return scipy.linalg.svd(A, full_matrices=False, lapack_driver=driver, check_finite=False)


def main():
    """Print one line for each size and rival."""
    rng = np.random.default_rng(2008)
    print("jacobi_svd, CPU time as a multiple of LAPACK's gesdd and gesvd")
    for shape in ((50, 50), (200, 200), (400, 100), (300, 300)):
        A = rng.standard_normal(shape)
        ratios = [ratio(lambda A=A: jacobi_svd(A), lambda A=A, d=d: lapack(A, d))
                  for d in ("gesdd", "gesvd")]
        print(f"{shape[0]:5} x {shape[1]:<5} {ratios[0]:6.1f} {ratios[1]:6.1f}")
    print("randomized_svd of rank 20 with two power iterations, as a multiple of gesdd in full")
    for n in (500, 1000):
        A = with_singular_values(1 / np.arange(1.0, n + 1), rng)
        found = ratio(lambda A=A: randomized_svd(A, 20, rng), lambda A=A: lapack(A, "gesdd"))
        print(f"{n:5} x {n:<5} {found:6.2f}")


if __name__ == "__main__":
    main()
