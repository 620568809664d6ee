"""Time Jacobi's singular value decomposition against LAPACK's, as ratios of CPU time.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/svd.py`, or by `make bench`. Jacobi's
method goes through all pairs of columns five to twelve times, where LAPACK makes the matrix
bidiagonal once, and it turns them with elementwise arithmetic, which moves every number through
memory for a handful of operations: this is what full accuracy costs.
"""

import numpy as np
import scipy.linalg
from timing import ratio, settle

from lib.linear import jacobi_svd, randomized_svd
from lib.problems import with_singular_values


def lapack(A, driver):
    """Return a thin decomposition by LAPACK, without checks."""
    return scipy.linalg.svd(A, full_matrices=False, lapack_driver=driver, check_finite=False)


def main():
    """Print one line for each size and rival."""
    rng = np.random.default_rng(2008)
    print(settle(np, scipy))
    print("jacobi_svd, CPU time as a multiple of LAPACK's gesdd and gesvd")
    for shape in ((50, 50), (200, 200), (400, 100), (300, 300)):
        A = rng.standard_normal(shape)
        ratios = [ratio(lambda A=A: jacobi_svd(A), lambda A=A, d=d: lapack(A, d), repeats=5)
                  for d in ("gesdd", "gesvd")]
        print(f"{shape[0]:5} x {shape[1]:<5} {ratios[0]:6.1f} {ratios[1]:6.1f}")
    print("randomized_svd of rank 20 with two power iterations, as a multiple of gesdd in full")
    for n in (500, 1000):
        A = with_singular_values(1 / np.arange(1.0, n + 1), rng)
        found = ratio(lambda A=A: randomized_svd(A, 20, rng), lambda A=A: lapack(A, "gesdd"),
                      repeats=5)
        print(f"{n:5} x {n:<5} {found:6.2f}")


if __name__ == "__main__":
    main()
