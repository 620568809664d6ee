"""Record a kernel regression with 20 000 points, for the chapter on conjugate gradients.

    python benchmarks/record_kernel_ridge.py

takes minutes, mostly for the run without a preconditioner, which the chapter therefore reads.
"""

import datetime
import json
import platform
import time
from pathlib import Path

import numpy as np

from lib.linear import cg, nystrom_preconditioner
from lib.problems import gaussian_kernel

RECORD = Path(__file__).resolve().parent.parent / "lib/problems/data/recorded/kernel_ridge.json"
POINTS, COLUMNS, LAM, TOL, FACTORED = 20_000, 200, 1.0, 1e-4, 4_000


def data(n):
    """Return points in five dimensions and noisy values of a function, as in the chapter."""
    rng = np.random.default_rng(1952)
    X = rng.uniform(-1, 1, (n, 5))
    return X, np.sin(3 * X[:, 0]) * X[:, 1] + 0.1 * rng.normal(size=n)


def timed(call):
    """Return the result of a call and its process seconds, to two digits."""
    start = time.process_time()
    result = call()
    return result, float(f"{time.process_time() - start:.2g}")


def measure():
    """Return everything that the chapter quotes."""
    X, y = data(POINTS)
    K = gaussian_kernel(X, 1.0)
    sketch, setup = timed(lambda: nystrom_preconditioner(
        K, LAM, COLUMNS, np.random.default_rng(2001), sketch="columns"))
    found = {}
    for name, preconditioner in (("none", None), ("sketch", sketch)):
        run, seconds = timed(lambda M=preconditioner: cg(
            lambda v: K(v) + LAM * v, y, tol=TOL, preconditioner=M))
        found[name] = {"steps": run.steps, "converged": run.converged, "seconds": seconds}
    found["sketch"]["setup seconds"] = setup
    few = X[:FACTORED]
    A = gaussian_kernel(few, 1.0)(np.eye(FACTORED)) + LAM * np.eye(FACTORED)
    _, seconds = timed(lambda: np.linalg.cholesky(A))
    found["cholesky"] = {"points": FACTORED, "seconds": seconds}
    return found


def main():
    """Measure, and write the record."""
    record = {
        "script": "benchmarks/record_kernel_ridge.py",
        "date": datetime.date.today().isoformat(),
        "device": f"CPU, {platform.machine()}, one thread",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
        "measured": measure(),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
