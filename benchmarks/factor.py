"""Time the factorisations against LAPACK's, as ratios of CPU time on one thread.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/factor.py`, or by `make bench`, which sets that.
Each ratio is the quotient of the medians of interleaved runs, because times on a shared machine
mean little alone. Both sides get the same array and check it for infinities; "aim" is what the
design hopes for, "gate" what it refuses to exceed.
"""

import statistics
import time

import numpy as np
import scipy.linalg

from lib.linear import cholesky, condition_estimate, householder_qr, least_squares, lu, solve

REPEATS, RUN = 9, 0.02  # runs, of so many seconds at least


def medians(*functions):
    """Return the median CPU time of a call of each function, from interleaved runs."""
    times = [[] for _ in functions]
    for _ in range(REPEATS):
        for function, seen in zip(functions, times, strict=True):
            calls, start, passed = 0, time.process_time(), 0.0
            while passed < RUN:
                function()
                calls, passed = calls + 1, time.process_time() - start
            seen.append(passed / calls)
    return [statistics.median(seen) for seen in times]


def cases(n, rng):
    """Yield the name of each routine, ours and the one to compare with, on n x n matrices."""
    A, b = rng.standard_normal((n, n)), rng.standard_normal(n)
    S = A @ A.T + np.eye(n)
    factors, norm = lu(A), np.linalg.norm(A, 1)
    yield "LU", lambda: lu(A), lambda: scipy.linalg.lu_factor(A)
    yield "QR", lambda: householder_qr(A), lambda: scipy.linalg.qr(A, mode="economic")
    yield "Cholesky", lambda: cholesky(S), lambda: scipy.linalg.cholesky(S, lower=True)
    yield "solve", lambda: solve(A, b), lambda: scipy.linalg.solve(A, b)
    yield "condition estimate / our LU", lambda: condition_estimate(factors, norm), lambda: lu(A)


# (routine, n): (aim, gate)
GOALS = {("LU", 500): (3.5, 4.0), ("LU", 1000): (2.0, 2.5), ("QR", 500): (2.0, None),
         ("QR", 1000): (1.5, None), ("Cholesky", 500): (2.6, None), ("Cholesky", 1000): (1.7, None),
         ("condition estimate / our LU", 1000): (0.1, None)}


def report(name, size, ratio, goals):
    """Print one line of the table."""
    aim, gate = goals
    verdict = "" if aim is None else f"aim {aim}" + ("" if ratio <= aim else ", missed")
    verdict += "" if gate is None else f"; gate {gate}" + ("" if ratio <= gate else ", MISSED")
    print(f"{name:28} {size:>9} {ratio:6.2f}  {verdict}".rstrip())


def main():
    """Print one line for each routine and size."""
    rng = np.random.default_rng(1997)
    print(f"CPU time as a multiple of LAPACK's (scipy {scipy.__version__}, one thread)")
    for n in (50, 200, 500, 1000):
        for name, ours, other in cases(n, rng):
            own_time, other_time = medians(ours, other)
            report(name, n, own_time / other_time, GOALS.get((name, n), (None, None)))
    A, b = rng.standard_normal((2000, 500)), rng.standard_normal(2000)
    own_time, other_time = medians(lambda: least_squares(A, b),
                                   lambda: scipy.linalg.lstsq(A, b, lapack_driver="gelsd"))
    report("least squares / gelsd", "2000x500", own_time / other_time, (1.3, None))


if __name__ == "__main__":
    main()
