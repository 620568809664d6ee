"""Time the QR algorithm and Lanczos's method against LAPACK's eigh, as ratios of CPU time.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/eigen.py`, or by `make bench`. The n**2 rotations
of the QR algorithm are computed one by one in Python, and turn rows of vectors in stacks of 2 x 2
matrices; LAPACK's eigh (syevd) divides and conquers, with large products. Where some eigenvalues
are enough, Lanczos's method needs neither.
"""

import numpy as np
from timing import ratio, settle

from lib.linear import eigh, jacobi_svd, lanczos, tridiagonalize
from lib.problems import poisson2d


def symmetric(n, rng):
    """Return a symmetric matrix of normal numbers."""
    B = rng.standard_normal((n, n))
    return (B + B.T) / 2


def main():
    """Print one line for each size and routine."""
    rng = np.random.default_rng(1961)
    print(settle(np))
    print("CPU time as a multiple of np.linalg.eigh: tridiagonalize, eigh, jacobi_svd")
    for n in (20, 50, 100, 200):
        A = symmetric(n, rng)
        ratios = [ratio(lambda A=A, f=f: f(A), lambda A=A: np.linalg.eigh(A), repeats=5)
                  for f in (tridiagonalize, eigh, jacobi_svd)]
        print(f"{n:5} x {n:<5}" + "".join(f" {found:6.1f}" for found in ratios))
    print("steps of lanczos, as a multiple of np.linalg.eigh in full: 30, 100, 100 not orthogonal")
    for name, A in (("dense", symmetric(500, rng)), ("sparse", poisson2d(22))):
        full = A.toarray() if name == "sparse" else A
        ratios = [ratio(lambda A=A, k=k, twice=twice: lanczos(A, k, twice),
                        lambda full=full: np.linalg.eigh(full), repeats=5)
                  for k, twice in ((30, True), (100, True), (100, False))]
        print(f"{len(full):5} {name:7}" + "".join(f" {found:6.2f}" for found in ratios))


if __name__ == "__main__":
    main()
