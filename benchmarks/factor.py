"""Time the factorisations against LAPACK's, as ratios of CPU time on one thread.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/factor.py`, or by `make bench`, which sets that.
Both sides get the same array and check it for infinities. Freed memory is kept; for the other
state set MALLOC_MMAP_THRESHOLD_=131072, with which glibc gives every larger array back at once.
"""

import numpy as np
import scipy.linalg
from timing import ratio, settle

from lib.linear import cholesky, condition_estimate, householder_qr, least_squares, lu, solve

SIZES = (50, 200, 500, 512, 1000)
CONDITION = "condition estimate / our LU"
AIMS = {("LU", 500): 2.5, ("LU", 1000): 1.55, ("QR", 500): 1.6, ("QR", 1000): 1.25,
        ("Cholesky", 500): 2.3, ("Cholesky", 1000): 1.45, (CONDITION, 1000): 0.1,
        ("least squares / gelsd", "2000x500"): 1.3}


def cases(n, rng):
    """Yield the name of each routine, ours and the one to compare with, on n x n matrices."""
    A, b = rng.standard_normal((n, n)), rng.standard_normal(n)
    S = A @ A.T + np.eye(n)
    factors, norm = lu(A), np.linalg.norm(A, 1)
    yield "LU", lambda: lu(A), lambda: scipy.linalg.lu_factor(A)
    yield "QR", lambda: householder_qr(A), lambda: scipy.linalg.qr(A, mode="economic")
    yield "Cholesky", lambda: cholesky(S), lambda: scipy.linalg.cholesky(S, lower=True)
    yield "solve", lambda: solve(A, b), lambda: scipy.linalg.solve(A, b)
    yield CONDITION, lambda: condition_estimate(factors, norm), lambda: lu(A)


def report(name, size, found):
    """Print one line of the table."""
    aim = AIMS.get((name, size))
    verdict = "" if aim is None else f"  aim {aim}" + ("" if found <= aim else ", missed")
    print(f"{name:28} {size:>9} {found:6.2f}{verdict}")


def main():
    """Print one line for each routine and size."""
    rng = np.random.default_rng(1997)
    print("CPU time as a multiple of LAPACK's:", settle(np, scipy))
    for n in SIZES:
        for name, ours, other in cases(n, rng):
            report(name, n, ratio(ours, other))
    A, b = rng.standard_normal((2000, 500)), rng.standard_normal(2000)
    report("least squares / gelsd", "2000x500",
           ratio(lambda: least_squares(A, b),
                 lambda: scipy.linalg.lstsq(A, b, lapack_driver="gelsd")))


if __name__ == "__main__":
    main()
