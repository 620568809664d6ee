"""Time conjugate gradients against SciPy's and against products; count steps beside published ones.

Run as `OPENBLAS_NUM_THREADS=1 python benchmarks/krylov.py`, or by `make bench`. A step needs one
product with A, and passes over vectors as cheap as memory allows: on a sparse matrix with five
elements a row these cost about as much as the product. Counts are of steps to an error of 1e-5 in
the energy norm, as Chen and Carson count them, and of steps to a residual of 1e-8.
"""

import numpy as np
import scipy
import scipy.sparse.linalg
from timing import medians, settle

from lib.linear import cg, incomplete_cholesky, jacobi_preconditioner
from lib.problems import poisson2d, read_cg_counts, read_matrix

NAMES = ("bcsstk03", "nos1", "nos4", "494_bus", "model_48_8_3", "bcsstm22", "nos5", "nos7")
KINDS = {"none": lambda A: None, "jacobi": jacobi_preconditioner, "incomplete": incomplete_cholesky}
AIMS = {"CPU time / scipy's cg": 1.0, "products a step": 1.9}


def times(k):
    """Return the number of steps on the Poisson problem of k x k points, and what they cost."""
    A, b = poisson2d(k), np.ones(k * k)

    def products():
        for _ in range(100):
            A @ b

    steps = cg(A, b).steps
    ours, theirs, hundred = medians(
        lambda: cg(A, b), lambda: scipy.sparse.linalg.cg(A, b, rtol=1e-8), products)
    return steps, dict(zip(AIMS, (ours / theirs, 100 * ours / steps / hundred), strict=True))


def energy_steps(A, preconditioner):
    """Return the steps to an error of 1e-5 in the norm sqrt(e^T A e)."""
    n, history = A.shape[0], []
    x = np.full(n, 1 / np.sqrt(n))
    cg(A, A @ x, 1e-8, 20 * n, preconditioner, history=history)
    errors = x - np.array(history)
    squares = np.einsum("ij,ij->i", errors, (A @ errors.T).T)
    return int(np.argmax(squares <= 1e-10 * squares[0]))


def counts(name):
    """Return a line with the counts of a matrix: ours / published, then those of residuals."""
    A, published = read_matrix(name), read_cg_counts(name)
    line = f"{name:13}{A.shape[0]:5}"
    for kind in ("none", "jacobi"):
        found = energy_steps(A, KINDS[kind](A))
        line += f"{found:8} /{published.get(kind, '-'):>5}"
    for make in KINDS.values():
        line += f"{cg(A, A @ np.ones(A.shape[0]), preconditioner=make(A)).steps:12}"
    return line


def main():
    """Print the times, and one line of counts for each matrix."""
    print(settle(np, scipy))
    for k in (64, 256):
        steps, found = times(k)
        print(f"conjugate gradients, Poisson {k} x {k}, {steps} steps")
        for what, value in found.items():
            verdict = ""
            if k == 256:
                verdict = f"  aim {AIMS[what]}" + ("" if value <= AIMS[what] else ", missed")
            print(f"  {what:24}{value:6.2f}{verdict}")
    kinds = "".join(f"{kind:>12}" for kind in KINDS)
    print(f"{'ours / published':18}{'none':>14}{'jacobi':>14}{kinds}")
    for name in NAMES:
        print(counts(name))


if __name__ == "__main__":
    main()
