"""Count the digits of least squares on NIST's certified data sets, beside LAPACK's.

Run as `python benchmarks/strd.py`. A number is the LRE, -log10 of the relative error against the
certified value, of the worst coefficient, at most 15.
"""

import warnings

import numpy as np
import scipy.linalg

from lib.linear import IllConditionedWarning, least_squares, normal_equations
from lib.numbers import condition, log_relative_error
from lib.problems import read_strd

NAMES = ("Norris", "Pontius", "NoInt1", "Longley", "Wampler1", "Wampler4")
SOLVERS = {
    "least_squares": least_squares,
    "normal_equations": normal_equations,
    "gelsy": lambda A, b: scipy.linalg.lstsq(A, b, lapack_driver="gelsy")[0],
    "gelsd": lambda A, b: scipy.linalg.lstsq(A, b, lapack_driver="gelsd")[0],
    "numpy's lstsq": lambda A, b: np.linalg.lstsq(A, b, rcond=None)[0],
}


def main():
    """Print one line for each data set."""
    print(f"{'correct digits':14}{'kappa':>9}{'scaled':>9}" + "".join(f"{s:>18}" for s in SOLVERS))
    for name in NAMES:
        data = read_strd(name)
        scaled = data.X / np.linalg.norm(data.X, axis=0)
        line = f"{name:14}{condition(data.X):9.1e}{condition(scaled):9.1e}"
        for solver in SOLVERS.values():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", IllConditionedWarning)
                x = solver(data.X, data.y)
            line += f"{np.min(log_relative_error(x, data.coefficients)):18.1f}"
        print(line)


if __name__ == "__main__":
    main()
